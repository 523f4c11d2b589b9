/** What the API answered: a value, or why not. Neither is thrown: a refused or unreachable server is an everyday thing. */
export type ApiResult<T> =
  | { kind: 'ok'; value: T; etag: string | null }
  | { kind: 'refused'; status: number; detail: string; problem: Problem }
  | { kind: 'unreachable' };
export type Failure = Exclude<ApiResult<unknown>, { kind: 'ok' }>;

/** RFC 9457; `errors` names the fields at fault where the server knows them. */
export type Problem = { title?: string; detail?: string; [member: string]: unknown };

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** sent as If-Match: the change is refused with 412 when another came first */
  etag?: string;
  signal?: AbortSignal;
}

const PREFIX = '/api/v1';

/**
 * One request to our own server.
 *
 * @param path below `/api/v1`, encoded by the caller
 * @throws AbortError when `signal` was aborted
 */
export async function api<T>(
  path: string,
  request: ApiRequest = {},
  send: typeof fetch = (...sent) => fetch(...sent),
): Promise<ApiResult<T>> {
  try {
    const response = await send(PREFIX + path, requestInit(request));
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return { kind: 'ok', value: answer as T, etag: response.headers.get('etag') };
    const problem = (typeof answer === 'object' && answer !== null ? answer : {}) as Problem;
    return { kind: 'refused', status: response.status, detail: sentenceOf(problem) ?? `HTTP ${response.status}`, problem };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'unreachable' };
  }
}

function requestInit({ method = 'GET', body, etag, signal }: ApiRequest): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  // a form and a file bring a type of their own
  const isRaw = body instanceof FormData || body instanceof Blob;
  if (body !== undefined && !isRaw) headers['content-type'] = 'application/json';
  if (etag !== undefined) headers['if-match'] = etag;
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = isRaw ? body : JSON.stringify(body);
  if (signal) init.signal = signal;
  return init;
}

/** `detail` explains this occurrence, `title` the kind. */
const sentenceOf = (problem: Problem): string | undefined =>
  [problem.detail, problem.title].find((text) => typeof text === 'string' && text !== '');
