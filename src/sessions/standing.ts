import { type HealthState, SIGNAL_NAMES, type SignalName } from '../common/states.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { bestOf } from '../health/site-view.js';
import { endedAtMs, NO_SIGNALS } from '../health/state-machine.js';
import { isAboutMedia, stateOfCall } from '../health/state-of-call.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Observation } from '../probes/contract.js';
import { isCall } from './check-plan.js';
import type { SiteStanding } from './readiness.js';
import type { MediaNeed } from './session.js';

/** What is known of one device: as health sees it, and its last telling call, however old. */
export interface KnownDevice {
  record: EndpointRecord;
  view: Pick<EndpointView, 'state' | 'reason' | 'signals' | 'needs' | 'since' | 'checkedAt' | 'mediaCheckedAt'> | undefined;
  lastCall: Observation | undefined;
}

type Seen = Pick<SiteStanding, 'state' | 'reason' | 'signals' | 'needs' | 'isProven'>;

/**
 * A device as a session sees it. Calls rest before a start, so that the last one grows old for health; what it showed within the
 * session's window (`callsFromMs`) still counts, as long as the device answers light probes.
 */
export function seenBy({ view, lastCall }: KnownDevice, callsFromMs: number, need: MediaNeed): Seen {
  if (!view) return { state: 'untested', reason: null, signals: NO_SIGNALS, needs: neededFor(need), isProven: false };
  const needs = neededFor(need, view.needs);
  const inWindow = lastCall !== undefined && endedAtMs(lastCall) >= callsFromMs;
  const called = inWindow ? stateOfCall(lastCall, needs) : null;
  const proven = called?.state === 'ready';
  const isOnlyOld = view.state === 'unverified' && view.reason === 'ok';
  if (called && isOnlyOld) return { ...called, signals: lastCall?.signals ?? NO_SIGNALS, needs, isProven: proven };
  const { state, reason } = asNeeded(view, needs);
  return { state, reason, signals: view.signals, needs, isProven: state === 'ready' || (state === 'in-use' && proven) };
}

/** A session may need less than the site could give, never more. */
const neededFor = (need: MediaNeed, ofSite: readonly SignalName[] = SIGNAL_NAMES): readonly SignalName[] =>
  need === 'audio' ? ofSite.filter((name) => name.startsWith('audio')) : ofSite;

/** What is wrong with the picture is nothing to a session that needs sound alone. */
function asNeeded({ state, reason, signals }: Told, needs: readonly SignalName[]): Pick<Seen, 'state' | 'reason'> {
  const decidedByMedia = JUDGED_BY_MEDIA.has(state) && (reason === null || isAboutMedia(reason));
  if (!decidedByMedia || needs.length === SIGNAL_NAMES.length) return { state, reason };
  return needs.every((name) => signals[name] === 'flowing') ? { state: 'ready', reason: 'ok' } : { state, reason };
}

type Told = Pick<EndpointView, 'state' | 'reason' | 'signals'>;
const JUDGED_BY_MEDIA: ReadonlySet<HealthState> = new Set<HealthState>(['degraded', 'down', 'unverified']);

/** One site, by the best of its devices; main first, so that a backup speaks only where it is better. */
export function standingOf(
  devices: readonly [KnownDevice, ...KnownDevice[]],
  callsFromMs: number,
  need: MediaNeed,
  more: Pick<SiteStanding, 'role' | 'required' | 'incident' | 'contactLog'>,
): SiteStanding {
  const [main, ...backups] = devices;
  const seen = (device: KnownDevice) => ({ device, ...seenBy(device, callsFromMs, need) });
  const best = bestOf([seen(main), ...backups.map(seen)]);
  const { record, view, lastCall } = best.device;
  const { siteCode, siteName, tier, area, carrier, id, ordinal } = record;
  return {
    ...{ siteCode, siteName, tier, area, carrier, endpointId: id, usesBackup: ordinal > 1 },
    ...{ state: best.state, reason: best.reason, signals: best.signals, needs: best.needs, isProven: best.isProven },
    sinceMs: msOf(view?.since),
    checkedMs: msOf(view?.checkedAt),
    calledMs: lastCall && isCall(lastCall.kind) ? endedAtMs(lastCall) : null,
    contact: { name: record.contactName, phone: record.contactPhone },
    deputy: { name: record.deputyName, phone: record.deputyPhone },
    ...more,
  };
}

const msOf = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso));
