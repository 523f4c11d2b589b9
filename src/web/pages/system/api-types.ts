import type { StandingStop } from '../../../live/feed-events.js';

/** `GET /monitor/self`; null: not known now */
export interface SelfReport {
  at: string;
  version: string;
  node: string;
  vantage: string;
  core: { startedAt: string; loopLagP99Ms: number; memoryBytes: number; feedClients: number };
  prober: {
    status: 'up' | 'restarting' | 'down';
    pid: number | null;
    upSince: string | null;
    restarts: number;
    figures: {
      planRevision: number;
      queued: number;
      running: number;
      startDelayP99Ms: number;
      loopLagP99Ms: number;
      skippedRounds: number;
      icmpEngine: string;
    } | null;
  };
  spool: {
    waiting: number | null;
    sizeBytes: number | null;
    dropped: Record<string, number>;
    waitingInCore: number;
    setAside: number;
  };
  database: {
    up: boolean;
    writer: boolean;
    lastError: string | null;
    figures: {
      latencyMs: number;
      sizeBytes: number;
      partitions: { count: number; first: string | null; last: string | null };
      lastRollupHour: string | null;
    } | null;
  };
  clock: { steps: number | null; discipline: { synchronised: boolean; offsetMs: number; maxErrorMs: number } | null };
  doubt: { since: string; why: 'references' | 'overload'; targets: string[] } | null;
  references: string[];
  notices: {
    unstored: number;
    dropped: number;
    receivers: {
      name: string;
      kind: string;
      waiting: number;
      overdueSeconds: number | null;
      sent: number;
      dead: number;
      attemptsFailed: number;
      lastError: string | null;
    }[];
  };
  settings: { name: string; value: string }[];
}

export type Stop = StandingStop | null;
