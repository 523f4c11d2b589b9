import type { IncidentView } from '../../live/feed-events.js';

const SEVERITIES: readonly IncidentView['severity'][] = ['critical', 'major', 'minor', 'info'];

export const isOver = ({ state }: Pick<IncidentView, 'state'>): boolean => state === 'resolved' || state === 'merged';

/** What has to be looked at first. */
export const gravestFirst = (a: IncidentView, b: IncidentView): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  b.sites.length - a.sites.length ||
  a.openedAt.localeCompare(b.openedAt);

/** Causes that several sites share, gravest and largest first. A site that fails alone stands in the worklist anyway. */
export const sharedCauses = (incidents: readonly IncidentView[]): IncidentView[] =>
  incidents.filter((incident) => incident.cause.kind !== 'endpoint' && !isOver(incident)).sort(gravestFirst);

/** Which shared cause a site fails through: unit code -> incident. */
export const causeOfSites = (causes: readonly IncidentView[]): ReadonlyMap<string, IncidentView> =>
  new Map(causes.flatMap((incident) => incident.sites.map((code) => [code, incident] as const)));

/** @returns whether somebody has to hear of an incident that was not open before */
export const hasNewIncident = (before: readonly IncidentView[], now: readonly IncidentView[]): boolean => {
  const known = new Set(before.map(({ id }) => id));
  return now.some((incident) => !known.has(incident.id) && !isOver(incident) && incident.acknowledged === null);
};
