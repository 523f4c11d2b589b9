import type { EndpointView, IncidentView } from '../../../live/feed-events.js';
import type { ProbeKind, SignalName, Signals } from '../../state/health.js';

/** As much of an outcome of `GET /endpoints/{id}/results` as this page shows. */
export interface Outcome {
  kind: ProbeKind;
  target: string;
  startedAt: string;
  durationMs: number;
  result: 'pass' | 'fail' | 'inconclusive';
  reason: NonNullable<EndpointView['reason']>;
  signals?: Signals;
  media?: Partial<Record<SignalName, Stream>>;
  rttMs?: number;
  mos?: number;
  detail?: Record<string, unknown>;
  evidence?: Record<string, unknown>;
}

export interface Stream {
  packets?: number;
  expected?: number;
  lossRatio?: number;
  jitterMs?: number;
  bitrateKbps?: number;
}

export interface Outcomes {
  items: Outcome[];
}

/** `GET /endpoints/{id}/series`: a point without any result is not there. */
export interface Series {
  step: '5min' | 'hour' | 'day';
  items: SeriesPoint[];
}

export interface SeriesPoint {
  at: string;
  total: number;
  rttMs?: { median: number; p95: number };
  lossRatio?: number;
  jitterMs?: { mean: number; max: number };
  mos?: { mean: number; min: number };
}

/** `GET /health/thresholds` */
export interface Profiles {
  profiles: { name: string; thresholds: Record<'lossRatio' | 'jitterMs' | 'rttMs' | 'mos', { value: number; source: string }> }[];
}

export interface Incidents {
  items: IncidentView[];
}

export interface ContactLog {
  items: { id: string; at: string; by: string; note: string }[];
}

export interface Sessions {
  items: { id: string; title: string; startsAt: string; endsAt: string }[];
}
