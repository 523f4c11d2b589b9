import { ManualScheduler } from './manual-scheduler.js';
import { Throttle } from './throttle.js';

describe(Throttle.name, () => {
  it('lets the first through at once, then one a minute with the number of those held back', () => {
    const scheduler = new ManualScheduler();
    const throttle = new Throttle(60_000, scheduler);
    const told: number[] = [];
    for (let second = 0; second <= 120; second++) {
      throttle.pass((heldBack) => told.push(heldBack));
      scheduler.advance(1_000);
    }
    expect(told).toEqual([0, 59, 59]);
  });
});
