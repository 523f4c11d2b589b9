import type { Cancel, Scheduler } from '../../common/clock.js';

/** Something that wants to run at a moment and then knows its next one. */
export interface PacedItem {
  /** Does its work and answers when it is due again on the monotonic clock; undefined: never again. */
  fire(nowMs: number): number | undefined;
}

interface Entry {
  item: PacedItem;
  dueMs: number;
  /** where it stands in the heap, so that removal needs no search; -1 when it is out */
  index: number;
}

/**
 * One timer for all streams: a binary heap by due time, woken for its earliest entry. A timer for each stream drifts (its
 * rate is wrong by a percent, because each delay is rounded up to a whole millisecond); here the due times are absolute.
 * With nothing to do it holds no timer.
 */
export class PacedLoop {
  private readonly heap: Entry[] = [];
  private readonly entries = new Map<PacedItem, Entry>();
  private cancelTimer: Cancel | undefined;
  private timerDueMs = Infinity;
  private readonly wake = (): void => this.run();

  constructor(private readonly scheduler: Scheduler) {}

  get size(): number {
    return this.heap.length;
  }

  add(item: PacedItem, dueMs: number): void {
    this.remove(item);
    const entry: Entry = { item, dueMs, index: this.heap.length };
    this.entries.set(item, entry);
    this.heap.push(entry);
    this.siftUp(entry);
    this.arm();
  }

  remove(item: PacedItem): void {
    const entry = this.entries.get(item);
    if (!entry) return;
    this.entries.delete(item);
    this.takeOut(entry);
    if (this.heap.length === 0) this.disarm();
  }

  close(): void {
    this.heap.length = 0;
    this.entries.clear();
    this.disarm();
  }

  private run(): void {
    this.cancelTimer = undefined;
    this.timerDueMs = Infinity;
    const nowMs = this.scheduler.monotonicMs();
    for (let first = this.heap[0]; first && first.dueMs <= nowMs; first = this.heap[0]) {
      const nextMs = first.item.fire(nowMs);
      // firing may have taken the item out, as the last packet of a call does
      if (this.entries.get(first.item) !== first) continue;
      if (nextMs === undefined) this.remove(first.item);
      else {
        first.dueMs = nextMs;
        this.siftDown(first);
      }
    }
    this.arm();
  }

  private arm(): void {
    const first = this.heap[0];
    if (!first || this.timerDueMs <= first.dueMs) return;
    this.disarm();
    this.timerDueMs = first.dueMs;
    this.cancelTimer = this.scheduler.after(Math.max(0, first.dueMs - this.scheduler.monotonicMs()), this.wake);
  }

  private disarm(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.timerDueMs = Infinity;
  }

  private takeOut(entry: Entry): void {
    const last = this.heap.pop();
    if (!last || last === entry) return;
    this.put(last, entry.index);
    this.siftUp(last);
    this.siftDown(last);
  }

  private put(entry: Entry, index: number): void {
    entry.index = index;
    this.heap[index] = entry;
  }

  private siftUp(entry: Entry): void {
    while (entry.index > 0) {
      const parent = this.heap[(entry.index - 1) >> 1];
      if (!parent || parent.dueMs <= entry.dueMs) return;
      this.swap(entry, parent);
    }
  }

  private siftDown(entry: Entry): void {
    for (;;) {
      const left = this.heap[2 * entry.index + 1];
      const right = this.heap[2 * entry.index + 2];
      const least = right && left && right.dueMs < left.dueMs ? right : left;
      if (!least || least.dueMs >= entry.dueMs) return;
      this.swap(entry, least);
    }
  }

  private swap(one: Entry, other: Entry): void {
    const index = one.index;
    this.put(one, other.index);
    this.put(other, index);
  }
}
