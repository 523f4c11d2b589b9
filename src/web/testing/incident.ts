import type { IncidentView } from '../../live/feed-events.js';

/** A complete incident for specs; only what a spec is about is named there. */
export const incidentOf = (part: Partial<IncidentView> & { id: string }): IncidentView => ({
  cause: { kind: 'carrier', name: 'Viettel', trouble: 'failing' },
  state: 'open',
  severity: 'critical',
  openedAt: '2026-11-23T00:00:00.000Z',
  resolvedAt: null,
  mergedInto: null,
  acknowledged: null,
  members: [],
  sites: [],
  everMembers: [],
  reopened: 0,
  siteMinutesLost: 0,
  countedAt: '2026-11-23T00:00:00.000Z',
  evidence: [],
  ...part,
});
