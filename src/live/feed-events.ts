import type { EndpointView } from '../health/endpoint-view.js';
import type { IncidentView } from '../incidents/incident-view.js';
import type { SessionView } from '../sessions/session-view.js';

export type { EndpointView, ProbeSummary } from '../health/endpoint-view.js';
export type { IncidentView } from '../incidents/incident-view.js';
export type { SessionView } from '../sessions/session-view.js';

/** Namespace of the feed. */
export const LIVE_NAMESPACE = '/live';

/** Who stopped what, since when (ISO 8601), and why. */
export interface StandingStop {
  level: 'calls' | 'everything';
  by: string;
  note: string;
  since: string;
}

/** Is the monitor itself well? Shown on every page, so that its silence is never read as the line's health. */
export interface MonitorStatus {
  simulated: boolean;
  prober: 'up' | 'restarting' | 'down';
  database: 'up' | 'down';
  calls: 'running' | 'stopped';
  /** who stopped them; null: nobody */
  stop: StandingStop | null;
}

export interface Snapshot {
  seq: number;
  at: string;
  endpoints: EndpointView[];
  sessions: SessionView[];
  incidents: IncidentView[];
  simulated: boolean;
  monitor: MonitorStatus;
}

/** Only what changed; an endpoint that changed is sent whole. `removed` names endpoints that left the inventory. */
export interface Delta {
  seq: number;
  at: string;
  endpoints?: EndpointView[];
  removed?: string[];
  sessions?: SessionView[];
  incidents?: IncidentView[];
  monitor?: MonitorStatus;
}

export interface Heartbeat {
  at: string;
}

export interface ServerToClientEvents {
  snapshot: (snapshot: Snapshot) => void;
  delta: (delta: Delta) => void;
  heartbeat: (heartbeat: Heartbeat) => void;
}

export interface ClientToServerEvents {
  /** sent on a gap in `seq`; answered with a snapshot */
  resync: () => void;
}
