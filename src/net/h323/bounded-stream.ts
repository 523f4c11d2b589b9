import type { Socket } from 'node:net';
import { socketFailureOf, type SocketFailure } from '../socket-failure.js';

/** A call of 12 s brings some 20 kB; what is far beyond it is no call. */
const MOST_RECEIVED_BYTES = 1024 * 1024;
/** What a peer does not read is not stored for it without end. */
const MOST_UNSENT_BYTES = 256 * 1024;
/** Behind the last word: a peer that does not read it is let go. */
const CLOSE_MS = 1_000;

export interface StreamListener {
  onData(chunk: Uint8Array): void;
  /** once, and never after `close()` */
  onLost(failure: SocketFailure): void;
}

/** A connected socket of a call, bounded in both directions. Takes the socket over. */
export class BoundedStream {
  private open = true;
  private received = 0;

  constructor(
    private readonly socket: Socket,
    private readonly listener: StreamListener,
  ) {
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.lost(socketFailureOf(error)));
    socket.on('close', () => this.lost('closed'));
  }

  send(octets: Uint8Array): void {
    if (!this.open) return;
    this.socket.write(octets);
    if (this.socket.writableLength > MOST_UNSENT_BYTES) this.lost('closed');
  }

  /** Behind what was sent, and within a second. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroySoon();
    const limit = setTimeout(() => this.socket.destroy(), CLOSE_MS);
    this.socket.once('close', () => clearTimeout(limit));
  }

  private receive(chunk: Uint8Array): void {
    if (!this.open) return;
    this.received += chunk.length;
    if (this.received > MOST_RECEIVED_BYTES) this.lost('closed');
    else this.listener.onData(chunk);
  }

  private lost(failure: SocketFailure): void {
    if (!this.open) return;
    this.open = false;
    this.socket.destroy();
    this.listener.onLost(failure);
  }
}
