import type { Reason } from '../common/reasons.js';
import type { HealthState, Tier } from '../common/states.js';
import type { EndpointView } from './endpoint-view.js';

/** One site (điểm cầu) as the best of its endpoints makes it. Timestamps are ISO 8601 UTC. */
export interface SiteView {
  siteCode: string;
  siteName: string;
  tier: Tier;
  area: string;
  carrier: string;
  state: HealthState;
  reason: Reason | null;
  /** since when the site, not only one device of it, is in this state */
  since: string | null;
  /** the endpoint to join with; null: none is ready */
  readyEndpointId: string | null;
  /** the endpoint whose state, reason and contact stand for the site */
  speaksFor: string;
  /** the site hangs on a device that is not its main one */
  usesBackup: boolean;
  /** at least one of its endpoints changes its state too often to be relied upon */
  flapping: boolean;
  monitorBlind: boolean;
  /** ids, main first */
  endpoints: string[];
}

/**
 * Which device stands for its site: the one it can take part with soonest. A device under maintenance stands for the site only
 * where nothing else is there, and one that is down only where nothing better is known of any other.
 */
const RANK: Record<HealthState, number> = {
  ready: 0,
  'in-use': 1,
  degraded: 2,
  unverified: 3,
  unknown: 4,
  untested: 5,
  down: 6,
  maintenance: 7,
};

/** The device that stands for its site; of equals the first. */
export const bestOf = <T extends { state: HealthState }>(devices: readonly [T, ...T[]]): T =>
  devices.reduce((a, b) => (RANK[b.state] < RANK[a.state] ? b : a));

/** In the order in which the sites first come; endpoints of one site may stand anywhere in the list. */
export function sitesOf(views: readonly EndpointView[]): SiteView[] {
  const bySite = new Map<string, [EndpointView, ...EndpointView[]]>();
  for (const view of views) {
    const others = bySite.get(view.siteCode);
    if (others) others.push(view);
    else bySite.set(view.siteCode, [view]);
  }
  return Array.from(bySite.values(), rollUp);
}

export function rollUp(views: [EndpointView, ...EndpointView[]]): SiteView {
  views.sort((a, b) => a.ordinal - b.ordinal);
  const [main] = views;
  const best = bestOf(views);
  const { siteCode, siteName, tier, area } = main;
  return {
    ...{ siteCode, siteName, tier, area, carrier: best.carrier, state: best.state, reason: best.reason },
    since: sinceOf(best, views),
    readyEndpointId: best.state === 'ready' ? best.id : null,
    speaksFor: best.id,
    usesBackup: best !== main,
    flapping: views.some((view) => view.flapping),
    monitorBlind: views.every((view) => view.monitorBlind),
    endpoints: views.map(({ id }) => id),
  };
}

/** With what is worse than its best, the site is in that state since its last better device went: that is the latest of them. */
function sinceOf(best: EndpointView, views: readonly EndpointView[]): string | null {
  if (best.state === 'ready') return best.since;
  const instants = views.flatMap(({ since }) => since ?? []).sort();
  return instants.at(-1) ?? null;
}
