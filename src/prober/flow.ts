import { BinaryHeap } from '../common/binary-heap.js';
import type { ProbeKind } from '../probes/contract.js';
import type { Claim, Waiter } from './cap-book.js';
import type { Demand } from './caps.js';
import type { Lane } from './lane-turns.js';

/** One run that waits for its start. */
export interface Waiting<T> {
  key: string;
  lane: Lane;
  /** routine: its next round; otherwise when waiting has lost its sense. The earliest goes first. */
  deadlineMs: number;
  demand: Demand;
  /** what no two runs may have at once: the addresses a call keeps engaged */
  occupies: readonly string[];
  value: T;
}

export interface Queued<T> extends Waiting<T> {
  /** breaks ties, so that equal deadlines keep their order of arrival */
  readonly order: number;
  flow: Flow<T>;
  /** waits for an address of its own, outside of its flow */
  aside: boolean;
}

/** Runs of one kind and lane that ask the same of the same caps: if the first may not start, none may. */
export class Flow<T> implements Waiter<Flow<T>> {
  private readonly heap = new BinaryHeap<Queued<T>>(isBefore);
  readonly reserved: Waiter<Flow<T>>['reserved'] = new Set();
  parked: Waiter<Flow<T>>['parked'] = null;
  readonly refusals: Waiter<Flow<T>>['refusals'] = new Map();
  /** the run by which it stands among the flows that may be tried */
  shown: Queued<T> | null = null;
  /** those in it, without the ones aside */
  size = 0;
  readonly lot: string;

  constructor(
    readonly id: string,
    readonly kind: ProbeKind,
    readonly lane: Lane,
    readonly claims: readonly Claim<Flow<T>>[],
  ) {
    this.lot = `${kind}:${lane}`;
  }

  push(queued: Queued<T>): void {
    this.heap.push(queued);
    this.size++;
  }

  /** The head, past those that were removed meanwhile. */
  head(isLive: (queued: Queued<T>) => boolean): Queued<T> | undefined {
    let top = this.heap.peek();
    while (top && !isLive(top)) {
      this.heap.pop();
      top = this.heap.peek();
    }
    return top;
  }

  /** Takes its head out. */
  shift(): void {
    this.heap.pop();
    this.size--;
  }
}

export const isBefore = <T>(a: Queued<T>, b: Queued<T>): boolean =>
  a.deadlineMs < b.deadlineMs || (a.deadlineMs === b.deadlineMs && a.order < b.order);

export const flowIdOf = ({ area, carrier, kbps }: Demand): string => JSON.stringify([area, carrier, kbps]);
