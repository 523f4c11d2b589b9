import type { CheckNow, PlanItem } from '../prober/messages.js';
import type { ExpectedRun } from '../prober/predict-finish.js';
import type { Observation, Outcome } from '../probes/contract.js';
import { isCall, type RunsOf } from './check-plan.js';
import type { DurationBook } from './duration-book.js';

/** What the checks of a session consist of: everything that is planned for the devices of its participants. */
export function runsOf(items: readonly PlanItem[], durations: DurationBook): RunsOf {
  const full = items.map((item) => expectedRun(item, durations));
  return { full, light: full.filter(({ item }) => !isCall(item.kind)) };
}

const expectedRun = (item: PlanItem, durations: DurationBook): ExpectedRun => ({
  item,
  durationMs: durations.expectedMs(item.endpointId, item.kind),
  lane: 'sweep',
  atMs: 0,
});

/** Of a sweep that was interrupted: what has not been seen since it began. */
export const notSeenSince = (
  runs: readonly ExpectedRun[],
  sinceMs: number,
  lastSeen: (item: PlanItem) => Observation | undefined,
): ExpectedRun[] => runs.filter(({ item }) => Date.parse(lastSeen(item)?.startedAt ?? '') >= sinceMs === false);

/** The orders of one sweep, and which of them have no outcome yet. */
export class Sweep {
  private readonly pending = new Map<string, ExpectedRun>();

  constructor(
    private waiting: readonly ExpectedRun[],
    private readonly newId: () => string,
  ) {}

  get isDone(): boolean {
    return this.pending.size === 0 && this.waiting.length === 0;
  }

  /** What was not ordered yet, or was lost with the prober that had the order. */
  get unordered(): readonly ExpectedRun[] {
    return this.waiting;
  }

  /** @param withinMs what has not begun by then is not begun any more */
  order(withinMs: number, checkNow: (checks: CheckNow[]) => boolean): void {
    if (this.waiting.length === 0) return;
    const ordered = this.waiting.map((run) => ({ run, runId: this.newId() }));
    const checks = ordered.map(({ run: { item }, runId }) => {
      const { endpointId, kind } = item;
      return { endpointId, kind, runId, lane: 'sweep' as const, withinMs };
    });
    if (!checkNow(checks)) return;
    for (const { run, runId } of ordered) this.pending.set(runId, run);
    this.waiting = [];
  }

  /** The prober that had the orders is gone: each is given again under a new id. */
  lost(): void {
    this.waiting = [...this.waiting, ...this.pending.values()];
    this.pending.clear();
  }

  /** true: an outcome that was waited for */
  saw({ runId }: Pick<Outcome, 'runId'>): boolean {
    return this.pending.delete(runId);
  }
}
