import type { Socket } from 'node:net';
import { TpktFramer } from '../../protocols/h323/tpkt-framer.js';

/** A peer that does not read is cut off rather than stored. */
const MOST_UNSENT_BYTES = 256 * 1024;

/** One TCP connection of TPKTs: H.225.0 or H.245. */
export class FramedConnection {
  /** of the caller, and ours */
  readonly remoteAddress: string;

  constructor(
    private readonly socket: Socket,
    onPacket: (octets: Uint8Array) => void,
    onClosed: () => void,
  ) {
    this.remoteAddress = socket.remoteAddress ?? '';
    const framer = new TpktFramer();
    socket.on('data', (chunk) => {
      for (const packet of framer.push(chunk)) if (packet.ok) onPacket(packet.value);
      if (framer.broken) socket.destroy();
    });
    socket.on('close', onClosed);
  }

  /** @param packets whole TPKTs, sent in one segment as real stacks do */
  send(...packets: Uint8Array[]): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    this.socket.write(Buffer.concat(packets));
    if (this.socket.writableLength > MOST_UNSENT_BYTES) this.socket.destroy();
  }

  /** Behind what was sent. */
  end(): void {
    this.socket.end();
  }
}
