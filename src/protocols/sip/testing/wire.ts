/** For specs: an in-memory wire between a state machine under test and a script of its peer. */
import type { ManualScheduler } from '../../../common/manual-scheduler.js';
import type { RandomSource } from '../../../common/random.js';
import {
  createResponse,
  parseSipMessage,
  type ResponseOptions,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message.js';
import type { SipTransport } from '../transport.js';

/** Distinct tokens and numbers in a known order. */
export function countingRandom(): RandomSource {
  let count = 0;
  return {
    token: (length) => (++count).toString(36).padStart(length, '0'),
    uint32: () => ++count,
  };
}

export function mustParse(bytes: Uint8Array): SipMessage {
  const message = parseSipMessage(bytes);
  if (!message.ok) throw new Error(`${message.error} in:\n${new TextDecoder().decode(bytes)}`);
  return message.value;
}

/** Collects what is sent, each with the time it was sent at. */
export class Wire implements SipTransport {
  readonly sent: { atMs: number; message: SipMessage; port?: number }[] = [];
  readonly localAddress = '192.0.2.1';
  readonly localPort = 5062;
  readonly remoteAddress = '198.51.100.7';

  constructor(
    private readonly scheduler: ManualScheduler,
    readonly protocol: 'UDP' | 'TCP' | 'TLS' = 'UDP',
  ) {}

  get reliable(): boolean {
    return this.protocol !== 'UDP';
  }

  send(bytes: Uint8Array, port?: number): void {
    this.sent.push({ atMs: this.scheduler.monotonicMs(), message: mustParse(bytes), port });
  }

  /** 'INVITE', '200 BYE', ... of everything sent so far */
  get summary(): string[] {
    return this.sent.map(({ message }) => nameOf(message));
  }

  timesOf(name: string): number[] {
    return this.sent.filter(({ message }) => nameOf(message) === name).map(({ atMs }) => atMs);
  }

  /** the ports that messages of that name were sent to; undefined: the one that the transport was opened to */
  portsOf(name: string): (number | undefined)[] {
    return this.sent.filter(({ message }) => nameOf(message) === name).map(({ port }) => port);
  }

  requests(method: string): SipRequest[] {
    return this.sent.flatMap(({ message }) => (message.kind === 'request' && message.method === method ? [message] : []));
  }

  /** The last request of that method; a spec that has none fails here. */
  request(method: string): SipRequest {
    const request = this.requests(method).at(-1);
    if (!request) throw new Error(`no ${method} among ${this.summary.join(', ')}`);
    return request;
  }

  response(status: number): SipResponse {
    const found = this.sent
      .map(({ message }) => message)
      .findLast((message) => message.kind === 'response' && message.status === status);
    if (found?.kind !== 'response') throw new Error(`no ${status} among ${this.summary.join(', ')}`);
    return found;
  }
}

function nameOf(message: SipMessage): string {
  if (message.kind === 'request') return message.method;
  return `${message.status} ${message.headers.get('CSeq')?.split(' ')[1] ?? ''}`;
}

/** A response as the peer would send it, through bytes and back. */
export function answer(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
  return createResponse(request, status, undefined, { toTag: 'peer', contact: '<sip:room@198.51.100.7:5060>', ...options });
}
