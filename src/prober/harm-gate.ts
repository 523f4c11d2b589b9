/**
 * Do no harm: may this call be made now, and may it go on? Pure; the facts come from HarmGuard. Everything that is forbidden by any
 * reading of the clock is forbidden.
 */
import type { Reason } from '../common/reasons.js';
import { isCallKind, type ProbeKind } from '../probes/contract.js';
import type { CallPause } from './call-pause.js';
import type { QuietWindow, StopLevel } from './messages.js';

export interface Refusal {
  refusedBy: 'global-stop' | QuietWindow['why'] | CallPause['cause'];
  reason: Reason;
  /** from now until it may be asked for again; null: until somebody lifts the stop */
  waitMs: number | null;
  sessionId?: string;
}

export interface HarmFacts {
  kind: ProbeKind;
  stop: StopLevel;
  /** of this endpoint, in the order in which they begin */
  windows: readonly QuietWindow[];
  /** Unix times that it may be now */
  readings: readonly number[];
  /** what is left of the endpoint's pause, where there is one */
  pause?: { cause: CallPause['cause']; leftMs: number };
  /** somebody wants the call in spite of a pause */
  override: boolean;
}

/** null: it may start. @param lastsMs the longest it may take: it must have ended before a window begins */
export function refuseStart(facts: HarmFacts, lastsMs: number): Refusal | null {
  const stopped = byStop(facts);
  if (stopped || !isCallKind(facts.kind)) return stopped;
  return byWindow(facts, lastsMs) ?? byPause(facts);
}

/** null: it may go on. @param endMs what its end takes: it hangs up so long before a window begins */
export function refuseToGoOn(facts: HarmFacts, endMs: number): Refusal | null {
  const stopped = byStop(facts);
  return stopped || !isCallKind(facts.kind) ? stopped : byWindow(facts, endMs);
}

function byStop({ stop, kind }: HarmFacts): Refusal | null {
  const isStopped = stop === 'everything' || (stop === 'calls' && isCallKind(kind));
  return isStopped ? { refusedBy: 'global-stop', reason: 'aborted', waitMs: null } : null;
}

/** The reading that has to wait longest decides. */
function byWindow({ windows, readings }: HarmFacts, lastsMs: number): Refusal | null {
  const refusals = readings.map((nowMs) => windowRefusal(windows, nowMs, lastsMs)).filter((refusal) => refusal !== null);
  return refusals.reduce<Refusal | null>((a, b) => (a && (a.waitMs ?? 0) >= (b.waitMs ?? 0) ? a : b), null);
}

function windowRefusal(windows: readonly QuietWindow[], nowMs: number, lastsMs: number): Refusal | null {
  let first: QuietWindow | undefined;
  let freeMs = nowMs;
  for (const window of windows) {
    if (window.toMs <= freeMs || window.fromMs >= freeMs + lastsMs) continue;
    first ??= window;
    freeMs = window.toMs;
  }
  if (!first) return null;
  const { why: refusedBy, sessionId } = first;
  return { refusedBy, reason: 'aborted', waitMs: freeMs - nowMs, ...(sessionId === undefined ? {} : { sessionId }) };
}

function byPause({ pause, override }: HarmFacts): Refusal | null {
  if (!pause || pause.leftMs <= 0 || override) return null;
  return { refusedBy: pause.cause, reason: pause.cause, waitMs: pause.leftMs };
}

const SENTENCES: Record<Refusal['refusedBy'], string> = {
  'global-stop': 'all calls are stopped by an operator',
  session: 'it takes part in a session',
  'calls-stopped': 'its session is about to begin',
  'quiet-hours': 'quiet hours',
  busy: 'it was busy; it is left in peace for a while',
  declined: 'it declined; it is left in peace for a while',
  'not-auto-answering': 'it rings at a call and does not answer by itself: one call a day',
};

/** What a refusal says in its outcome. `until` is wall time, as everything people read. */
export const detailOf = ({ refusedBy, waitMs, sessionId }: Refusal, wallMs: number): Record<string, unknown> => ({
  message: `not called: ${SENTENCES[refusedBy]}`,
  refusedBy,
  until: waitMs === null ? null : new Date(Math.ceil(wallMs + waitMs)).toISOString(),
  sessionId,
});
