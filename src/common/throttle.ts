import { type Clock, systemClock } from './clock.js';

/** Lets one through in a while and counts those it holds back: a trouble that lasts is told once a minute, not once an attempt. */
export class Throttle {
  private lastMs = -Infinity;
  private heldBack = 0;

  constructor(
    private readonly everyMs = 60_000,
    private readonly clock: Pick<Clock, 'monotonicMs'> = systemClock,
  ) {}

  /** What to do when it is time, given how many were held back since. */
  pass(tell: (heldBack: number) => void): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.lastMs < this.everyMs) {
      this.heldBack++;
      return;
    }
    const { heldBack } = this;
    this.lastMs = nowMs;
    this.heldBack = 0;
    tell(heldBack);
  }
}
