import type { Reason } from '../common/reasons.js';
import { isCallKind, type Outcome } from '../probes/contract.js';

/** An endpoint that is not called for a while, since somebody uses it or every call rings in its room. */
export interface CallPause {
  cause: 'busy' | 'declined' | 'not-auto-answering';
  /** calls in a row that found it so */
  streak: number;
  untilMs: number;
}

const MINUTE_MS = 60_000;
/** After the first, the second, and each further call in a row. */
export const BUSY_MS = [5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS] as const;
/** A room that rings and that nobody answers is called once a day; light probes go on. */
export const RINGING_MS = 24 * 60 * MINUTE_MS;
/** These say nothing about the endpoint. */
const OURS: ReadonlySet<Reason> = new Set<Reason>(['self-overloaded', 'unavailable-here', 'target-not-allowed', 'aborted']);
/** RFC 3261 section 11.2: OPTIONS is answered as an INVITE would be. */
const BUSY_STATUS: ReadonlySet<unknown> = new Set([486, 600]);

/** What an outcome makes of what was known; undefined: it may be called. */
export function pauseAfter(
  known: CallPause | undefined,
  { kind, reason, detail }: Pick<Outcome, 'kind' | 'reason' | 'detail'>,
  nowMs: number,
): CallPause | undefined {
  if (!isCallKind(kind)) return kind === 'sip-options' && BUSY_STATUS.has(detail?.status) ? seenBusy(known, nowMs) : known;
  if (OURS.has(reason)) return known;
  if (reason === 'not-auto-answering') return { cause: reason, streak: 1, untilMs: nowMs + RINGING_MS };
  if (reason !== 'busy' && reason !== 'declined') return undefined;
  const streak = streakOf(known) + 1;
  return { cause: reason, streak, untilMs: nowMs + lengthMs(reason, streak) };
}

/** No pause is longer than its cause makes it: one noted under a clock set wrong must not last for ever. */
export const bounded = (pause: CallPause, nowMs: number): CallPause => ({
  ...pause,
  untilMs: Math.min(pause.untilMs, nowMs + lengthMs(pause.cause, pause.streak)),
});

function seenBusy(known: CallPause | undefined, nowMs: number): CallPause {
  const untilMs = nowMs + BUSY_MS[0];
  return known && known.untilMs >= untilMs ? known : { cause: 'busy', streak: streakOf(known), untilMs };
}

const streakOf = (pause: CallPause | undefined): number =>
  pause === undefined || pause.cause === 'not-auto-answering' ? 0 : pause.streak;

const lengthMs = (cause: CallPause['cause'], streak: number): number =>
  cause === 'not-auto-answering' ? RINGING_MS : (BUSY_MS[Math.max(0, streak - 1)] ?? BUSY_MS[2]);
