/**
 * The lab's run-time control: plain HTTP and JSON on 127.0.0.1, for people with curl and for tests.
 *
 *   GET    /endpoints                 { items: [{ code, name, tier, area, carrier, address, faults, active, inCall, calls,
 *                                     h323: { openChannels, lastEnd } }], total }
 *   GET    /endpoints/{key}           one of them; {key} is an address or a code
 *   PUT    /endpoints/{key}/faults    body { "faults": [{ "fault": "busy" }, { "fault": "lossy", "sentRatio": 0.1,
 *                                     "schedule": { "after": 10, "for": 60, "every": 300 } }] } replaces all of its faults
 *   DELETE /endpoints/{key}/faults    makes it healthy
 *
 * PUT and DELETE answer with the endpoint. Errors are problem documents (RFC 9457) whose `errors` name key, found and allowed.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '../../common/result.js';
import type { EndpointStatus } from '../endpoints/simulated-endpoint.js';
import type { FaultInput } from '../faults/fault.js';
import { parseFaultBody } from '../faults/fault-file.js';

const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

/** What the control may do with the lab. */
export interface Controlled {
  readonly endpoints: readonly EndpointStatus[];
  find(key: string): EndpointStatus | undefined;
  setFault(key: string, ...faults: FaultInput[]): Promise<void>;
  clearFault(key: string): Promise<void>;
}

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: unknown;
}

const problem = (status: number, title: string, errors?: string[]): Answer => ({
  status,
  body: { type: 'about:blank', status, title, ...(errors && { errors }) },
});

export function openControl(lab: Controlled, port: number): Promise<ControlServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(lab, request).then(
      (result) => send(response, result),
      (error: unknown) => send(response, problem(500, (error as Error).message)),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) }));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(lab: Controlled, request: IncomingMessage): Promise<Answer> {
  if (!isLocalTool(request)) return problem(403, 'the control is for tools on this machine, not for web pages');
  const [, collection, key, part, ...more] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (collection !== 'endpoints' || more.length > 0)
    return problem(404, 'only /endpoints, /endpoints/{key} and /endpoints/{key}/faults');
  if (key === undefined) return request.method === 'GET' ? list(lab) : problem(405, 'only GET');
  const decoded = decodeKey(key);
  const found = lab.find(decoded);
  if (!found) return problem(404, `no endpoint with address or code "${decoded}"`);
  if (part === undefined) return request.method === 'GET' ? { status: 200, body: found } : problem(405, 'only GET');
  return part === 'faults' ? changeFaults(lab, decoded, request) : problem(404, 'only /endpoints/{key}/faults');
}

/** A page in a browser on this machine must not reach the lab, be it directly or by a rebound host name. */
function isLocalTool({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

const list = (lab: Controlled): Answer => ({ status: 200, body: { items: lab.endpoints, total: lab.endpoints.length } });

async function changeFaults(lab: Controlled, key: string, request: IncomingMessage): Promise<Answer> {
  if (request.method === 'DELETE') await lab.clearFault(key);
  else if (request.method !== 'PUT') return problem(405, 'only PUT and DELETE');
  else {
    const body = await readJson(request);
    if (!body.ok) return problem(400, body.error);
    const faults = parseFaultBody(body.value);
    if (!faults.ok) return problem(422, 'not a list of faults', faults.error);
    await lab.setFault(key, ...faults.value);
  }
  return { status: 200, body: lab.find(key) };
}

async function readJson(request: IncomingMessage): Promise<Result<unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return err(`the body may have ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return err('the body is not JSON');
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
