import type { Namespace, Socket } from 'socket.io';
import type { Clock } from '../common/clock.js';
import type { ClientToServerEvents, ServerToClientEvents } from './feed-events.js';
import type { LiveFeed } from './live-feed.js';
import { MessageAllowance, type MessageRate } from './message-allowance.js';

export type FeedSocket = Socket<ClientToServerEvents, ServerToClientEvents>;
export type FeedNamespace = Namespace<ClientToServerEvents, ServerToClientEvents>;

export interface AudienceLimits {
  /** a page to which nothing more can be written for so long gets no more deltas: what it missed comes as a snapshot */
  lagAfterMs: number;
  /** and after so long it is sent away: it holds memory, and shows nobody anything */
  evictAfterMs: number;
  /** snapshots written in one turn of the loop: 100 of 3,500 endpoints take 60 ms */
  snapshotsPerTurn: number;
  /** a page that asks for snapshot upon snapshot costs every other page its freshness */
  resyncGapMs: number;
  messages: MessageRate;
}

export const AUDIENCE_LIMITS: AudienceLimits = {
  lagAfterMs: 2_000,
  evictAfterMs: 30_000,
  snapshotsPerTurn: 100,
  resyncGapMs: 1_000,
  messages: { burst: 30, perSecond: 5 },
};

interface Page {
  socket: FeedSocket;
  /** `current`: gets each delta. `waiting`: for a snapshot. `lagging`: until it can be written to again */
  standing: 'current' | 'waiting' | 'lagging';
  /** since when nothing more could be written to it; null: it can */
  fullSinceMs: number | null;
  snapshotMs: number;
  onPacket: () => void;
}

/** Those that get deltas. socket.io writes one event to a room as one serialisation, and one frame of it, for all. */
const CURRENT = 'current';

/** The pages that follow the feed, and how far each keeps up. The slow never slow the others, nor fill our memory. */
export class Audience {
  readonly counts = { snapshots: 0, lagged: 0, evicted: { slow: 0, rate: 0 } };
  private readonly pages = new Map<string, Page>();
  private turn: NodeJS.Immediate | null = null;

  constructor(
    private readonly namespace: FeedNamespace,
    private readonly feed: LiveFeed,
    private readonly clock: Clock,
    private readonly limits: AudienceLimits = AUDIENCE_LIMITS,
  ) {}

  get size(): number {
    return this.pages.size;
  }

  join(socket: FeedSocket): void {
    const allowance = new MessageAllowance(this.limits.messages, this.clock.monotonicMs());
    const onPacket = (): void => {
      if (!allowance.take(this.clock.monotonicMs())) this.evict(page, 'rate');
    };
    const page: Page = { socket, standing: 'waiting', fullSinceMs: null, snapshotMs: -Infinity, onPacket };
    socket.conn.on('packet', onPacket);
    this.pages.set(socket.id, page);
    this.serveSoon();
  }

  leave(socket: FeedSocket): void {
    const page = this.pages.get(socket.id);
    if (!page) return;
    socket.conn.off('packet', page.onPacket);
    this.pages.delete(socket.id);
  }

  /** A page missed something. Asked again within the gap it is not answered; it asks again. */
  resync(socket: FeedSocket): void {
    const page = this.pages.get(socket.id);
    if (!page || this.clock.monotonicMs() - page.snapshotMs < this.limits.resyncGapMs) return;
    this.setStanding(page, 'waiting');
    this.serveSoon();
  }

  /** Sends what changed since the last time. Called at the pace of the deltas. */
  flush(): void {
    for (const page of [...this.pages.values()]) this.judge(page);
    const delta = this.feed.takeDelta();
    if (delta) this.namespace.to(CURRENT).emit('delta', delta);
  }

  heartbeat(at: string): void {
    this.namespace.to(CURRENT).emit('heartbeat', { at });
  }

  close(): void {
    if (this.turn) clearImmediate(this.turn);
  }

  private judge(page: Page): void {
    const nowMs = this.clock.monotonicMs();
    if (page.socket.conn.transport.writable) {
      page.fullSinceMs = null;
      if (page.standing === 'lagging') this.setStanding(page, 'waiting');
      if (page.standing === 'waiting') this.serveSoon();
      return;
    }
    page.fullSinceMs ??= nowMs;
    const fullMs = nowMs - page.fullSinceMs;
    if (fullMs >= this.limits.evictAfterMs) this.evict(page, 'slow');
    else if (fullMs >= this.limits.lagAfterMs && page.standing === 'current') {
      this.counts.lagged += 1;
      this.setStanding(page, 'lagging');
    }
  }

  private serveSoon(): void {
    this.turn ??= setImmediate(() => {
      this.turn = null;
      this.serve();
    });
  }

  /** Snapshots to some of those that wait; between two turns of the loop everything else has its turn. */
  private serve(): void {
    const ready = [...this.pages.values()].filter(
      ({ standing, socket }) => standing === 'waiting' && socket.conn.transport.writable,
    );
    const served = ready.slice(0, this.limits.snapshotsPerTurn);
    if (served.length === 0) return;
    this.namespace.to(served.map(({ socket }) => socket.id)).emit('snapshot', this.feed.snapshot());
    this.counts.snapshots += served.length;
    for (const page of served) {
      page.snapshotMs = this.clock.monotonicMs();
      this.setStanding(page, 'current');
    }
    if (ready.length > served.length) this.serveSoon();
  }

  private setStanding(page: Page, standing: Page['standing']): void {
    page.standing = standing;
    if (standing === 'current') void page.socket.join(CURRENT);
    else void page.socket.leave(CURRENT);
  }

  /** Not by a polite close: that would wait for what cannot be written. */
  private evict(page: Page, reason: 'slow' | 'rate'): void {
    this.counts.evicted[reason] += 1;
    this.leave(page.socket);
    page.socket.conn.close(true);
  }
}
