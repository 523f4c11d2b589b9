import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answer = (response: ServerResponse) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();

/** A real receiver on a port of its own that can misbehave. */
export class HttpReceiver {
  readonly requests: ReceivedRequest[] = [];
  answer: Answer = status(204);
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      this.requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      this.answer(response);
    });
  });

  static async start(port = 0): Promise<HttpReceiver> {
    const receiver = new HttpReceiver();
    await once(receiver.server.listen(port, '127.0.0.1'), 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  ids(): string[] {
    return this.requests.map(({ headers }) => String(headers['webhook-id']));
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
