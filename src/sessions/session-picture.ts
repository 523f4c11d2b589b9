import { SIGNAL_NAMES } from '../common/states.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { NO_SIGNALS } from '../health/state-machine.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Observation } from '../probes/contract.js';
import type { CheckpointRun } from './checkpoint-run.js';
import type { Participant } from './participants.js';
import type { ContactNote, SiteStanding } from './readiness.js';
import type { Session } from './session.js';
import { type KnownDevice, standingOf } from './standing.js';

/** Where what is known of a participant's devices comes from. */
export interface PictureSources {
  endpointsOf(siteCode: string): readonly EndpointRecord[];
  view(endpointId: string): EndpointView | undefined;
  lastCall(endpointId: string): Observation | undefined;
  /** the open incidents of each site's devices */
  incidents(): ReadonlyMap<string, SiteStanding['incident']>;
  contactLogOf(siteCode: string): readonly ContactNote[];
}

/** Every participant's standing now for a session that needs this, by the calls from `callsFromMs` on. */
export function standingsOf(
  participants: readonly Participant[],
  sources: PictureSources,
  { need }: Pick<Session, 'need'>,
  callsFromMs: number,
): SiteStanding[] {
  const incidents = sources.incidents();
  return participants.map(({ siteCode, role, required }) => {
    const more = { role, required, incident: incidents.get(siteCode) ?? null, contactLog: sources.contactLogOf(siteCode) };
    const [main, ...backups] = sources.endpointsOf(siteCode).map((record): KnownDevice => {
      return { record, view: sources.view(record.id), lastCall: sources.lastCall(record.id) };
    });
    return main ? standingOf([main, ...backups], callsFromMs, need, more) : { ...absent(siteCode), ...more };
  });
}

/**
 * A session's calls are those from its last checkpoint that made any; none yet: only what health takes for fresh. One whose calls all had to be
 * left out, inside the window of another session for instance, moves nothing: what was seen before still stands.
 */
export function callsFrom(runs: readonly CheckpointRun[]): number {
  const withCalls = runs.filter(({ called, startedMs }) => called > 0 && startedMs !== null);
  return withCalls.at(-1)?.startedMs ?? Infinity;
}

const NOBODY = { name: '', phone: '' };

/** Named by the session, and gone from the inventory meanwhile. */
const absent = (siteCode: string): Omit<SiteStanding, 'role' | 'required' | 'incident' | 'contactLog'> => ({
  ...{ siteCode, siteName: siteCode, tier: 'commune', area: '', carrier: '', endpointId: null, usesBackup: false },
  ...{ state: 'untested', reason: null, signals: NO_SIGNALS, needs: SIGNAL_NAMES, isProven: false },
  ...{ sinceMs: null, checkedMs: null, calledMs: null, contact: NOBODY, deputy: NOBODY },
});
