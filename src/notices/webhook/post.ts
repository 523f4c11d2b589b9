import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** PEM; undefined: the system's own */
  ca: string | undefined;
  /** ends the attempt, wherever it stands */
  signal: AbortSignal;
}

export interface PostAnswer {
  status: number;
  /** of `Retry-After`, where it was given in seconds */
  retryAfterS: number | undefined;
}

/**
 * Only the status is looked at: an answer may be endless, so its body is never read. No redirect is followed and no proxy used, since
 * both would let somebody else say where we send.
 */
export function post({ url, headers, body, ca, signal }: PostRequest): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? tlsRequest : plainRequest;
    const request = send(url, {
      ...{ method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal, agent: false },
      ...(ca === undefined ? {} : { ca }),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const retryAfter = Number(response.headers['retry-after']);
      // the reset that follows is ours
      response.on('error', () => undefined);
      response.destroy();
      resolve({ status: response.statusCode ?? 0, retryAfterS: retryAfter > 0 ? retryAfter : undefined });
    });
    request.end(body);
  });
}
