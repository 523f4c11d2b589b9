import type { Readiness, Verdict } from './readiness.js';

interface Told {
  sessionId: string;
  title: string;
  /** faults may be made on purpose: nobody has to run */
  rehearsal: boolean;
  /** the same event told again, after a restart for instance, has the same key */
  key: string;
  atMs: number;
}

export interface VerdictEvent extends Told {
  type: 'session-ready' | 'session-at-risk' | 'session-no-go';
  was: Verdict | null;
  readiness: Readiness;
}

export interface CheckpointEvent extends Told {
  type: 'checkpoint-done' | 'checkpoint-late' | 'cannot-finish';
  checkpoint: string;
  plannedMs: number;
  /** of `cannot-finish`: when it would end, and by when it should; of `checkpoint-done`: when it did */
  finishMs: number | null;
  finishByMs: number | null;
}

/** What readiness tells whoever sends notices and draws the board. */
export type ReadinessEvent = VerdictEvent | CheckpointEvent;

const TYPE_OF_VERDICT = { GO: 'session-ready', AT_RISK: 'session-at-risk', NO_GO: 'session-no-go' } as const;

export const typeOf = (verdict: Verdict): VerdictEvent['type'] => TYPE_OF_VERDICT[verdict];
