import type { EndpointView } from '../health/endpoint-view.js';
import { endedAtMs, NO_SIGNALS, STATE_OF_REASON } from '../health/state-machine.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Observation } from '../probes/contract.js';
import { isCall } from './check-plan.js';
import type { SiteStanding } from './readiness.js';

/** What is known of one device: as health sees it, and its last telling call, however old. */
export interface KnownDevice {
  record: EndpointRecord;
  view: Pick<EndpointView, 'state' | 'reason' | 'signals' | 'since' | 'checkedAt' | 'mediaCheckedAt'> | undefined;
  lastCall: Observation | undefined;
}

type Seen = Pick<SiteStanding, 'state' | 'reason' | 'signals' | 'isProven'>;

/** Best first: the device that speaks for a site is the one with which it can take part soonest. */
const BEST_FIRST = ['ready', 'in-use', 'degraded', 'unverified', 'unknown', 'untested', 'down', 'maintenance'] as const;

/**
 * A device as a session sees it. Calls rest before a start, so that the last one grows old for health; what it showed within the
 * session's window (`callsFromMs`) still counts, as long as the device answers light probes.
 */
export function seenBy({ view, lastCall }: KnownDevice, callsFromMs: number): Seen {
  if (!view) return { state: 'untested', reason: null, signals: NO_SIGNALS, isProven: false };
  const { state, reason, signals } = view;
  const inWindow = lastCall !== undefined && endedAtMs(lastCall) >= callsFromMs;
  const proven = inWindow && lastCall.reason === 'ok';
  const isOnlyOld = state === 'unverified' && reason === 'ok';
  if (inWindow && isOnlyOld) {
    return {
      state: STATE_OF_REASON[lastCall.reason],
      reason: lastCall.reason,
      signals: lastCall.signals ?? NO_SIGNALS,
      isProven: proven,
    };
  }
  return { state, reason, signals, isProven: state === 'ready' || (state === 'in-use' && proven) };
}

/** One site, by the best of its devices; main first, so that a backup speaks only where it is better. */
export function standingOf(
  devices: readonly [KnownDevice, ...KnownDevice[]],
  callsFromMs: number,
  more: Pick<SiteStanding, 'role' | 'required' | 'incident' | 'contactLog'>,
): SiteStanding {
  const seen = devices.map((device) => ({ device, ...seenBy(device, callsFromMs) }));
  const best = seen.reduce((a, b) => (rank(b) < rank(a) ? b : a));
  const { record, view, lastCall } = best.device;
  const { siteCode, siteName, tier, area, carrier, id, ordinal } = record;
  return {
    ...{ siteCode, siteName, tier, area, carrier, endpointId: id, usesBackup: ordinal > 1 },
    ...{ state: best.state, reason: best.reason, signals: best.signals, isProven: best.isProven },
    sinceMs: msOf(view?.since),
    checkedMs: msOf(view?.checkedAt),
    calledMs: lastCall && isCall(lastCall.kind) ? endedAtMs(lastCall) : null,
    contact: { name: record.contactName, phone: record.contactPhone },
    deputy: { name: record.deputyName, phone: record.deputyPhone },
    ...more,
  };
}

const rank = ({ state }: Pick<Seen, 'state'>): number => BEST_FIRST.indexOf(state);
const msOf = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso));
