import { TurnScheduler } from './turn-scheduler.js';

it('runs what is due when it is asked, once, and lets it wait again', () => {
  const scheduler = new TurnScheduler();
  let runs = 0;
  scheduler.after(0, () => {
    runs++;
    scheduler.after(60_000, () => runs++);
  });
  scheduler.runDue();
  scheduler.runDue();
  expect(runs).toBe(1);
  expect(scheduler.dueMs).toBeGreaterThan(scheduler.monotonicMs());
});

it('forgets what was cancelled, and only that', () => {
  const scheduler = new TurnScheduler();
  const cancel = scheduler.after(0, () => undefined);
  cancel();
  expect(scheduler.dueMs).toBeUndefined();
  scheduler.after(0, () => undefined);
  cancel();
  expect(scheduler.dueMs).toBeDefined();
});

it('refuses a second waiter instead of forgetting the first', () => {
  const scheduler = new TurnScheduler();
  scheduler.after(0, () => undefined);
  expect(() => scheduler.after(0, () => undefined)).toThrow('waits already');
});
