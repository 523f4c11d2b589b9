import type { Incident } from './incident.js';

/** An incident as the API, the feed and notices show it. Times are ISO 8601 UTC. */
export interface IncidentView {
  id: string;
  cause: { kind: Incident['cause']['kind']; name: string; trouble: Incident['cause']['trouble'] };
  state: Incident['state'];
  severity: Incident['severity'];
  openedAt: string;
  resolvedAt: string | null;
  mergedInto: string | null;
  acknowledged: { by: string; note: string; at: string } | null;
  /** endpoints that fail through it now */
  members: string[];
  /** unit codes of their sites */
  sites: string[];
  /** endpoints that ever failed through it */
  everMembers: string[];
  reopened: number;
  /** sites times minutes that were not ready through it, until `countedAt` */
  siteMinutesLost: number;
  countedAt: string;
  evidence: Incident['evidence'];
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function toIncidentView(incident: Incident): IncidentView {
  const { cause, acknowledged, resolvedMs } = incident;
  return {
    id: incident.id,
    cause: { kind: cause.kind, name: cause.name, trouble: cause.trouble },
    state: incident.state,
    severity: incident.severity,
    openedAt: iso(incident.openedMs),
    resolvedAt: resolvedMs === null ? null : iso(resolvedMs),
    mergedInto: incident.mergedInto,
    acknowledged: acknowledged && { by: acknowledged.by, note: acknowledged.note, at: iso(acknowledged.atMs) },
    members: incident.members,
    sites: incident.sites,
    everMembers: incident.everMembers,
    reopened: incident.reopened,
    siteMinutesLost: Math.round(incident.lostSiteMs / 6_000) / 10,
    countedAt: iso(incident.countedMs),
    evidence: incident.evidence,
  };
}
