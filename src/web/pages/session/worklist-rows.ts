import type { SiteReadiness } from './api-types.js';
import { countsAsReady } from './classes.js';

/** Who is not ready, in the server's order of urgency, and what the person at this page has ticked. Pure. */

export const notReady = (sites: readonly SiteReadiness[]): SiteReadiness[] => sites.filter((site) => !countsAsReady(site));

/** A site in a meeting would be disturbed, one in maintenance is not there: the server leaves both out of "all red" too. */
export const canBeTested = ({ class: of }: Pick<SiteReadiness, 'class'>): boolean => of !== 'inUse' && of !== 'maintenance';

type Rows = readonly Pick<SiteReadiness, 'siteCode'>[];

/** The row that has the focus after a step; the nearest one when the row of before has left the list. */
export function stepFrom(rows: Rows, cursor: string | null, by: -1 | 0 | 1, lastIndex = 0): string | null {
  if (rows.length === 0) return null;
  const found = rows.findIndex(({ siteCode }) => siteCode === cursor);
  const index = found < 0 ? lastIndex : found + by;
  return rows[Math.max(0, Math.min(rows.length - 1, index))]?.siteCode ?? null;
}

export function toggled(chosen: ReadonlySet<string>, siteCode: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(siteCode)) next.add(siteCode);
  return next;
}

/** Whoever has become ready is not tested again because of an old tick. */
export const stillChosen = (chosen: ReadonlySet<string>, rows: readonly SiteReadiness[]): string[] =>
  rows.filter((site) => chosen.has(site.siteCode) && canBeTested(site)).map(({ siteCode }) => siteCode);
