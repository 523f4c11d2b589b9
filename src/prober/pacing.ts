import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { BinaryHeap } from '../common/binary-heap.js';

/** `check`: somebody waits for it. `routine`: its round has come. */
export type Lane = 'check' | 'routine';

export interface Waiting<T> {
  key: string;
  kind: ProbeKind;
  lane: Lane;
  /** routine: its next round; check: when waiting has lost its sense. The earliest goes first. */
  deadlineMs: number;
  value: T;
}

/** After this many checks in a row one routine run goes first, so that many checks cannot blind the monitor. */
export const CHECKS_PER_ROUTINE = 3;

interface Queued<T> extends Waiting<T> {
  /** breaks ties, so that equal deadlines keep their order of arrival */
  order: number;
}

class KindQueue<T> {
  readonly lanes: Record<Lane, BinaryHeap<Queued<T>>> = { check: new BinaryHeap(isBefore), routine: new BinaryHeap(isBefore) };
  waiting = 0;
  running = 0;
  checksInARow = 0;

  constructor(public limit: number) {}
}

/**
 * What may start now: a bounded number in flight per kind, checks before routine but never alone, the earliest deadline first
 * within a lane. Under too much load no round is thrown away here: whoever waits longest has the earliest deadline, so all are
 * served more slowly and none is starved.
 */
export class Pacing<T> {
  private readonly kinds: Record<ProbeKind, KindQueue<T>>;
  private readonly queue = new Map<string, Queued<T>>();
  private order = 0;

  constructor(limits: Record<ProbeKind, number>) {
    this.kinds = perKind((kind) => new KindQueue<T>(limits[kind]));
  }

  /** A lower limit stops nothing that runs; it holds back what comes next. */
  setLimits(limits: Record<ProbeKind, number>): void {
    for (const kind of PROBE_KINDS) this.kinds[kind].limit = limits[kind];
  }

  has(key: string): boolean {
    return this.queue.has(key);
  }

  add(waiting: Waiting<T>): void {
    if (this.queue.has(waiting.key)) return;
    this.enqueue(waiting);
    this.kinds[waiting.kind].waiting++;
  }

  /** Moves a routine run that somebody now waits for into the check lane. */
  promote(key: string, deadlineMs: number): void {
    const known = this.queue.get(key);
    if (known?.lane === 'routine') this.enqueue({ ...known, lane: 'check', deadlineMs });
  }

  remove(key: string): T | undefined {
    const known = this.queue.get(key);
    if (!known) return undefined;
    this.queue.delete(key);
    this.kinds[known.kind].waiting--;
    return known.value;
  }

  /** Takes what may start; each counts as running until `finished`. What `mayStart` refuses keeps its place. */
  takeStartable(mayStart: (waiting: Waiting<T>) => boolean): T[] {
    return PROBE_KINDS.flatMap((kind) => this.takeOfKind(this.kinds[kind], mayStart));
  }

  finished(kind: ProbeKind): void {
    this.kinds[kind].running--;
  }

  /** Checks that nobody should wait for any longer. */
  takeExpired(nowMs: number): T[] {
    const expired: T[] = [];
    for (const kind of PROBE_KINDS) {
      const heap = this.kinds[kind].lanes.check;
      for (let top = this.live(heap); top && top.deadlineMs <= nowMs; top = this.live(heap)) {
        heap.pop();
        this.remove(top.key);
        expired.push(top.value);
      }
    }
    return expired;
  }

  nextExpiryMs(): number | undefined {
    const deadlines = PROBE_KINDS.flatMap((kind) => this.live(this.kinds[kind].lanes.check)?.deadlineMs ?? []);
    return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }

  values(): T[] {
    return Array.from(this.queue.values(), (waiting) => waiting.value);
  }

  queued(): Record<ProbeKind, number> {
    return perKind((kind) => this.kinds[kind].waiting);
  }

  running(): Record<ProbeKind, number> {
    return perKind((kind) => this.kinds[kind].running);
  }

  private enqueue(waiting: Waiting<T>): void {
    const queued = { ...waiting, order: this.order++ };
    this.queue.set(queued.key, queued);
    this.kinds[queued.kind].lanes[queued.lane].push(queued);
  }

  private takeOfKind(queue: KindQueue<T>, mayStart: (waiting: Waiting<T>) => boolean): T[] {
    const taken: T[] = [];
    const refused: Queued<T>[] = [];
    for (let next = this.peekOf(queue); next && queue.running < queue.limit; next = this.peekOf(queue)) {
      queue.lanes[next.lane].pop();
      if (!mayStart(next)) {
        refused.push(next);
        continue;
      }
      this.remove(next.key);
      queue.running++;
      queue.checksInARow = next.lane === 'check' ? queue.checksInARow + 1 : 0;
      taken.push(next.value);
    }
    for (const waiting of refused) queue.lanes[waiting.lane].push(waiting);
    return taken;
  }

  private peekOf(queue: KindQueue<T>): Queued<T> | undefined {
    const check = this.live(queue.lanes.check);
    const routine = this.live(queue.lanes.routine);
    return queue.checksInARow < CHECKS_PER_ROUTINE ? (check ?? routine) : (routine ?? check);
  }

  /** The head of a lane, past entries that were promoted or removed meanwhile. */
  private live(heap: BinaryHeap<Queued<T>>): Queued<T> | undefined {
    let top = heap.peek();
    while (top && this.queue.get(top.key) !== top) {
      heap.pop();
      top = heap.peek();
    }
    return top;
  }
}

const isBefore = <T>(a: Queued<T>, b: Queued<T>): boolean =>
  a.deadlineMs < b.deadlineMs || (a.deadlineMs === b.deadlineMs && a.order < b.order);

export const perKind = <V>(of: (kind: ProbeKind) => V): Record<ProbeKind, V> =>
  Object.fromEntries(PROBE_KINDS.map((kind) => [kind, of(kind)])) as Record<ProbeKind, V>;
