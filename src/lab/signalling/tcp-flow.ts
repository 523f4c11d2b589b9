import type { Socket } from 'node:net';
import type { SipTransport } from '../../protocols/sip/transport.js';

/** A peer that does not read is cut off rather than stored. */
const MOST_UNSENT_BYTES = 256 * 1024;

/** One accepted connection (RFC 3261 18.2.2: responses go back over the connection of their request). */
export class TcpFlow implements SipTransport {
  readonly protocol = 'TCP';
  readonly reliable = true;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;

  constructor(private readonly socket: Socket) {
    this.localAddress = socket.localAddress ?? '';
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = socket.remoteAddress ?? '';
  }

  send(message: Uint8Array): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(message);
    if (this.socket.writableLength > MOST_UNSENT_BYTES) this.socket.destroy();
  }
}
