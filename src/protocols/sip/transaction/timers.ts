import type { Cancel, Scheduler } from '../../../common/clock.js';

/** RFC 3261 section 17.1.1.1: an estimate of the round trip. */
export const T1_MS = 500;
/** The longest interval between copies of a non-INVITE request or a final response to INVITE. */
export const T2_MS = 4_000;
/** The longest a message stays in the network. */
export const T4_MS = 5_000;
/** Timers B, D (at least 32 s), F, H, J, L, M. */
export const TRANSACTION_TIMEOUT_MS = 64 * T1_MS;

/** The timers of one state machine by the letters of RFC 3261 table 4 and RFC 6026. Setting one that runs replaces it. */
export class NamedTimers {
  /** two or three at a time: a list is found through faster than a Map is made */
  private running: { name: string; cancel: Cancel }[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  set(name: string, delayMs: number, run: () => void): void {
    this.cancel(name);
    const timer = {
      name,
      cancel: this.scheduler.after(delayMs, () => {
        this.running = this.running.filter((other) => other !== timer);
        run();
      }),
    };
    this.running.push(timer);
  }

  cancel(...names: string[]): void {
    if (this.running.length === 0) return;
    this.running = this.running.filter((timer) => {
      const kept = !names.includes(timer.name);
      if (!kept) timer.cancel();
      return kept;
    });
  }

  cancelAll(): void {
    for (const { cancel } of this.running) cancel();
    this.running = [];
  }
}
