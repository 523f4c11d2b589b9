import { BinaryHeap } from '../common/binary-heap.js';
import type { IcmpPace } from './icmp-engine.js';

/** Against the rounding of many small refills. */
const EPSILON = 1e-9;

/** So many a second, and after a pause no more than `most` at once: what was missed is not made up in a burst. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private perSecond: number,
    private most: number,
    private filledMs: number,
  ) {
    this.tokens = most;
  }

  setRate(perSecond: number, most: number): void {
    this.perSecond = perSecond;
    this.most = most;
    this.tokens = Math.min(this.tokens, most);
  }

  has(nowMs: number): boolean {
    this.tokens = Math.min(this.most, this.tokens + (Math.max(0, nowMs - this.filledMs) * this.perSecond) / 1000);
    this.filledMs = Math.max(this.filledMs, nowMs);
    return this.tokens >= 1 - EPSILON;
  }

  take(): void {
    this.tokens -= 1;
  }

  /** When there will be one, as of the last look. */
  readyAtMs(): number {
    return this.filledMs + (Math.max(0, 1 - this.tokens) * 1000) / this.perSecond;
  }

  get full(): boolean {
    return this.tokens >= this.most - EPSILON;
  }
}

interface Lane<T> {
  area: string | undefined;
  waiting: BinaryHeap<{ dueMs: number; value: T }>;
  bucket: TokenBucket;
}

/** A timer comes once a millisecond: what accrues in two of them may go at once. */
const burstOf = (perSecond: number): number => Math.max(1, (perSecond / 1000) * 2);

/**
 * What is to be sent, not before its time and not faster than allowed: over all, and for each area. An area that has used up
 * its share holds up nobody else; those that may send take turns. Pure: whoever asks says what time it is.
 */
export class PacedQueue<T> {
  private readonly all: TokenBucket;
  private readonly lanes = new Map<string | undefined, Lane<T>>();
  private order: Lane<T>[] = [];
  private turn = 0;

  constructor(
    private pace: IcmpPace,
    nowMs: number,
  ) {
    this.all = new TokenBucket(pace.packetsPerSecond, burstOf(pace.packetsPerSecond), nowMs);
  }

  setPace(pace: IcmpPace): void {
    this.pace = pace;
    this.all.setRate(pace.packetsPerSecond, burstOf(pace.packetsPerSecond));
    for (const { area, bucket } of this.order) bucket.setRate(this.rateOf(area), burstOf(this.rateOf(area)));
  }

  push(value: T, dueMs: number, area: string | undefined, nowMs: number): void {
    this.laneOf(area, nowMs).waiting.push({ dueMs, value });
  }

  /** The next that may go now. */
  take(nowMs: number): T | undefined {
    if (!this.all.has(nowMs)) return undefined;
    for (let i = 0; i < this.order.length; i++) {
      const lane = this.order[(this.turn + i) % this.order.length] as Lane<T>;
      const head = lane.waiting.peek();
      if (!head || head.dueMs > nowMs || !lane.bucket.has(nowMs)) continue;
      lane.waiting.pop();
      lane.bucket.take();
      this.all.take();
      this.turn = (this.turn + i + 1) % this.order.length;
      return head.value;
    }
    return undefined;
  }

  /** When `take` is worth asking again. */
  nextMs(): number | undefined {
    let next: number | undefined;
    for (const { waiting, bucket } of this.order) {
      const head = waiting.peek();
      if (!head) continue;
      const atMs = Math.max(head.dueMs, bucket.readyAtMs(), this.all.readyAtMs());
      if (next === undefined || atMs < next) next = atMs;
    }
    return next;
  }

  private laneOf(area: string | undefined, nowMs: number): Lane<T> {
    const known = this.lanes.get(area);
    if (known) return known;
    this.dropIdle(nowMs);
    const rate = this.rateOf(area);
    const lane: Lane<T> = {
      area,
      waiting: new BinaryHeap((a, b) => a.dueMs < b.dueMs),
      bucket: new TokenBucket(rate, burstOf(rate), nowMs),
    };
    this.lanes.set(area, lane);
    this.order.push(lane);
    return lane;
  }

  /** An empty lane must not be forgotten before it is full again: a new one would allow its area more than its share. */
  private dropIdle(nowMs: number): void {
    this.order = this.order.filter(({ area, waiting, bucket }) => {
      bucket.has(nowMs);
      const idle = waiting.size === 0 && bucket.full;
      if (idle) this.lanes.delete(area);
      return !idle;
    });
    this.turn = 0;
  }

  private rateOf(area: string | undefined): number {
    const { packetsPerSecond, packetsPerSecondPerArea } = this.pace;
    return area ? Math.min(packetsPerSecond, packetsPerSecondPerArea) : packetsPerSecond;
  }
}
