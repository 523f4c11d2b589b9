import type { Socket } from 'node:net';
import { err, ok } from '../common/result.js';
import { SipStreamFramer } from '../protocols/sip/stream-framer.js';
import { asTransportFailure, type OpenedSipTransport, type OpenSipTransport, type SipPath } from './sip-transport.js';
import { socketFailureOf } from './socket-failure.js';
import { connectTcp } from './tcp-connect.js';

/** A peer that sends nothing but rubbish is cut off rather than parsed for ever. */
const MAX_MALFORMED = 20;

/** SIP over one TCP connection that we opened (RFC 3261 18.2.1: requests and responses share it). */
export async function openSipTcp(path: SipPath): Promise<OpenedSipTransport> {
  const connected = await connectTcp(path);
  return connected.ok ? ok(new SipTcpTransport(connected.value, path)) : err(connected.error);
}

class SipTcpTransport implements OpenSipTransport {
  readonly protocol = 'TCP';
  readonly reliable = true;
  readonly localAddress: string;
  readonly localPort: number;
  malformed = 0;
  private open = true;
  private readonly framer = new SipStreamFramer();

  constructor(
    private readonly socket: Socket,
    private readonly path: SipPath,
  ) {
    this.localAddress = socket.localAddress ?? '';
    this.localPort = socket.localPort ?? 0;
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.lost(asTransportFailure(socketFailureOf(error))));
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
      else if (++this.malformed > MAX_MALFORMED) this.lost('closed');
    }
  }

  private lost(failure: ReturnType<typeof asTransportFailure>): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroy();
    this.path.onFailure(failure);
  }
}
