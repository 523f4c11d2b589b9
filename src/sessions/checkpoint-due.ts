import type { PlannedCheckpoint, Suite } from './check-plan.js';
import type { Session } from './session.js';

/** A start later than this after the wanted moment is recorded as late: the runner looks every second. */
export const LATE_AFTER_MS = 30_000;

/** What is already known of a checkpoint: it ran, runs, or was passed over. */
export interface KnownCheckpoint {
  checkpoint: string;
  /** part of its identity: a session that is moved has its checkpoints again */
  plannedMs: number;
  state: 'running' | 'done' | 'missed';
}

export interface Due {
  /** to be begun now */
  run: { checkpoint: string; plannedMs: number; suite: Suite; late: boolean } | null;
  /** passed over: the one that runs now says more than they could; after the start nothing runs */
  missed: { checkpoint: string; plannedMs: number }[];
}

type DueOf = Pick<Session, 'startsMs' | 'status'>;

/**
 * What to do about the checkpoints of a session at this moment. Of those whose time has come only the latest runs; one whose time came
 * while nobody was there (the core was down, the session was made late) runs at once and is recorded as late, with calls when one
 * that it stands for had calls and they are still allowed (until `lastCallMs`).
 */
export function dueCheckpoints(
  session: DueOf,
  plan: readonly PlannedCheckpoint[],
  known: readonly KnownCheckpoint[],
  nowMs: number,
  lastCallMs: number,
): Due {
  const isKnown = ({ checkpoint, plannedMs }: PlannedCheckpoint): boolean =>
    known.some((one) => one.checkpoint === checkpoint && one.plannedMs === plannedMs);
  const due = plan.filter((one) => one.startMs <= nowMs && !isKnown(one));
  if (session.status === 'cancelled' || due.length === 0) return { run: null, missed: [] };
  const latest = due.at(-1);
  if (!latest || nowMs >= session.startsMs) return { run: null, missed: due.map(nameOf) };
  const wantsCalls = due.some(({ suite }) => suite === 'full');
  const suite: Suite = wantsCalls && nowMs < lastCallMs ? 'full' : 'light';
  return {
    run: { ...nameOf(latest), suite, late: nowMs - latest.plannedMs > LATE_AFTER_MS },
    missed: due.slice(0, -1).map(nameOf),
  };
}

const nameOf = ({ checkpoint, plannedMs }: PlannedCheckpoint) => ({ checkpoint, plannedMs });
