import type { Reason } from '../common/reasons.js';
import type { HealthState, SignalName, Signals, Tier } from '../common/states.js';
import type { ProbeKind, ProbeResult } from '../probes/contract.js';

/** The last result of one probe kind, as the API and the feed show it. */
export interface ProbeSummary {
  result: ProbeResult;
  reason: Reason;
  at: string;
  durationMs: number;
  rttMs?: number;
  lossRatio?: number;
  /** of a call: the one by the endpoint's other protocol, tried before and not taken */
  fellBackFrom?: { kind: ProbeKind; reason: Exclude<Reason, 'ok'> };
}

/** One endpoint as `GET /endpoints` and the live feed show it. Timestamps are ISO 8601 UTC. */
export interface EndpointView {
  id: string;
  siteCode: string;
  siteName: string;
  /** what people still call the site; '': nothing else */
  formerNames: string;
  tier: Tier;
  area: string;
  carrier: string;
  address: string;
  /** 1 = main, 2... = backups */
  ordinal: number;
  lat: number | null;
  lon: number | null;
  contactName: string;
  contactPhone: string;
  /** kind of site, of `GET /health/thresholds` */
  profile: string;
  /** the signals without which it is not ready */
  needs: readonly SignalName[];
  state: HealthState;
  reason: Reason | null;
  signals: Signals;
  /** when the present state began */
  since: string | null;
  /** end of the last probe of any kind */
  checkedAt: string | null;
  /** when the four signals were last looked at by a call */
  mediaCheckedAt: string | null;
  rttMs: number | null;
  lossRatio: number | null;
  mos: number | null;
  probes: Partial<Record<ProbeKind, ProbeSummary>>;
  /** its results change between good and bad too often for the state of this moment to be relied upon */
  flapping: boolean;
  /** far from what it was on its own last days, though within what is allowed; null: as ever, or not known yet */
  unlikeItself: Unlikeness | null;
  /** the open window of planned work; null: none */
  maintenance: { id: string; until: string; note: string } | null;
  /** the monitor does not trust its own eyes: the state says nothing of the endpoint */
  monitorBlind: boolean;
}

/** A figure that is far from the endpoint's own usual one. */
export interface Unlikeness {
  figure: 'rttMs';
  now: number;
  usual: number;
  /** beyond this it is called unlike itself */
  limit: number;
}
