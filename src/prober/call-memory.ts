import type { Outcome } from '../probes/contract.js';
import { bounded, type CallPause, pauseAfter } from './call-pause.js';

/** What has to survive this process: pauses and the steady reading of the clock, both in Unix time. */
export interface HarmStore {
  read(): { pauses: Iterable<[endpointId: string, pause: CallPause]>; steadyMs?: number };
  notePause(endpointId: string, pause: CallPause | undefined): void;
  /** the steady reading now */
  noteClock(steadyMs: number): void;
}

export const NO_STORE: HarmStore = {
  read: () => ({ pauses: [] }),
  notePause: () => undefined,
  noteClock: () => undefined,
};

interface Times {
  monotonicMs: number;
  /** Unix time */
  steadyMs: number;
}

/** Which endpoints are left in peace, and until when: on the monotonic clock, which nobody sets. */
export class CallMemory {
  private readonly pauses = new Map<string, CallPause>();

  constructor(
    private readonly store: HarmStore,
    kept: Iterable<[endpointId: string, pause: CallPause]>,
    now: Times,
  ) {
    for (const [endpointId, pause] of kept) {
      const untilMs = pause.untilMs - now.steadyMs + now.monotonicMs;
      this.pauses.set(endpointId, bounded({ ...pause, untilMs }, now.monotonicMs));
    }
  }

  pauseOf(endpointId: string): CallPause | undefined {
    return this.pauses.get(endpointId);
  }

  learn(endpointId: string, outcome: Outcome, now: Times): void {
    const known = this.pauses.get(endpointId);
    const pause = pauseAfter(known, outcome, now.monotonicMs);
    if (pause === known) return;
    if (pause) this.pauses.set(endpointId, pause);
    else this.pauses.delete(endpointId);
    this.store.notePause(endpointId, pause && { ...pause, untilMs: pause.untilMs - now.monotonicMs + now.steadyMs });
  }
}
