import { isoDurationMs } from '../common/iso-duration.js';
import { type ExpectedRun, type PacingLimits, predictFinish } from '../prober/predict-finish.js';
import type { ProbeKind } from '../probes/contract.js';
import type { Session } from './session.js';

/** `full`: every probe of the endpoint, the call with it. `light`: what touches no call (ICMP, TCP, OPTIONS). */
export type Suite = 'full' | 'light';

export interface PlannedCheckpoint {
  /** as the session names it: "PT60M" */
  checkpoint: string;
  /** when the session wants it */
  plannedMs: number;
  /** when it begins: earlier than wanted where it could not be done in time otherwise */
  startMs: number;
  suite: Suite;
  runs: number;
  predictedFinishMs: number;
  /** the next checkpoint; for calls also the moment when they stop; the start for the last */
  finishByMs: number;
  /** false: even begun at once it will not be done in time */
  canFinish: boolean;
}

type PlanOf = Pick<Session, 'startsMs' | 'checkpoints' | 'callsStopBefore'>;
export type RunsOf = Record<Suite, readonly ExpectedRun[]>;

export const isCall = (kind: ProbeKind): boolean => kind.endsWith('-call');

export const callsStopMs = ({ startsMs, callsStopBefore }: Pick<Session, 'startsMs' | 'callsStopBefore'>): number =>
  startsMs - (isoDurationMs(callsStopBefore) ?? 0);

export const suiteAt = (session: Pick<Session, 'startsMs' | 'callsStopBefore'>, atMs: number): Suite =>
  atMs < callsStopMs(session) ? 'full' : 'light';

/** When the session wants its checkpoints, in the order of time. */
export function checkpointMoments({ startsMs, checkpoints }: Pick<Session, 'startsMs' | 'checkpoints'>) {
  return checkpoints
    .map((checkpoint) => ({ checkpoint, plannedMs: startsMs - (isoDurationMs(checkpoint) ?? 0) }))
    .sort((a, b) => a.plannedMs - b.plannedMs);
}

/**
 * Every checkpoint with its predicted finish. One that would still run when the next begins, or when calls stop, starts earlier by as
 * much as it lacks, though never before `nowMs` nor before the end of the one before it.
 */
export function checkPlan(
  session: PlanOf,
  runsOf: RunsOf,
  limits: PacingLimits,
  nowMs: number,
  others: readonly ExpectedRun[] = [],
): PlannedCheckpoint[] {
  const takes = lazily((suite: Suite) => predictFinish(runsOf[suite], limits, others).finishMs);
  const moments = checkpointMoments(session);
  let freeFromMs = nowMs;
  return moments.map(({ checkpoint, plannedMs }, index) => {
    const suite = suiteAt(session, plannedMs);
    const tookMs = takes(suite);
    const finishByMs = Math.min(
      moments[index + 1]?.plannedMs ?? session.startsMs,
      suite === 'full' ? callsStopMs(session) : Infinity,
    );
    const wantedMs = Math.min(plannedMs, finishByMs - tookMs);
    const startMs = plannedMs < nowMs ? plannedMs : Math.max(wantedMs, Math.min(freeFromMs, plannedMs));
    const predictedFinishMs = startMs + tookMs;
    if (plannedMs >= nowMs) freeFromMs = predictedFinishMs;
    const canFinish = predictedFinishMs <= finishByMs;
    return { checkpoint, plannedMs, startMs, suite, runs: runsOf[suite].length, predictedFinishMs, finishByMs, canFinish };
  });
}

function lazily<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as Value;
  };
}
