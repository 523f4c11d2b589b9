import { isCallKind, type Observation, type Outcome } from '../probes/contract.js';
import type { Suite } from './check-plan.js';
import type { KnownCheckpoint } from './checkpoint-due.js';
import type { ReadinessCounts, Verdict } from './readiness.js';

/** One checkpoint as it went. `(sessionId, checkpoint, plannedMs)` is its key. Instants are Unix ms. */
export interface CheckpointRun extends KnownCheckpoint {
  sessionId: string;
  suite: Suite;
  /** begun more than half a minute after its moment: the monitor was down, or the session was made too late for it */
  late: boolean;
  startedMs: number | null;
  predictedFinishMs: number | null;
  finishedMs: number | null;
  total: number;
  done: number;
  passed: number;
  failed: number;
  /** calls that were made: not those that had to be left out */
  called: number;
  /** of one that was passed over: the checkpoint that ran in its place */
  coveredBy: string | null;
  /** readiness when it had ended */
  verdict: Verdict | null;
  counts: ReadinessCounts | null;
}

type Begun = Pick<CheckpointRun, 'sessionId' | 'checkpoint' | 'plannedMs' | 'suite' | 'late'>;

export const begunRun = (given: Begun, startedMs: number, predictedFinishMs: number, total: number): CheckpointRun => ({
  ...given,
  ...NOTHING_YET,
  state: 'running',
  startedMs,
  predictedFinishMs,
  total,
});

export const missedRun = (given: Omit<Begun, 'late'>, coveredBy: string | null): CheckpointRun => ({
  ...given,
  ...NOTHING_YET,
  state: 'missed',
  late: true,
  coveredBy,
});

const NOTHING_YET = {
  startedMs: null,
  predictedFinishMs: null,
  finishedMs: null,
  total: 0,
  done: 0,
  passed: 0,
  failed: 0,
  called: 0,
  coveredBy: null,
  verdict: null,
  counts: null,
};

type Seen = Pick<Observation, 'kind' | 'detail'>;

/** A call that was refused before anything rang (a session, a back-off, the global stop) shows nothing of the room. */
export const wasCalled = ({ kind, detail }: Seen): boolean => isCallKind(kind) && detail?.refusedBy === undefined;

export const counted = (run: CheckpointRun, outcome: Pick<Outcome, 'result'> & Seen): CheckpointRun => ({
  ...run,
  done: run.done + 1,
  passed: run.passed + Number(outcome.result === 'pass'),
  failed: run.failed + Number(outcome.result === 'fail'),
  called: run.called + Number(wasCalled(outcome)),
});
