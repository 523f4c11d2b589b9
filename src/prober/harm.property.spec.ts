import fc from 'fast-check';
import { events, HarmWorld } from './testing/harm-world.js';

describe('do no harm', () => {
  it('lets no call start in a forbidden time or run into one, whatever sessions, results, clocks, restarts and operators do', async () => {
    const seen = { calls: 0, refused: 0, ended: 0, pauses: 0 };
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const world = new HarmWorld();
        await world.live(all);
        for (const what of Object.keys(seen) as (keyof typeof seen)[]) seen[what] += world.seen[what];
        expect(world.broken).toEqual([]);
        expect([...world.answered].sort()).toEqual([...world.asked].sort());
      }),
      { numRuns: 200 },
    );
    // the schedules are of use only if all of it happens in them
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});
