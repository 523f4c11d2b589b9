const LONGEST = 300;

/**
 * What goes into the database, the log and the API about a failed attempt: one line, whatever the peer said, without what must not be
 * seen. A server may well repeat a password in its answer, plain or as SMTP sends it (base64).
 */
export function failureInWords(error: unknown, signal: AbortSignal, secrets: readonly string[]): string {
  if (signal.aborted) return (signal.reason as { name?: unknown }).name === 'TimeoutError' ? 'no answer in time' : 'stopped';
  const { message, code, errors } = error as { message?: unknown; code?: unknown; errors?: unknown };
  // a host with several addresses fails with an AggregateError that says nothing itself
  const inner = Array.isArray(errors) ? errors.map((one: unknown) => (one as Error).message).join('; ') : '';
  const said = [typeof message === 'string' && message ? message : inner, typeof code === 'string' ? `(${code})` : '']
    .filter(Boolean)
    .join(' ');
  return oneLine(without(said, secrets)) || 'it failed without a word';
}

function without(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter(Boolean)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')]);
  return spellings.reduce((cleaner, spelling) => cleaner.replaceAll(spelling, '***'), text);
}

const oneLine = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LONGEST);
