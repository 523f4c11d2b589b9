import { BinaryHeap } from '../common/binary-heap.js';
import { hashFraction } from '../common/ids.js';

export interface Repeat {
  key: string;
  /** the run that our own machine spoilt */
  ofRunId: string;
  /** somebody had asked for it */
  requested: boolean;
  dueMs: number;
}

/** Long enough for what loaded the machine to pass, soon enough to be of use to whoever looks at the board. */
const SOONEST_MS = 3_000;
const SPREAD_MS = 12_000;
/** A machine overloaded for good must not double its own work. */
export const REPEATS_MOST = 100;

/** Runs that measured our own overload and are to be tried again, once each, at moments spread by a hash of their key. */
export class Repeats {
  private readonly keys = new Set<string>();
  private readonly heap = new BinaryHeap<Repeat>((a, b) => a.dueMs < b.dueMs);

  /** Nothing is planned when the next round comes sooner anyway. */
  plan(run: Omit<Repeat, 'dueMs'>, nowMs: number, nextRoundMs: number): void {
    const dueMs = nowMs + SOONEST_MS + hashFraction(run.key) * SPREAD_MS;
    if (dueMs >= nextRoundMs || this.keys.has(run.key) || this.keys.size >= REPEATS_MOST) return;
    this.keys.add(run.key);
    this.heap.push({ ...run, dueMs });
  }

  nextDueMs(): number | undefined {
    return this.heap.peek()?.dueMs;
  }

  takeDue(nowMs: number): Repeat[] {
    const due: Repeat[] = [];
    for (let repeat = this.heap.peek(); repeat && repeat.dueMs <= nowMs; repeat = this.heap.peek()) {
      this.heap.pop();
      this.keys.delete(repeat.key);
      due.push(repeat);
    }
    return due;
  }
}
