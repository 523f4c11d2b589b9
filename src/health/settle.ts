import type { Reason } from '../common/reasons.js';
import { CALL_KINDS, isCallKind, type Observation, type ProbeKind, SIGNALLING_KINDS } from '../probes/contract.js';
import { changeRatio, failuresNow, passesInARow, type ProbeHistory, withResult } from './probe-history.js';
import {
  endedAtMs,
  FRESH_INTERVALS,
  FRESH_SLACK_MS,
  hasSignalling,
  type HealthFacts,
  type HealthVerdict,
  latestCall,
  NO_SIGNALS,
  plannedCallKind,
} from './state-machine.js';
import { stateOfCall } from './state-of-call.js';

/**
 * From what the outcomes say at this moment to what is shown: nobody is sent to a room for one lost datagram. Pure.
 *
 * An endpoint goes down after N failures of the last M results of a kind; at the first, one confirming probe is asked for, which
 * counts among them. Until it has come the state before stands; if it cannot be made in time (a session forbids calls, the prober
 * is being restarted), the endpoint is `unverified`: nothing is known for certain, and nothing good is claimed. Back from down leads
 * either a call, which proves both directions by itself, or some light probes in a row.
 */
export interface SettleRules {
  /** N of M */
  failures: number;
  of: number;
  /** the confirming probe has so long */
  confirmWithinMs: number;
  /** light probes that must pass in a row after a failure */
  recoverAfter: number;
  /** share of changes among the last results (Nagios Core: 20 % and 5 %) */
  flapping: { startRatio: number; endRatio: number };
}

/** What an endpoint's outcomes have led to so far. */
export interface Standing {
  verdict: HealthVerdict;
  /** Unix ms; null: never was in any other state */
  sinceMs: number | null;
  /** a confirming probe was asked for, since the state is about to change */
  asked: { sinceMs: number; about: 'down' | 'recovery' } | null;
  flapping: boolean;
  history: Partial<Record<ProbeKind, ProbeHistory>>;
}

export interface Settlement {
  standing: Standing;
  /** to be probed once, at once */
  confirm: ProbeKind | null;
}

export const NOTHING_KNOWN: Standing = {
  verdict: { state: 'untested', reason: null, signals: NO_SIGNALS, decidedBy: null },
  sinceMs: null,
  asked: null,
  flapping: false,
  history: {},
};

/** A failed call is repeated only for these: the room did not ring, or rang and its media are in doubt. */
const CALL_AGAIN: ReadonlySet<Reason> = new Set<Reason>([
  'no-answer',
  'refused',
  'no-route',
  'resolve-failed',
  'signalling-hung',
  'no-media',
  'one-way-in',
  'one-way-out',
]);

/** Adds an outcome that says something of the endpoint; one that was heard before, or came late, adds nothing. */
export function heard(
  standing: Standing,
  outcome: Observation,
  { intervalMs, needs }: HealthFacts,
  rules: SettleRules,
): Standing {
  const { kind } = outcome;
  const endMs = endedAtMs(outcome);
  if (endMs <= (standing.history[kind]?.lastMs ?? -Infinity)) return standing;
  const failed = stateOfCall(outcome, needs).state === 'down';
  const forgetBeforeMs = endMs - FRESH_INTERVALS * (intervalMs[kind] ?? 0) - FRESH_SLACK_MS;
  const history = { ...standing.history, [kind]: withResult(standing.history[kind], failed, endMs, forgetBeforeMs) };
  const most = counted(intervalMs).reduce((max, one) => Math.max(max, history[one] ? changeRatio(history[one]) : 0), 0);
  const { startRatio, endRatio } = rules.flapping;
  return { ...standing, history, flapping: standing.flapping ? most > endRatio : most >= startRatio };
}

