import type { Reason } from '../common/reasons.js';
import type { HealthState, SignalName, Signals } from '../common/states.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
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
  const call = fresh(facts, 'sip-call', nowMs);
  const signalling = fresh(facts, 'sip-options', nowMs);
  const reach = fresh(facts, 'tcp', nowMs) ?? fresh(facts, 'icmp', nowMs);

  if (call && !overruled(call, facts.latest['sip-options'])) {
    return { ...stateOfCall(call, facts.needs), signals: call.signals ?? NO_SIGNALS, decidedBy: 'sip-call' };
  }
  if (signalling?.result === 'fail') return bySignalling(signalling);
  if (signalling) return withoutCall(facts, signalling);
  if (facts.intervalMs['sip-options'] === undefined && reach) return byReachability(facts, nowMs);
  const known = Object.keys(facts.latest).length > 0;
  if (!known || (reach && !facts.latest['sip-call'])) return nothing('untested');
  return nothing('unknown');
}

const nothing = (state: 'untested' | 'unknown'): HealthVerdict => ({ state, reason: null, signals: NO_SIGNALS, decidedBy: null });

const bySignalling = (signalling: Observation): HealthVerdict => ({
  state: STATE_OF_REASON[signalling.reason],
  reason: signalling.reason,
  signals: NO_SIGNALS,
  decidedBy: 'sip-options',
});

/** The stack answers, but no fresh call tells of media: never called is `untested`, called long ago is `unverified`. */
function withoutCall(facts: HealthFacts, signalling: Observation): HealthVerdict {
  const state = facts.latest['sip-call'] ? 'unverified' : 'untested';
  return { state, reason: signalling.reason, signals: NO_SIGNALS, decidedBy: 'sip-options' };
}

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
