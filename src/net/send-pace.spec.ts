import { ManualScheduler } from '../common/manual-scheduler.js';
import { SendPace } from './send-pace.js';

/** so many ask at once; how many have had their turn is told at any time */
function asking(count: number, maxPerSecond: number) {
  const scheduler = new ManualScheduler();
  const pace = new SendPace(maxPerSecond, scheduler);
  const served: number[] = [];
  const ask = (name: number): void => {
    const turn = pace.turn();
    if (turn) void turn.then(() => served.push(name));
    else served.push(name);
  };
  for (let i = 0; i < count; i++) ask(i);
  const after = async (ms: number): Promise<number> => {
    scheduler.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
    return served.length;
  };
  return { scheduler, pace, served, ask, after };
}

describe(SendPace.name, () => {
  it('serves a crowd at its rate, in the order of asking', async () => {
    const { served, after } = asking(3_500, 2_000);
    expect(served.length).toBeLessThanOrEqual(4);
    for (let second = 1; second <= 1_000; second++) {
      const had = served.length;
      expect((await after(1)) - had).toBeLessThanOrEqual(4);
    }
    expect(served.length).toBeGreaterThan(1_990);
    expect(served.length).toBeLessThanOrEqual(2_004);
    await after(1_000);
    expect(served).toEqual(Array.from({ length: 3_500 }, (_, i) => i));
  });

  it('does not make up in a burst what was not asked for, or what a late tick missed', () => {
    const { scheduler, served, ask } = asking(0, 1_000);
    scheduler.advance(60_000);
    for (let i = 0; i < 50; i++) ask(i);
    expect(served).toHaveLength(2);
  });

  it('serves slower than one a tick', async () => {
    const { after } = asking(5, 10);
    expect(await after(0)).toBe(1);
    expect(await after(99)).toBe(1);
    expect(await after(2)).toBe(2);
    expect(await after(300)).toBe(5);
  });

  it('knows no waiting without a limit, and leaves no timer', () => {
    const { served, scheduler } = asking(10_000, Infinity);
    expect(served).toHaveLength(10_000);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('lets go those who wait when it ends', async () => {
    const { pace, after } = asking(100, 10);
    pace.release();
    expect(await after(0)).toBe(100);
  });
});