/** @param now what the outcomes say by themselves at this moment */
export function settle(before: Standing, now: HealthVerdict, facts: HealthFacts, nowMs: number, rules: SettleRules): Settlement {
  if (now.state === 'down') return maybeDown(before, now, facts, nowMs, rules);
  if (before.verdict.state === 'down' && !hasRecovered(before, now, facts, rules)) {
    const confirm = before.asked?.about === 'recovery' ? null : recoveryKind(now, facts);
    return { standing: { ...before, asked: before.asked ?? { sinceMs: nowMs, about: 'recovery' } }, confirm };
  }
  return { standing: adopt(before, now, nowMs), confirm: null };
}

function maybeDown(before: Standing, now: HealthVerdict, facts: HealthFacts, nowMs: number, rules: SettleRules): Settlement {
  const isConfirmed = before.verdict.state === 'down' || failures(before, facts, rules) >= rules.failures;
  if (isConfirmed) return { standing: adopt(before, now, nowMs), confirm: null };
  const asked = before.asked ?? { sinceMs: nowMs, about: 'down' as const };
  const confirm = before.asked ? null : confirmingKind(now, facts);
  if (nowMs - asked.sinceMs < rules.confirmWithinMs) return { standing: { ...before, asked }, confirm };
  return { standing: { ...adopt(before, { ...now, state: 'unverified' }, nowMs), asked }, confirm };
}

function failures({ history }: Standing, { intervalMs }: HealthFacts, { of }: SettleRules): number {
  return counted(intervalMs).reduce((sum, kind) => sum + (history[kind] ? failuresNow(history[kind], of) : 0), 0);
}

/** Where signalling is probed, reachability alone proves no failure: many lines drop echo requests. */
export const counted = (intervalMs: HealthFacts['intervalMs']): readonly ProbeKind[] =>
  hasSignalling({ intervalMs }) ? COUNTED.withSignalling : COUNTED.reachOnly;

const COUNTED: Record<'withSignalling' | 'reachOnly', readonly ProbeKind[]> = {
  withSignalling: [...CALL_KINDS, ...SIGNALLING_KINDS],
  reachOnly: [...CALL_KINDS, 'tcp', 'icmp'],
};

function hasRecovered(before: Standing, now: HealthVerdict, facts: HealthFacts, { recoverAfter }: SettleRules): boolean {
  if (now.decidedBy === null) return true; // too old to be called anything
  const call = latestCall(facts);
  if (isCallKind(now.decidedBy) && call && endedAtMs(call) > (before.sinceMs ?? 0)) return true;
  const kind = recoveryKind(now, facts);
  const history = kind && before.history[kind];
  return history != null && passesInARow(history) >= recoverAfter;
}

function adopt(before: Standing, verdict: HealthVerdict, nowMs: number): Standing {
  const stays = verdict.state === before.verdict.state;
  const nothingYet = verdict.state === 'untested' && verdict.decidedBy === null && before.sinceMs === null;
  return { ...before, verdict, asked: null, sinceMs: stays || nothingYet ? before.sinceMs : nowMs };
}

const lightKind = ({ intervalMs }: HealthFacts): ProbeKind | null =>
  ([...SIGNALLING_KINDS, 'tcp', 'icmp'] as const).find((kind) => intervalMs[kind] !== undefined) ?? null;

/** A call of before the failure says nothing of the recovery. */
const recoveryKind = ({ decidedBy }: HealthVerdict, facts: HealthFacts): ProbeKind | null =>
  decidedBy && isCallKind(decidedBy) ? lightKind(facts) : decidedBy;

function confirmingKind({ decidedBy, reason }: HealthVerdict, facts: HealthFacts): ProbeKind | null {
  if (!decidedBy || !isCallKind(decidedBy)) return decidedBy;
  const again = reason && CALL_AGAIN.has(reason) && isNewest(decidedBy, facts) ? plannedCallKind(facts) : undefined;
  return again ?? lightKind(facts);
}

/** A room rings again for the call that has just failed, not for one that comes to light when something newer passes. */
function isNewest(kind: ProbeKind, { latest }: HealthFacts): boolean {
  const ends = Object.values(latest).map(endedAtMs);
  const own = latest[kind];
  return own !== undefined && endedAtMs(own) >= Math.max(...ends);
}
