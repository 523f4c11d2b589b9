import fc from 'fast-check';
import { PROBE_KINDS } from '../probes/contract.js';
import { DueQueue, lateToleranceMs } from './due-queue.js';
import type { PlanItem } from './messages.js';
import { planKey } from './plan-key.js';

const item = (endpointId: string, intervalMs: number, more: Partial<PlanItem> = {}): PlanItem => ({
  endpointId,
  kind: 'icmp',
  target: '127.0.0.1',
  options: {},
  intervalMs,
  area: 'a',
  carrier: 'c',
  ...more,
});

const items = fc.uniqueArray(
  fc
    .record({
      endpointId: fc.string({ maxLength: 6 }),
      kind: fc.constantFrom(...PROBE_KINDS),
      intervalMs: fc.integer({ min: 1_000, max: 60_000 }),
    })
    .map(({ endpointId, kind, intervalMs }) => item(endpointId, intervalMs, { kind })),
  { selector: planKey, minLength: 1, maxLength: 40 },
);

/** Runs the queue as the engine does: wakes when something is due, `lateMs` too late. */
function rounds(queue: DueQueue, fromMs: number, untilMs: number, lateMs = 0): Map<string, number[]> {
  const dueTimes = new Map<string, number[]>();
  for (let nowMs = queue.nextDueMs(); nowMs !== undefined && nowMs <= untilMs; nowMs = queue.nextDueMs()) {
    for (const { key, dueMs } of queue.takeDue(Math.max(fromMs, nowMs + lateMs))) {
      dueTimes.set(key, [...(dueTimes.get(key) ?? []), dueMs]);
    }
  }
  return dueTimes;
}

describe(DueQueue.name, () => {
  it('runs every item once in the first round and once in each of its intervals afterwards', () => {
    fc.assert(
      fc.property(items, fc.nat(120_000), fc.nat(400), (plan, firstRoundMs, lateMs) => {
        const queue = new DueQueue();
        queue.replace(plan, 1_000, firstRoundMs);
        const seen = rounds(queue, 1_000, 1_000 + 200_000, lateMs);
        for (const planned of plan) {
          const [first = NaN, second = NaN, ...later] = seen.get(planKey(planned)) ?? [];
          const { intervalMs } = planned;
          expect(first).toBeGreaterThanOrEqual(1_000);
          expect(first).toBeLessThanOrEqual(1_000 + Math.min(firstRoundMs, intervalMs));
          expect(second - first).toBeGreaterThanOrEqual(intervalMs / 2 - 0.001);
          expect(second - first).toBeLessThanOrEqual(intervalMs * 1.5 + 0.001);
          later.forEach((dueMs, index) => expect(dueMs - second).toBeCloseTo((index + 1) * intervalMs, 3));
        }
        expect(queue.missedRounds).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('spreads the steady load over the interval, however short the first round was', () => {
    const queue = new DueQueue();
    const plan = Array.from({ length: 1_000 }, (_, index) => item(`site-${index}`, 60_000));
    queue.replace(plan, 0, 1_000);
    const perSecond = new Array<number>(60).fill(0);
    for (const [, dueTimes] of rounds(queue, 0, 180_000)) {
      const second = Math.floor(((dueTimes.at(-1) ?? 0) % 60_000) / 1_000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(Math.max(...perSecond)).toBeLessThan(40);
    expect(Math.min(...perSecond)).toBeGreaterThan(3);
  });

  it('skips what a pause made late instead of piling it up', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 1_000_000 }), (plan, pauseMs) => {
        const queue = new DueQueue();
        queue.replace(plan, 0, 10_000);
        rounds(queue, 0, 100_000);
        const nowMs = 100_000 + pauseMs;
        const due = queue.takeDue(nowMs);
        expect(new Set(due.map(({ key }) => key)).size).toBe(due.length);
        for (const run of due) expect(nowMs - run.dueMs).toBeLessThanOrEqual(lateToleranceMs(run.item.intervalMs));
        expect(queue.nextDueMs()).toBeGreaterThan(nowMs);
        const next = rounds(queue, nowMs, nowMs + 60_000);
        expect(next.size).toBe(plan.length);
      }),
      { numRuns: 60 },
    );
  });

  it('counts the rounds it skipped', () => {
    const queue = new DueQueue();
    queue.replace([item('a', 10_000)], 0, 0);
    expect(queue.takeDue(0)).toHaveLength(1);
    const second = queue.nextDueMs() ?? NaN;
    expect(queue.takeDue(second + 29_000)).toEqual([]);
    expect(queue.missedRounds).toBe(3);
    expect(queue.nextDueMs()).toBeCloseTo(second + 30_000, 3);
  });

  it('keeps the rhythm of what a new plan leaves unchanged', () => {
    fc.assert(
      fc.property(items, items, fc.nat(50_000), (plan, other, atMs) => {
        const changed = new DueQueue();
        const untouched = new DueQueue();
        for (const queue of [changed, untouched]) {
          queue.replace(plan, 0, 5_000);
          rounds(queue, 0, atMs);
        }
        const kept = new Set(plan.map(planKey));
        changed.replace(
          [...plan.map((same) => ({ ...same, area: 'moved' })), ...other.filter((o) => !kept.has(planKey(o)))],
          atMs,
          5_000,
        );
        const [ours, expected] = [rounds(changed, atMs, 150_000), rounds(untouched, atMs, 150_000)];
        for (const [key, dueTimes] of expected) expect(ours.get(key)).toEqual(dueTimes);
      }),
      { numRuns: 40 },
    );
  });

  it('runs one new item at once, but a whole new plan over the first round', () => {
    const queue = new DueQueue();
    const plan = Array.from({ length: 100 }, (_, index) => item(`site-${index}`, 60_000));
    queue.replace(plan, 0, 30_000);
    expect([...rounds(queue, 0, 15_000)].length).toBeLessThan(70);
    queue.replace([...plan, item('new', 60_000)], 15_000, 30_000);
    expect(rounds(queue, 15_000, 15_300).has('icmp:new')).toBe(true);
  });

  it('runs a changed target soon and a removed one never', () => {
    const queue = new DueQueue();
    queue.replace([item('a', 600_000), item('b', 600_000)], 0, 0);
    expect(queue.takeDue(0)).toHaveLength(2);
    queue.replace([item('a', 600_000, { target: '127.0.0.2' })], 1_000, 0);
    expect(queue.takeDue(1_000).map((run) => run.item.target)).toEqual(['127.0.0.2']);
    expect([...rounds(queue, 1_000, 2_000_000).keys()]).toEqual(['icmp:a']);
  });
});
