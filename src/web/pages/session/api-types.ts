import type { CheckpointView, ReadinessView } from '../../../sessions/readiness-view.js';

/** What this page reads of `/sessions/{id}/…`. Timestamps are ISO 8601 UTC. */

export type { CheckpointView, ReadinessView };
export type SiteReadiness = ReadinessView['sites'][number];
export type ReadinessClass = SiteReadiness['class'];
export type Counts = Record<ReadinessClass, number> & { total: number };
export type Person = SiteReadiness['contact'];
export type Differences = NonNullable<ReadinessView['differences']>;
export type ClassChange = Differences['worse'][number];

export interface Retest {
  suite: 'full' | 'light';
  sites: string[];
  runIds: string[];
  predictedFinish: string;
}

export const MARKS = ['present', 'late', 'absent', 'dropped'] as const;
export type Mark = (typeof MARKS)[number];
export type AttendanceState = 'expected' | 'overdue' | 'on-time' | 'late' | 'absent' | 'dropped';

export interface AttendanceView {
  siteCode: string;
  siteName: string;
  role: 'participant' | 'counterpart';
  required: boolean;
  state: AttendanceState;
  arrivedAt: string | null;
  suggestion: { mark: 'present' | 'late'; at: string } | null;
  history: { mark: Mark | 'undo'; at: string; note: string; by: string; recordedAt: string }[];
}

export interface SignOff {
  revision: number;
  by: string;
  note: string;
  at: string;
}

export interface FrozenSnapshot {
  takenAt: string;
  sha256: string;
  picture: { readiness: Pick<ReadinessView, 'verdict' | 'ready' | 'total'> };
}

export interface Listed<T> {
  items: T[];
  total: number;
}
