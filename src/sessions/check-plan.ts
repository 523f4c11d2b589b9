import { isoDurationMs } from '../common/iso-duration.js';
import { type ExpectedRun, type PacingLimits, predictFinish } from '../prober/predict-finish.js';
import { itemMayLastMs } from '../prober/call-limits.js';
import { CALL_KINDS, type CallKind, type ProbeKind } from '../probes/contract.js';
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
  /** the next checkpoint; with calls also the last moment at which one may begin; the start for the last */
  finishByMs: number;
  /** false: even begun at once it will not be done in time */
  canFinish: boolean;
}

type StopOf = Pick<Session, 'startsMs' | 'connectByMs' | 'callsStopBefore'>;
type PlanOf = StopOf & Pick<Session, 'checkpoints'>;
export type RunsOf = Record<Suite, readonly ExpectedRun[]>;

export const isCall = (kind: ProbeKind): kind is CallKind => (CALL_KINDS as readonly ProbeKind[]).includes(kind);

/** From then on no call is under way: rooms are in the conference from the required connect time on, whatever was asked for. */
const callsStopMs = ({ startsMs, connectByMs, callsStopBefore }: StopOf): number =>
  Math.min(startsMs, connectByMs, startsMs - (isoDurationMs(callsStopBefore) ?? 0));

/** The last moment for a call to begin: the harm gate lets none begin that might outlast the stop. */
export const lastCallStartMs = (session: StopOf, { full }: RunsOf): number =>
  callsStopMs(session) - full.reduce((longestMs, { item }) => Math.max(longestMs, itemMayLastMs(item)), 0);

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
  const lastCallMs = lastCallStartMs(session, runsOf);
  let freeFromMs = nowMs;
  return moments.map(({ checkpoint, plannedMs }, index) => {
    const suite: Suite = plannedMs < lastCallMs ? 'full' : 'light';
    const tookMs = takes(suite);
    const finishByMs = Math.min(moments[index + 1]?.plannedMs ?? session.startsMs, suite === 'full' ? lastCallMs : Infinity);
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
