import type { Socket } from 'node:net';
import { SipStreamFramer } from '../protocols/sip/stream-framer.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import { asTransportFailure, type OpenSipTransport, type SipPath } from './sip-transport.js';
import { isTlsError, socketFailureOf } from './socket-failure.js';

/** A peer that sends nothing but rubbish is cut off rather than parsed for ever. */
const MAX_MALFORMED = 20;

/** SIP over one connection that we opened (RFC 3261 18.2.1: requests and responses share it). Takes the socket over. */
export class SipStreamTransport implements OpenSipTransport {
  readonly reliable = true;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  malformed = 0;
  private open = true;
  private readonly framer = new SipStreamFramer();

  constructor(
    readonly protocol: 'TCP' | 'TLS',
    private readonly socket: Socket,
    private readonly path: SipPath,
  ) {
    this.localAddress = socket.localAddress ?? '';
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = path.address;
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.lost(isTlsError(error) ? 'tls' : asTransportFailure(socketFailureOf(error))));
    socket.on('close', () => this.lost('closed'));
  }

  send(message: Uint8Array): void {
    if (this.open) this.socket.write(message);
  }

  unref(): void {
    this.socket.unref();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroySoon();
  }

  private receive(chunk: Buffer): void {
    for (const message of this.framer.push(chunk)) {
      if (!this.open) return;
      if (message.ok) this.path.onMessage(message.value);
      else if (++this.malformed > MAX_MALFORMED || this.framer.broken) this.lost('closed');
    }
  }

  private lost(failure: TransportFailure): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroy();
    this.path.onFailure(failure);
  }
}
