import type { Reason } from '../common/reasons.js';
import { type HealthState, SIGNAL_NAMES, type SignalName } from '../common/states.js';
import type { Observation } from '../probes/contract.js';
import { STATE_OF_REASON } from './state-of-reason.js';

/** Reasons of a call that was answered: what they weigh depends on which signals the site needs. */
const ABOUT_MEDIA: ReadonlySet<Reason | null> = new Set<Reason>([
  'ok',
  'no-media',
  'one-way-in',
  'one-way-out',
  'audio-only',
  'poor-quality',
  'silent',
  'frozen',
  'out-unconfirmed',
]);
export const isAboutMedia = (reason: Reason | null): boolean => ABOUT_MEDIA.has(reason);

/**
 * What a call says of a site that needs these signals: ready only while each of them flows. A call that was well and did not look at all
 * of them proves nothing of the rest (`unverified`); a site without camera is not judged by its picture.
 */
export function stateOfCall(
  { reason, signals }: Pick<Observation, 'reason' | 'signals'>,
  needs: readonly SignalName[],
): { state: HealthState; reason: Reason | null } {
  const byReason = { state: STATE_OF_REASON[reason], reason };
  if (!isAboutMedia(reason) || !signals) return reason === 'ok' ? NOT_LOOKED_AT : byReason;
  if (reason !== 'ok' && needs.length === SIGNAL_NAMES.length) return byReason;
  const is = (state: string): boolean => needs.some((name) => signals[name] === state);
  if (needs.every((name) => signals[name] === 'flowing')) return { state: 'ready', reason: 'ok' };
  // sound is named before picture, so that what is absent of the sound is what the reason says
  if (is('absent')) return byReason;
  if (is('poor')) return byReason.state === 'degraded' && reason !== 'audio-only' ? byReason : POOR;
  return reason === 'out-unconfirmed' ? byReason : NOT_LOOKED_AT;
}

const NOT_LOOKED_AT = { state: 'unverified', reason: null } as const;
const POOR = { state: 'degraded', reason: 'poor-quality' } as const;
