import { type Signal, signal } from '@preact/signals';
import { io, type Socket } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../live/feed-events.js';
import type { BoardStore } from '../state/board-store.js';
import type { FeedPulse } from '../state/freshness.js';

type FeedSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** The server may end a connection or refuse it on purpose; socket.io then does not try again by itself. */
const RETRY_REFUSED_MS = 5_000;
/** The server drops a resync that follows another within this time. */
const ASK_AGAIN_MS = 1_000;

/** Brings the feed into the store, and knows when it was last heard and what time it is over there. */
export class LiveConnection {
  readonly pulse: Signal<FeedPulse>;
  /** server clock minus ours: a wall computer with a wrong clock must not show wrong ages */
  readonly clockOffsetMs = signal(0);
  readonly refusal: Signal<string | null> = signal(null);
  private awaitingSnapshot = true;
  private askedMs = -Infinity;

  constructor(
    private readonly store: BoardStore,
    private readonly socket: FeedSocket = io('/live', {
      // at once, instead of after a request or two; polling where something in between knows no WebSocket
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 2_000,
      timeout: 5_000,
    }),
  ) {
    this.pulse = signal({ connected: false, heardMs: null, startedMs: performance.now() });
    this.follow();
  }

  private follow(): void {
    const { socket, store } = this;
    socket.on('connect', () => {
      this.refusal.value = null;
      this.awaitingSnapshot = true; // it comes unasked
      this.askedMs = performance.now();
      this.pulse.value = { ...this.pulse.value, connected: true };
    });
    socket.on('disconnect', () => this.lost());
    socket.on('connect_error', (error) => {
      if (!socket.active) this.refusal.value = error.message;
      this.lost();
    });
    socket.on('snapshot', (snapshot) => {
      store.receiveSnapshot(snapshot);
      this.awaitingSnapshot = false;
      this.heard(snapshot.at);
    });
    socket.on('delta', (delta) => {
      if (this.awaitingSnapshot) return;
      if (store.receiveDelta(delta)) this.heard(delta.at);
      else this.askForSnapshot();
    });
    socket.on('heartbeat', ({ at }) => {
      // A wish that was dropped is repeated until it is granted; one that is on its way is not.
      if (!this.awaitingSnapshot) this.heard(at);
      else if (performance.now() - this.askedMs >= ASK_AGAIN_MS) this.askForSnapshot();
    });
  }

  private askForSnapshot(): void {
    this.awaitingSnapshot = true;
    this.askedMs = performance.now();
    this.socket.emit('resync');
  }

  private heard(at: string): void {
    this.clockOffsetMs.value = Date.parse(at) - Date.now();
    this.pulse.value = { connected: true, heardMs: performance.now(), startedMs: this.pulse.value.startedMs };
  }

  private lost(): void {
    this.pulse.value = { ...this.pulse.value, connected: false };
    if (!this.socket.active) setTimeout(() => this.socket.connect(), RETRY_REFUSED_MS);
  }
}
