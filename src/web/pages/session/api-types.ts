import type { EndpointView, SessionView } from '../../../live/feed-events.js';
import type { HealthState } from '../../state/health.js';

/** What this page reads of `/sessions/{id}/…`. Timestamps are ISO 8601 UTC. */

export type Verdict = NonNullable<SessionView['verdict']>;
export type ReadinessClass = 'ready' | 'degraded' | 'notReady' | 'unverified' | 'untested' | 'inUse' | 'maintenance';
export type Counts = Record<ReadinessClass, number> & { total: number };

export interface Person {
  name: string;
  phone: string;
}

export interface ContactNote {
  at: string;
  by: string;
  note: string;
}

export interface SiteReadiness {
  siteCode: string;
  siteName: string;
  tier: EndpointView['tier'];
  area: string;
  carrier: string;
  role: 'participant' | 'counterpart';
  required: boolean;
  mustHave: boolean;
  class: ReadinessClass;
  state: HealthState;
  reason: EndpointView['reason'];
  signals: EndpointView['signals'];
  sentence: { vi: string; en: string };
  since: string | null;
  checkedAt: string | null;
  mediaCheckedAt: string | null;
  usesBackup: boolean;
  isProven: boolean;
  incident: { id: string; ofMany: boolean } | null;
  contact: Person;
  deputy: Person;
  contactLog: ContactNote[];
  repair: { by: 'us' | 'phone' | 'network' | 'carrier' | 'nobody'; minutes: number | null } | null;
  fixableInTime: boolean | null;
}

export interface ClassChange {
  siteCode: string;
  was: ReadinessClass | null;
  is: ReadinessClass | null;
}

export interface Differences {
  since: { sessionId: string; at: string };
  worse: ClassChange[];
  better: ClassChange[];
  joined: string[];
  left: string[];
}

export interface ReadinessView extends Counts {
  at: string;
  verdict: Verdict;
  required: { total: number; ready: number };
  missingMustHave: string[];
  byTier: Record<string, Counts>;
  byArea: Record<string, Counts>;
  byCarrier: Record<string, Counts>;
  sites: SiteReadiness[];
  differences: Differences | null;
}

export interface CheckpointView {
  checkpoint: string;
  state: 'planned' | 'running' | 'done' | 'missed';
  suite: 'full' | 'light';
  plannedAt: string;
  startsAt: string;
  predictedFinish: string | null;
  finishBy: string | null;
  canFinish: boolean | null;
  finishedAt: string | null;
  late: boolean;
  coveredBy: string | null;
  total: number;
  done: number;
  passed: number;
  failed: number;
  verdict: Verdict | null;
  counts: Counts | null;
}

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
