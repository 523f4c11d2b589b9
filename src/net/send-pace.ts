import type { Scheduler } from '../common/clock.js';

const TICK_MS = 1;
/** What a late tick missed is not made up in a burst: the bucket holds two ticks' worth. */
const TICKS_HELD = 2;

/**
 * Turns to send, so many a second over everybody who asks: a round of 3,500 that fell due at once would overflow buffers on the
 * way and read as loss of the line. First come, first served; one timer while anybody waits.
 */
export class SendPace {
  private readonly waiting: (() => void)[] = [];
  private allowance: number;
  private refilledMs: number;
  private ticking = false;

  /** @param maxPerSecond Infinity: never any waiting */
  constructor(
    private readonly maxPerSecond: number,
    private readonly scheduler: Scheduler,
  ) {
    this.allowance = this.most;
    this.refilledMs = scheduler.monotonicMs();
  }

  /** @returns nothing when it is one's turn now */
  turn(): Promise<void> | undefined {
    this.refill();
    if (this.waiting.length === 0 && this.allowance >= 1) {
      this.allowance -= 1;
      return undefined;
    }
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.tick();
    });
  }

  /** Lets all go on that wait; they find what they wanted to send on closed. */
  release(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private get most(): number {
    return Math.max(1, (this.maxPerSecond / 1000) * TICK_MS * TICKS_HELD);
  }

  private refill(): void {
    if (!Number.isFinite(this.maxPerSecond)) return;
    const nowMs = this.scheduler.monotonicMs();
    this.allowance = Math.min(this.most, this.allowance + ((nowMs - this.refilledMs) / 1000) * this.maxPerSecond);
    this.refilledMs = nowMs;
  }

  private tick(): void {
    if (this.ticking) return;
    this.ticking = true;
    this.scheduler.after(TICK_MS, () => {
      this.ticking = false;
      this.refill();
      const granted = this.waiting.splice(0, Math.floor(this.allowance));
      this.allowance -= granted.length;
      for (const resolve of granted) resolve();
      if (this.waiting.length > 0) this.tick();
    });
  }
}
