import { type Cancel, type Scheduler, systemClock } from '../../common/clock.js';

/** A scheduler that whoever turns the loop looks at: libuv's timers would be late by up to a millisecond. For one waiter. */
export class TurnScheduler implements Scheduler {
  private waiting: { dueMs: number; run: () => void } | undefined;

  /** when something waits to run, on the monotonic clock */
  get dueMs(): number | undefined {
    return this.waiting?.dueMs;
  }

  wallMs(): number {
    return systemClock.wallMs();
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  after(delayMs: number, run: () => void): Cancel {
    if (this.waiting) throw new Error('something waits already');
    const mine = { dueMs: this.monotonicMs() + delayMs, run };
    this.waiting = mine;
    return () => {
      if (this.waiting === mine) this.waiting = undefined;
    };
  }

  runDue(): void {
    const { waiting } = this;
    if (!waiting || waiting.dueMs > this.monotonicMs()) return;
    this.waiting = undefined;
    waiting.run();
  }
}
