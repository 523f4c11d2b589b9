import fc from 'fast-check';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import { PacedLoop, type PacedItem } from './paced-loop.js';

const every = (periodMs: number, startMs: number, note: (nominalMs: number) => void): PacedItem => {
  let dueMs = startMs;
  return {
    fire: () => {
      note(dueMs);
      return (dueMs += periodMs);
    },
  };
};

describe(PacedLoop.name, () => {
  test('fires in order of due time, whatever the order of adding', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ dueMs: fc.nat(500), drop: fc.boolean() }), { maxLength: 60 }), (plan) => {
        const scheduler = new ManualScheduler();
        const loop = new PacedLoop(scheduler);
        const fired: number[] = [];
        const items = plan.map(({ dueMs }) => ({ fire: () => void fired.push(dueMs) }));
        items.forEach((item, index) => loop.add(item, plan[index]?.dueMs ?? 0));
        items.forEach((item, index) => plan[index]?.drop && loop.remove(item));
        scheduler.advance(600);
        const kept = plan.filter(({ drop }) => !drop).map(({ dueMs }) => dueMs);
        expect(fired).toEqual(kept.sort((a, b) => a - b));
        expect([loop.size, scheduler.pendingCount]).toEqual([0, 0]);
      }),
    );
  });

  test('a period does not drift, though each wake-up is late', () => {
    const scheduler = new ManualScheduler();
    const late = { ...scheduler, wallMs: () => 0, monotonicMs: () => scheduler.monotonicMs() };
    const loop = new PacedLoop({ ...late, after: (delayMs, run) => scheduler.after(delayMs + 3, run) });
    const nominal: number[] = [];
    loop.add(
      every(20, 0, (atMs) => nominal.push(atMs)),
      0,
    );
    scheduler.advance(1005);
    expect(nominal).toHaveLength(51);
    expect(nominal.at(-1)).toBe(1000);
    loop.close();
  });

  test('one timer serves all, and none is left when the last item goes', () => {
    const scheduler = new ManualScheduler();
    const loop = new PacedLoop(scheduler);
    const items = [5, 3, 8].map((dueMs) => {
      const item = every(20, dueMs, () => undefined);
      loop.add(item, dueMs);
      return item;
    });
    expect(scheduler.pendingCount).toBe(1);
    scheduler.advance(50);
    expect(scheduler.pendingCount).toBe(1);
    for (const item of items) loop.remove(item);
    expect(scheduler.pendingCount).toBe(0);
  });

  test('an item may leave while it fires', () => {
    const scheduler = new ManualScheduler();
    const loop = new PacedLoop(scheduler);
    const item: PacedItem = {
      fire: (nowMs) => {
        loop.remove(item);
        return nowMs + 1;
      },
    };
    loop.add(item, 0);
    scheduler.advance(10);
    expect([loop.size, scheduler.pendingCount]).toEqual([0, 0]);
  });
});
