import type { EndpointView } from '../health/endpoint-view.js';
import type { Cause } from './cause.js';
import type { Severity } from './incident.js';

const MANY_SITES = 5;

/** How soon somebody has to look: many sites or one that everybody depends on first. */
export function severityOf({ kind, trouble }: Cause, members: readonly EndpointView[]): Severity {
  const sites = new Set(members.map(({ siteCode }) => siteCode)).size;
  const carriesAll = members.some(({ tier }) => tier === 'central' || tier === 'province');
  if (kind === 'vantage' || (kind !== 'endpoint' && sites >= MANY_SITES)) return 'critical';
  if (trouble === 'unseen') return carriesAll ? 'major' : 'info';
  if (carriesAll && members.some(({ state }) => state === 'down')) return 'critical';
  return members.some(({ state }) => state === 'down') ? 'major' : 'minor';
}
