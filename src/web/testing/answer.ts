/** As much of a Response as the board reads; the tests' page has no `Response` of its own. */
export const answer = (status: number, body: string, headers: Record<string, string> = {}): Response =>
  ({
    ok: status < 400,
    status,
    headers: new Headers(headers),
    json: () => Promise.resolve().then((): unknown => JSON.parse(body)),
  }) as Response;
