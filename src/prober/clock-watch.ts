import type { Clock } from '../common/clock.js';

/** NTP slews by at most 0.5 ms a second; anything beyond this between two looks is a step. */
const STEP_MS = 250;

/** Counts steps of the wall clock by holding it against the monotonic one. Nothing but labels depends on it. */
export class ClockWatch {
  private offsetMs: number;
  private counted = 0;

  constructor(private readonly clock: Clock) {
    this.offsetMs = this.offset();
  }

  get steps(): number {
    return this.counted;
  }

  /** The size of a step since the last look, or null. */
  look(): number | null {
    const offsetMs = this.offset();
    const steppedMs = offsetMs - this.offsetMs;
    this.offsetMs = offsetMs;
    if (Math.abs(steppedMs) < STEP_MS) return null;
    this.counted++;
    return steppedMs;
  }

  private offset(): number {
    return this.clock.wallMs() - this.clock.monotonicMs();
  }
}
