import type { Socket } from 'node:dgram';
import type { SipTransport } from '../../protocols/sip/transport.js';

/** The way back to one peer of an endpoint's UDP socket. The socket belongs to the endpoint, so there is nothing to close. */
export class UdpFlow implements SipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;

  constructor(
    private readonly socket: Socket,
    readonly localAddress: string,
    readonly localPort: number,
    readonly remoteAddress: string,
    private readonly peerPort: number,
  ) {}

  send(message: Uint8Array): void {
    try {
      this.socket.send(message, this.peerPort, this.remoteAddress);
    } catch {
      // the socket was closed by a fault between the request and this answer: to the peer the datagram is lost
    }
  }
}
