import { isDeepStrictEqual } from 'node:util';
import { hashFraction } from '../common/ids.js';
import { BinaryHeap } from '../common/binary-heap.js';
import type { PlanItem } from './messages.js';
import { planKey } from './plan-key.js';

/** A run that is due: `dueMs` is when it was planned, on the monotonic clock. */
export interface DueRun {
  key: string;
  item: PlanItem;
  dueMs: number;
}

interface Entry {
  key: string;
  item: PlanItem;
  dueMs: number;
  /** some moment of the item's steady rhythm; every other one is whole intervals away */
  phaseMs: number;
}

/** A round found later than this was missed: after a pause the queue goes on with the rhythm instead of catching up at once. */
const LATE_MS = 5_000;
export const lateToleranceMs = (intervalMs: number): number => Math.min(LATE_MS, intervalMs / 2);

/**
 * When every item of the plan is next due; one heap, no timer per target. The caller brings monotonic time, so steps of the wall
 * clock cannot reach it.
 *
 * Rhythm: a hash of endpoint and kind gives each item a fraction h. Its first run comes `h * firstRoundMs` after it appeared, so
 * that a start soon knows every site; from then on it runs at `h * interval` of each interval, which spreads the load evenly even
 * if the first round was short. Between the first and the second run lie 0.5 to 1.5 intervals, afterwards exactly one.
 */
export class DueQueue {
  private entries = new Map<string, Entry>();
  private heap = new BinaryHeap<Entry>((a, b) => a.dueMs < b.dueMs);
  private missed = 0;

  get size(): number {
    return this.entries.size;
  }

  /** Rounds left out because they were found too late. */
  get missedRounds(): number {
    return this.missed;
  }

  nextDueMs(): number | undefined {
    return this.heap.peek()?.dueMs;
  }

  /** When the next round of this item comes; never, if it is not in the plan. */
  dueOf(key: string): number {
    return this.entries.get(key)?.dueMs ?? Infinity;
  }

  /**
   * Takes over a new plan. What did not change keeps its rhythm. New and changed items run soon, over as much of the first round
   * as their share of the plan: one new site within moments, a whole new inventory as gently as a start.
   */
  replace(items: readonly PlanItem[], nowMs: number, firstRoundMs: number): void {
    const byKey = new Map(items.map((item) => [planKey(item), item]));
    const fresh = [...byKey].filter(([key, item]) => !sameRun(this.entries.get(key)?.item, item)).map(([key]) => key);
    const share = fresh.length / Math.max(1, byKey.size);
    const isFresh = new Set(fresh);
    const entries = new Map<string, Entry>();
    for (const [key, item] of byKey) {
      const known = this.entries.get(key);
      entries.set(key, known && !isFresh.has(key) ? { ...known, item } : firstEntry(key, item, nowMs, firstRoundMs * share));
    }
    this.entries = entries;
    this.heap = new BinaryHeap<Entry>((a, b) => a.dueMs < b.dueMs);
    for (const entry of entries.values()) this.heap.push(entry);
  }

  /** Everything due by now, each item at most once, in order; its next round is planned at the same time. */
  takeDue(nowMs: number): DueRun[] {
    const due: DueRun[] = [];
    for (let entry = this.heap.peek(); entry && entry.dueMs <= nowMs; entry = this.heap.peek()) {
      this.heap.pop();
      const { key, item, dueMs } = entry;
      const inTime = nowMs - dueMs <= lateToleranceMs(item.intervalMs);
      if (inTime) due.push({ key, item, dueMs });
      this.planNext(entry, nowMs, inTime);
      this.heap.push(entry);
    }
    return due;
  }

  private planNext(entry: Entry, nowMs: number, ran: boolean): void {
    const { intervalMs } = entry.item;
    if (!ran) this.missed += 1 + Math.floor((nowMs - entry.dueMs) / intervalMs);
    // the first run and the steady rhythm may lie close together: never two runs within half an interval
    entry.dueMs = nextBeat(entry.phaseMs, intervalMs, ran ? entry.dueMs + intervalMs / 2 : nowMs);
  }
}

function firstEntry(key: string, item: PlanItem, nowMs: number, spreadMs: number): Entry {
  const fraction = hashFraction(key);
  return {
    key,
    item,
    dueMs: nowMs + fraction * Math.min(spreadMs, item.intervalMs),
    phaseMs: nowMs + fraction * item.intervalMs,
  };
}

/** The first moment of the rhythm after `afterMs`. */
const nextBeat = (phaseMs: number, intervalMs: number, afterMs: number): number =>
  phaseMs + (Math.floor((afterMs - phaseMs) / intervalMs) + 1) * intervalMs;

/** Area, carrier and address only say beside what an item may run: a change of those is no reason to probe again. */
function sameRun(a: PlanItem | undefined, b: PlanItem): boolean {
  return a !== undefined && a.intervalMs === b.intervalMs && a.target === b.target && isDeepStrictEqual(a.options, b.options);
}
