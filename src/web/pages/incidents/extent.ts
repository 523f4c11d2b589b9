import type { EndpointView, IncidentView } from '../../../live/feed-events.js';
import { isOver } from '../../state/incidents.js';

type Counted = Pick<IncidentView, 'state' | 'siteMinutesLost' | 'countedAt' | 'sites'>;

/** Sites times minutes lost up to now: the server counts at each change, the page goes on from there. */
export function siteMinutesLost(incident: Counted, nowMs: number): number {
  if (isOver(incident)) return incident.siteMinutesLost;
  const sinceCountedMs = Math.max(0, nowMs - Date.parse(incident.countedAt));
  return incident.siteMinutesLost + (sinceCountedMs / 60_000) * incident.sites.length;
}

export const lastedMs = ({ openedAt, resolvedAt }: Pick<IncidentView, 'openedAt' | 'resolvedAt'>, nowMs: number): number =>
  (resolvedAt === null ? nowMs : Date.parse(resolvedAt)) - Date.parse(openedAt);

export interface MemberSite {
  code: string;
  name: string;
  /** null: it has left the inventory */
  view: EndpointView | null;
  /** it fails through this cause now */
  failing: boolean;
}

/** Everything that ever failed through it, what still does first; a device that has gone is told by its id alone. */
export function memberSites(incident: Pick<IncidentView, 'members' | 'everMembers'>, known: ReadonlyMap<string, EndpointView>) {
  const failing = new Set(incident.members);
  const members = incident.everMembers.map((id): MemberSite => {
    const view = known.get(id) ?? null;
    return { code: view?.siteCode ?? id, name: view?.siteName ?? id, view, failing: failing.has(id) };
  });
  return members.sort((a, b) => Number(b.failing) - Number(a.failing) || collator.compare(a.name, b.name));
}

const collator = new Intl.Collator('vi');
