import fc from 'fast-check';
import type { PlannedCheckpoint } from './check-plan.js';
import { dueCheckpoints, type KnownCheckpoint } from './checkpoint-due.js';
import { MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const at = (minutesBefore: number): number => START_MS - minutesBefore * MINUTE_MS;
const planned = (
  minutes: number,
  suite: 'full' | 'light' = minutes > 10 ? 'full' : 'light',
  earlierMinutes = 0,
): PlannedCheckpoint => ({
  checkpoint: `PT${minutes}M`,
  plannedMs: at(minutes),
  startMs: at(minutes + earlierMinutes),
  suite,
  runs: 1,
  predictedFinishMs: at(minutes) + 1_000,
  finishByMs: START_MS,
  canFinish: true,
});
const PLAN = [planned(120), planned(60), planned(30), planned(10)];
const known = (minutes: number, state: KnownCheckpoint['state'] = 'done'): KnownCheckpoint => ({
  checkpoint: `PT${minutes}M`,
  plannedMs: at(minutes),
  state,
});
const name = (minutes: number) => ({ checkpoint: `PT${minutes}M`, plannedMs: at(minutes) });

const LAST_CALL_MS = at(10);

describe(dueCheckpoints.name, () => {
  it.each([
    ['before the first', 130, [], null, []],
    ['at the first', 120, [], { ...name(120), suite: 'full', late: false }, []],
    ['when it runs already', 119, [known(120, 'running')], null, []],
    ['when one was missed', 50, [known(120)], { ...name(60), suite: 'full', late: true }, []],
    ['when two were missed', 25, [known(120)], { ...name(30), suite: 'full', late: true }, [name(60)]],
    ['made late', 20, [], { ...name(30), suite: 'full', late: true }, [name(120), name(60)]],
    ['after calls have stopped', 8, [known(120), known(60)], { ...name(10), suite: 'light', late: true }, [name(30)]],
    ['after the start', -5, [known(120), known(60)], null, [name(30), name(10)]],
  ] as const)('%s', (_, minutes, before, run, missed) => {
    expect(dueCheckpoints(sessionOf(), PLAN, before, at(minutes), LAST_CALL_MS)).toEqual({ run, missed });
  });

  it('begins one that needs more time before its moment, and calls that not late', () => {
    const early = [planned(30, 'full', 5)];
    expect(dueCheckpoints(sessionOf(), early, [], at(35), LAST_CALL_MS).run).toEqual({ ...name(30), suite: 'full', late: false });
  });

  it('makes up for missed calls with the light one that follows while calls are allowed', () => {
    const plan = [planned(30), { ...planned(10), suite: 'light' as const }];
    expect(dueCheckpoints(sessionOf(), plan, [], at(9), at(5)).run?.suite).toBe('full');
    expect(dueCheckpoints(sessionOf(), plan, [], at(4), at(5)).run?.suite).toBe('light');
  });

  it('has the checkpoints of a moved session again, and none of a cancelled one', () => {
    const moved = [{ ...known(120), plannedMs: at(240) }];
    expect(dueCheckpoints(sessionOf(), PLAN, moved, at(120), LAST_CALL_MS).run).toMatchObject(name(120));
    expect(dueCheckpoints(sessionOf({ status: 'cancelled' }), PLAN, [], at(30), LAST_CALL_MS)).toEqual({ run: null, missed: [] });
  });

  it('accounts for each checkpoint once, whenever somebody looks, and never calls too late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 200 }), { maxLength: 12 }), (looks) => {
        const seen: KnownCheckpoint[] = [];
        for (const minutes of looks.sort((a, b) => b - a)) {
          const { run, missed } = dueCheckpoints(sessionOf(), PLAN, seen, at(minutes), LAST_CALL_MS);
          if (run?.suite === 'full') expect(minutes).toBeGreaterThan(10);
          if (run) expect(minutes).toBeGreaterThan(0);
          for (const one of missed) seen.push({ ...one, state: 'missed' });
          if (run) seen.push({ checkpoint: run.checkpoint, plannedMs: run.plannedMs, state: 'done' });
        }
        expect(new Set(seen.map(({ checkpoint }) => checkpoint)).size).toBe(seen.length);
        const last = looks.at(-1);
        const dueBy = last === undefined ? 0 : PLAN.filter(({ startMs }) => startMs <= at(last)).length;
        expect(seen).toHaveLength(dueBy);
      }),
    );
  });
});
