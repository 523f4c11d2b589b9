import type { Reason } from '../common/reasons.js';
import type { HealthState, SignalName, Signals } from '../common/states.js';
import { CALL_KINDS, type Observation, type ProbeKind, SIGNALLING_KINDS } from '../probes/contract.js';
import { stateOfCall } from './state-of-call.js';
import { STATE_OF_REASON } from './state-of-reason.js';

/**
 * Health of one endpoint: a pure function of the last outcomes of each kind and the time.
 *
 * The most telling fresh evidence decides. A call says most: it is the only proof of two-way media. A newer failure of the
 * signalling (OPTIONS) overrules an older good call, since a codec that no longer answers is not ready. Reachability (TCP,
 * ICMP) alone never makes an endpoint ready, and its failure counts only where nothing better is known: many lines drop
 * echo requests and carry calls well. What our own machine spoilt (`self-overloaded`, `aborted`, ...) says nothing.
 */
export interface HealthFacts {
  /** last outcome of each kind that says something about the endpoint */
  latest: Partial<Record<ProbeKind, Observation>>;
  /** planned interval of each kind that this endpoint has; a kind that is absent is not probed */
  intervalMs: Partial<Record<ProbeKind, number>>;
  /** the signals without which it is not ready: of its profile */
  needs: readonly SignalName[];
}

export interface HealthVerdict {
  state: HealthState;
  reason: Reason | null;
  signals: Signals;
  /** the kind that decided; null when nothing fresh is known */
  decidedBy: ProbeKind | null;
}

/** A result counts until three of its intervals have passed; then it is history. */
export const FRESH_INTERVALS = 3;
/** A round takes time of its own (a call: hold 6 s, set-up 8 s): without it a short interval would expire by itself. */
export const FRESH_SLACK_MS = 30_000;

export const NO_SIGNALS: Signals = { audioOut: 'unknown', audioIn: 'unknown', videoOut: 'unknown', videoIn: 'unknown' };

/** Reasons that are about us: they leave the endpoint's health as it was. */
const OURS: ReadonlySet<Reason> = new Set<Reason>(['self-overloaded', 'unavailable-here', 'target-not-allowed', 'aborted']);
export const saysNothing = (outcome: Observation): boolean => OURS.has(outcome.reason);

export function assessHealth(facts: HealthFacts, nowMs: number): HealthVerdict {
  const call = freshCall(facts, nowMs);
  const signalling = signallingOf(facts, (kind) => fresh(facts, kind, nowMs));
  const reach = fresh(facts, 'tcp', nowMs) ?? fresh(facts, 'icmp', nowMs);

  if (
    call &&
    !overruled(
      call,
      signallingOf(facts, (kind) => facts.latest[kind]),
    )
  ) {
    return { ...stateOfCall(call, facts.needs), signals: call.signals ?? NO_SIGNALS, decidedBy: call.kind };
  }
  if (signalling?.result === 'fail') return bySignalling(signalling);
  if (signalling) return withoutCall(facts, signalling);
  if (!hasSignalling(facts) && reach) return byReachability(facts, nowMs);
  const known = Object.keys(facts.latest).length > 0;
  if (!known || (reach && !latestCall(facts))) return nothing('untested');
  return nothing('unknown');
}

const nothing = (state: 'untested' | 'unknown'): HealthVerdict => ({ state, reason: null, signals: NO_SIGNALS, decidedBy: null });

const bySignalling = (signalling: Observation): HealthVerdict => ({
  state: STATE_OF_REASON[signalling.reason],
  reason: signalling.reason,
  signals: NO_SIGNALS,
  decidedBy: signalling.kind,
});

/** The stack answers, but no fresh call tells of media: never called is `untested`, called long ago is `unverified`. */
function withoutCall(facts: HealthFacts, signalling: Observation): HealthVerdict {
  const state = latestCall(facts) ? 'unverified' : 'untested';
  return { state, reason: signalling.reason, signals: NO_SIGNALS, decidedBy: signalling.kind };
}

/** Of whatever protocol: an endpoint is called by one, and by the other where that failed. */
export const latestCall = ({ latest }: Pick<HealthFacts, 'latest'>): Observation | undefined =>
  CALL_KINDS.reduce<Observation | undefined>((best, kind) => newer(best, latest[kind]), undefined);

/** The kind by which it is called; undefined: it is not. */
export const plannedCallKind = ({ intervalMs }: Pick<HealthFacts, 'intervalMs'>): ProbeKind | undefined =>
  CALL_KINDS.find((kind) => intervalMs[kind] !== undefined);

export const hasSignalling = ({ intervalMs }: Pick<HealthFacts, 'intervalMs'>): boolean =>
  SIGNALLING_KINDS.some((kind) => intervalMs[kind] !== undefined);

/** A call that was fallen back to has no interval of its own: it came in the place of the planned one. */
function freshCall(facts: HealthFacts, nowMs: number): Observation | undefined {
  const planned = plannedCallKind(facts);
  const outcome = freshOutcome(planned && facts.intervalMs[planned], latestCall(facts), nowMs);
  return outcome && !saysNothing(outcome) ? outcome : undefined;
}

/** One stack of two that answers is enough for a conference: only where all are silent does its signalling fail. */
function signallingOf(
  { intervalMs }: HealthFacts,
  outcomeOf: (kind: ProbeKind) => Observation | undefined,
): Observation | undefined {
  let answered: Observation | undefined;
  let failed: Observation | undefined;
  for (const kind of SIGNALLING_KINDS) {
    const outcome = intervalMs[kind] === undefined ? undefined : outcomeOf(kind);
    if (outcome?.result === 'fail') failed = newer(failed, outcome);
    else answered = newer(answered, outcome);
  }
  return answered ?? failed;
}

const newer = (one: Observation | undefined, other: Observation | undefined): Observation | undefined =>
  !one || (other && endedAtMs(other) > endedAtMs(one)) ? other : one;

/** No signalling is configured. Any answer means alive, and no more than that. */
function byReachability(facts: HealthFacts, nowMs: number): HealthVerdict {
  const kinds = (['tcp', 'icmp'] as const).filter((kind) => fresh(facts, kind, nowMs));
  const alive = kinds.find((kind) => facts.latest[kind]?.result === 'pass');
  const decidedBy = alive ?? kinds[0] ?? 'icmp';
  const reason = facts.latest[decidedBy]?.reason ?? null;
  return { state: alive ? 'unverified' : 'down', reason, signals: NO_SIGNALS, decidedBy };
}

const fresh = (facts: HealthFacts, kind: ProbeKind, nowMs: number): Observation | undefined => {
  const outcome = freshOutcome(facts.intervalMs[kind], facts.latest[kind], nowMs);
  return outcome && !saysNothing(outcome) ? outcome : undefined;
};

export function freshOutcome(
  intervalMs: number | undefined,
  outcome: Observation | undefined,
  nowMs: number,
): Observation | undefined {
  if (!outcome || intervalMs === undefined) return undefined;
  return nowMs - endedAtMs(outcome) <= FRESH_INTERVALS * intervalMs + FRESH_SLACK_MS ? outcome : undefined;
}

/** Also by a failure that has grown old meanwhile: time alone proves no recovery. */
const overruled = (call: Observation, signalling: Observation | undefined): boolean =>
  signalling?.result === 'fail' && endedAtMs(signalling) > endedAtMs(call);

export const endedAtMs = (outcome: Observation): number => Date.parse(outcome.startedAt) + outcome.durationMs;
