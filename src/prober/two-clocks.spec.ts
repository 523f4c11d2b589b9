import { ManualScheduler } from '../common/manual-scheduler.js';
import { DOUBT_MS, TwoClocks } from './two-clocks.js';

const START = Date.UTC(2026, 10, 23);

describe(TwoClocks.name, () => {
  it('reads both times after a step, whichever way it went, and one without', () => {
    const clock = new ManualScheduler(START);
    const clocks = new TwoClocks(clock);
    clock.advance(1_000);
    expect(clocks.readings()).toEqual([START + 1_000]);
    clock.stepWall(3_600_000);
    expect(clocks.readings()).toEqual([START + 3_601_000, START + 1_000]);
    clock.stepWall(-7_200_000);
    clock.advance(1_000);
    expect(clocks.readings()).toEqual([START - 3_598_000, START + 2_000]);
  });

  it('follows a clock that is slewed', () => {
    const clock = new ManualScheduler(START);
    const clocks = new TwoClocks(clock);
    for (let second = 0; second < 3_600; second++) {
      clock.advance(1_000);
      clock.stepWall(0.5);
      clocks.look();
    }
    expect(clocks.readings()).toEqual([START + 3_600_000 + 1_800]);
  });

  it('believes the wall clock again a day after the last step, and says so', () => {
    const clock = new ManualScheduler(START);
    const clocks = new TwoClocks(clock);
    clock.stepWall(60_000);
    clocks.look();
    clock.advance(DOUBT_MS - 1);
    expect(clocks.look()).toBe(false);
    clock.advance(1);
    expect(clocks.look()).toBe(true);
    expect(clocks.readings()).toHaveLength(1);
  });

  it('goes on from the reading of an earlier process when the clock was set between the two', () => {
    const clock = new ManualScheduler(START);
    expect(new TwoClocks(clock, START - 3_600_000).readings()).toEqual([START, START - 3_600_000]);
    expect(new TwoClocks(clock, START + 20).readings()).toEqual([START]);
  });
});
