import type { ProbeKind } from '../probes/contract.js';
import { AddressBook } from './address-book.js';
import { type Caps, capacityOf, claimsOf } from './caps.js';
import type { Waiting } from './flow.js';
import type { Lane } from './lane-turns.js';
import type { PlanItem } from './messages.js';
import { Pacing } from './pacing.js';
import { planKey } from './plan-key.js';
import { demandOf } from './run-load.js';
import { type RunSource, simulate } from './schedule-simulation.js';

export interface ExpectedRun {
  item: PlanItem;
  durationMs: number;
  lane: Lane;
  /** from now */
  atMs: number;
}

export interface PacingLimits {
  concurrency: Record<ProbeKind, number>;
  caps: Caps;
}

export interface Prediction {
  /** from now until the last of the runs has ended */
  finishMs: number;
  /** no schedule whatever could end them sooner than this */
  idealMs: number;
}

/**
 * When a sweep will be done, beside whatever else is expected meanwhile (`others`: routine rounds, runs under way). As exact as
 * the durations are, since it is the engine's own pacing that is tried out; 10,000 runs take some 450 ms of CPU, 148 take 10.
 */
export function predictFinish(
  sweep: readonly ExpectedRun[],
  limits: PacingLimits,
  others: readonly ExpectedRun[] = [],
): Prediction {
  const left = new Set(sweep.map(({ item }) => planKey(item)));
  const ends = new Map<string, number>();
  simulate<ExpectedRun>({
    pacing: new Pacing(limits.concurrency, limits.caps),
    source: listed([...sweep, ...others.filter(({ item }) => !left.has(planKey(item)))]),
    durationMs: ({ value }) => value.durationMs,
    isDone: () => left.size === 0,
    onStart: ({ waiting, endMs }) => {
      if (left.delete(waiting.key)) ends.set(waiting.key, endMs);
    },
  });
  return { finishMs: Math.max(0, ...ends.values()), idealMs: idealFinishMs(sweep, limits) };
}

/**
 * The bound of any schedule that keeps the caps: each cap has at least work / capacity to do, each address its calls one after the
 * other, and no run is shorter than itself.
 */
export function idealFinishMs(runs: readonly ExpectedRun[], { concurrency, caps }: PacingLimits): number {
  const work = new Map<string, { taken: number; capacity: number }>();
  const add = (name: string, taken: number, capacity = 1): void =>
    void work.set(name, { taken: (work.get(name)?.taken ?? 0) + taken, capacity });
  const addresses = new AddressBook();
  for (const { item, durationMs } of runs) {
    add(`kind:${item.kind}`, durationMs, concurrency[item.kind]);
    for (const { key, amount } of claimsOf(demandOf(item))) {
      const capacity = capacityOf(caps, key);
      add(`${key.scope}:${key.unit}:${key.name}`, Math.min(amount, capacity) * durationMs, capacity);
    }
    for (const address of addresses.engagedBy(item)) add(`address:${address}`, durationMs);
    add(`run:${planKey(item)}`, durationMs);
  }
  return Math.max(0, ...Array.from(work.values(), ({ taken, capacity }) => taken / capacity));
}

function listed(runs: readonly ExpectedRun[]): RunSource<ExpectedRun> {
  const addresses = new AddressBook();
  const inOrder = [...runs].sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  return {
    nextDueMs: () => inOrder[next]?.atMs,
    takeDue: (nowMs) => {
      const from = next;
      while ((inOrder[next]?.atMs ?? Infinity) <= nowMs) next++;
      return inOrder.slice(from, next).map((run) => waitingFor(run, addresses));
    },
  };
}

const waitingFor = (run: ExpectedRun, addresses: AddressBook): Waiting<ExpectedRun> => ({
  key: planKey(run.item),
  lane: run.lane,
  deadlineMs: run.atMs + (run.lane === 'routine' ? run.item.intervalMs : 0),
  demand: demandOf(run.item),
  occupies: addresses.engagedBy(run.item),
  value: run,
});
