import type { Result } from '../common/result.js';
import type { SipMessage } from '../protocols/sip/message.js';
import { ERRNO } from './kernel/libc.js';
import type { StampedOutgoing } from './kernel/send-stamps.js';
import type { KernelUdpSocket } from './kernel/udp-socket.js';
import { type OpenSipTransport, type SipPath, transportFailureOf } from './sip-transport.js';

/** What one call of sendmmsg takes; sent in such parts, the first answers come while the last requests are being written. */
const MOST_AT_ONCE = 64;
const NOTHING = new Uint8Array(0);

/**
 * What is said in one turn of Node's loop leaves together: of the 40 us of a probe, system calls for each request alone and being
 * woken for each answer alone were 12.
 */
export class HubSocket {
  private waiting: HubPath[] = [];
  private users = 0;

  constructor(readonly socket: KernelUdpSocket) {
    socket.unref();
  }

  /** It keeps the process alive only while somebody uses it. */
  use(): void {
    if (this.users++ === 0) this.socket.ref();
  }

  leave(): void {
    if (--this.users === 0) this.socket.unref();
  }

  post(path: HubPath): void {
    if (this.waiting.push(path) === 1) process.nextTick(() => this.sendWaiting());
    else if (this.waiting.length === MOST_AT_ONCE) this.sendWaiting();
  }

  private sendWaiting(): void {
    const waiting = this.waiting.filter((path) => path.beginSending());
    this.waiting = [];
    for (let from = 0; from < waiting.length;) {
      const { sent, errno } = this.socket.sendStamped(waiting.slice(from, from + MOST_AT_ONCE));
      from += sent;
      if (errno !== 0) waiting[from++]?.refused(errno);
    }
  }
}

/** One request's way over the shared socket: the last message of it is the datagram that waits to be sent. */
export class HubPath implements OpenSipTransport, StampedOutgoing {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly remoteAddress: string;
  readonly address: string;
  readonly port: number;
  readonly localPort: number;
  data: Uint8Array = NOTHING;
  leftMs?: number;
  malformed = 0;
  answeredFromPort?: number;
  private waiting = false;
  private open = true;

  constructor(
    readonly path: SipPath,
    readonly localAddress: string,
    private readonly socket: HubSocket,
    private readonly forget: (path: HubPath) => void,
  ) {
    this.remoteAddress = this.address = path.address;
    this.port = path.port;
    this.localPort = socket.socket.port;
    socket.use();
  }

  receive(message: Result<SipMessage>, arrivalMs: number): void {
    if (message.ok) this.path.onMessage(message.value, arrivalMs);
    else this.malformed++;
  }

  /** From another port than the one we asked. The address may be that of several devices: it has to be our Call-ID. */
  answered(message: SipMessage, arrivalMs: number, fromPort: number): void {
    const callId = message.headers.get('Call-ID');
    if (message.kind !== 'response' || !callId) return;
    if (!Buffer.from(this.data).includes(`\r\nCall-ID: ${callId}\r\n`)) return;
    this.answeredFromPort = fromPort;
    this.path.onMessage(message, arrivalMs);
  }

  /** Leaves at the end of this turn, and only if the path is still open then. */
  send(message: Uint8Array): void {
    if (!this.open) return;
    this.data = message;
    this.leftMs = undefined;
    if (this.waiting) return;
    this.waiting = true;
    this.socket.post(this);
  }

  /** @returns false when nobody wants it any more */
  beginSending(): boolean {
    this.waiting = false;
    return this.open;
  }

  refused(errno: number): void {
    // a full buffer is a lost datagram: the transaction asks again
    if (this.open && errno !== ERRNO.EAGAIN && errno !== ERRNO.ENOBUFS) this.path.onFailure(transportFailureOf(errno));
  }

  /** See `HubSocket.use`. */
  unref(): void {}

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.leave();
    this.forget(this);
  }
}
