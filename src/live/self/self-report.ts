import type { ClockDiscipline } from '../../net/kernel/clock-discipline.js';

/** Everything that tells whether the monitor itself is well. Times are ISO 8601 UTC; null: not known now. */
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
    /** null: there is no prober to ask */
    figures: ProberFigures | null;
  };
  /** results on their way to the database */
  spool: {
    waiting: number | null;
    sizeBytes: number | null;
    dropped: Record<string, number>;
    waitingInCore: number;
    setAside: number;
  };
  database: { up: boolean; writer: boolean; lastError: string | null; figures: DatabaseFigures | null };
  clock: { steps: number | null; discipline: ClockDiscipline | null };
  /** why the monitor does not believe its own eyes; null: it does */
  doubt: { since: string; why: 'references' | 'overload'; targets: string[] } | null;
  references: string[];
  notices: { unstored: number; dropped: number; receivers: NoticeReceiver[] };
  settings: SettingInForce[];
}

interface ProberFigures {
  planRevision: number;
  queued: number;
  running: number;
  startDelayP99Ms: number;
  loopLagP99Ms: number;
  skippedRounds: number;
  /** who sends the pings and stamps their answers: a kernel-stamped socket, or the `ping` program */
  icmpEngine: string;
}

interface NoticeReceiver {
  name: string;
  kind: string;
  waiting: number;
  overdueSeconds: number | null;
  sent: number;
  dead: number;
  attemptsFailed: number;
  lastError: string | null;
}

export interface DatabaseFigures {
  /** one small query, from asking to the answer */
  latencyMs: number;
  sizeBytes: number;
  /** days that have a partition, `YYYY-MM-DD` in UTC */
  partitions: { count: number; first: string | null; last: string | null };
  /** ISO 8601: begin of the newest hour that was rolled up */
  lastRollupHour: string | null;
}

export interface SettingInForce {
  /** `probes.icmp.intervalSeconds` */
  name: string;
  value: string;
}
