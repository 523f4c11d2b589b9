import type { Clock } from '../common/clock.js';

/** NTP slews by at most 0.5 ms a second, and somebody looks every second: anything beyond this between two looks is a step. */
const STEP_MS = 250;
/** Who was right shows within a day; after it the wall clock is believed again. */
export const DOUBT_MS = 24 * 3_600_000;

/**
 * What time of day is it? Sessions are kept by the wall clock, which a step may move into or out of a quiet window. So a second
 * reading is kept, which goes on from before the step, for a day: what is forbidden by either of them is forbidden.
 */
export class TwoClocks {
  private wallOffsetMs: number;
  private steadyOffsetMs: number;
  private doubtEndsMs = Infinity;

  /** @param steadyMs what the steady reading of an earlier process would be now, where one is known */
  constructor(
    private readonly clock: Clock,
    steadyMs?: number,
  ) {
    this.wallOffsetMs = this.offset();
    this.steadyOffsetMs = steadyMs === undefined ? this.wallOffsetMs : steadyMs - clock.monotonicMs();
    this.moved(this.wallOffsetMs - this.steadyOffsetMs);
  }

  /** Unix time as it would be without the steps of the last day. */
  get steadyMs(): number {
    return this.clock.monotonicMs() + this.steadyOffsetMs;
  }

  /** Follows the wall clock where it is slewed. true: the steady reading was set anew. */
  look(): boolean {
    const offsetMs = this.offset();
    const movedMs = offsetMs - this.wallOffsetMs;
    this.wallOffsetMs = offsetMs;
    this.moved(movedMs);
    if (this.clock.monotonicMs() < this.doubtEndsMs) return false;
    this.doubtEndsMs = Infinity;
    this.steadyOffsetMs = offsetMs;
    return true;
  }

  /** Every time that it may be now. */
  readings(): number[] {
    this.look();
    return this.steadyOffsetMs === this.wallOffsetMs ? [this.steadyMs] : [this.clock.wallMs(), this.steadyMs];
  }

  private moved(byMs: number): void {
    if (Math.abs(byMs) >= STEP_MS) this.doubtEndsMs = this.clock.monotonicMs() + DOUBT_MS;
    else this.steadyOffsetMs += byMs;
  }

  private offset(): number {
    return this.clock.wallMs() - this.clock.monotonicMs();
  }
}
