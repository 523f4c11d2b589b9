import type { Reason } from '../common/reasons.js';
import type { Cause } from './cause.js';

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved', 'merged'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** `critical`: many at once; `major`: a site that cannot take part; `minor`: works badly or is not proven; `info`: not seen. */
export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Acknowledgement {
  by: string;
  note: string;
  atMs: number;
}

/** What one of the first members showed when the incident opened. */
export interface Evidence {
  endpointId: string;
  siteName: string;
  reason: Reason | null;
  since: string | null;
  /** the outcome that decided: kind, startedAt, detail, ladder or trace */
  outcome?: Record<string, unknown>;
}

/** One cause and everything that fails through it, from its first failure to its last recovery. Times are Unix ms. */
export interface Incident {
  id: string;
  cause: Cause;
  state: IncidentState;
  severity: Severity;
  openedMs: number;
  resolvedMs: number | null;
  /** the wider incident that took its members over */
  mergedInto: string | null;
  acknowledged: Acknowledgement | null;
  /** endpoints that fail through it now */
  members: string[];
  /** endpoints that ever did */
  everMembers: string[];
  sites: string[];
  /** sum over its sites of the time they were not ready through it, up to `countedMs` */
  lostSiteMs: number;
  countedMs: number;
  reopened: number;
  /** people were told of it */
  announced: boolean;
  evidence: Evidence[];
}

export type IncidentEventType = 'opened' | 'changed' | 'acknowledged' | 'resolved' | 'reopened';

/** One line of the audit: what happened to an incident, when, through whom. */
export interface AuditEntry {
  /** given by us, so that writing it twice keeps it once */
  id: string;
  incidentId: string;
  atMs: number;
  type: IncidentEventType | 'merged';
  /** a person, or 'monitor' */
  by: string;
  note: string;
  joined: string[];
  left: string[];
}

export const isOpen = ({ state }: Incident): boolean => state === 'open' || state === 'acknowledged';
