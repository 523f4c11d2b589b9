import fc from 'fast-check';
import { NO_CAPS } from '../prober/caps.js';
import type { PlanItem } from '../prober/messages.js';
import { perKind } from '../prober/pacing.js';
import type { ExpectedRun, PacingLimits } from '../prober/predict-finish.js';
import { checkPlan, lastCallStartMs, type RunsOf } from './check-plan.js';
import { MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const LIMITS: PacingLimits = { concurrency: perKind(() => 10), caps: NO_CAPS };

const room = (index: number, kind: PlanItem['kind'], durationMs: number): ExpectedRun => ({
  item: {
    endpointId: `room-${index}`,
    kind,
    target: `sip:10.0.${index >> 8}.${index & 255}`,
    options: {},
    intervalMs: 3_600_000,
    area: '',
    carrier: '',
  },
  durationMs,
  lane: 'sweep',
  atMs: 0,
});
/** `count` rooms whose calls take so long; ten at once */
const rooms = (count: number, callMs: number): RunsOf => {
  const light = Array.from({ length: count }, (_, index) => room(index, 'icmp', 1_000));
  return { light, full: [...light, ...Array.from({ length: count }, (_, index) => room(index, 'sip-call', callMs))] };
};
/** No call begins that might outlast the stop: by its options it may take so long. */
const CALL_MS = 52_000;
const at = (minutesBefore: number): number => START_MS - minutesBefore * MINUTE_MS;
const plan = (runs: RunsOf, nowMs = at(24 * 60 + 60), given = {}) => checkPlan(sessionOf(given), runs, LIMITS, nowMs);

describe(checkPlan.name, () => {
  it('plans every checkpoint with calls until they stop, and without from then on', () => {
    // 100 calls of 8 s, ten at once
    expect(
      plan(rooms(100, 8_000)).map(({ checkpoint, suite, startMs, predictedFinishMs, canFinish }) => ({
        checkpoint,
        suite,
        before: (START_MS - startMs) / MINUTE_MS,
        takesS: (predictedFinishMs - startMs) / 1000,
        canFinish,
      })),
    ).toEqual([
      { checkpoint: 'PT24H', suite: 'full', before: 1440, takesS: 80, canFinish: true },
      { checkpoint: 'PT2H', suite: 'full', before: 120, takesS: 80, canFinish: true },
      { checkpoint: 'PT60M', suite: 'full', before: 60, takesS: 80, canFinish: true },
      { checkpoint: 'PT30M', suite: 'full', before: 30, takesS: 80, canFinish: true },
      { checkpoint: 'PT10M', suite: 'light', before: 10, takesS: 10, canFinish: true },
    ]);
  });

  it('begins earlier by what is lacking where the calls would not have ended when they must stop', () => {
    // 25 minutes of calls between T-30 and T-10
    const planned = plan(rooms(100, 150_000), at(120), { checkpoints: ['PT30M'] });
    expect(planned).toEqual([
      expect.objectContaining({
        plannedMs: at(30),
        startMs: at(35) - CALL_MS,
        predictedFinishMs: at(10) - CALL_MS,
        finishByMs: at(10) - CALL_MS,
        canFinish: true,
      }),
    ]);
  });

  it('says so when not even that is enough', () => {
    const planned = plan(rooms(100, 150_000), at(20), { checkpoints: ['PT15M'] });
    expect(planned).toEqual([expect.objectContaining({ startMs: at(20), predictedFinishMs: at(-5), canFinish: false })]);
    // the one before is in the way
    const crowded = plan(rooms(100, 150_000), at(120), { checkpoints: ['PT60M', 'PT40M'] });
    expect(crowded.map(({ canFinish }) => canFinish)).toEqual([true, true]);
    const tight = plan(rooms(100, 150_000), at(60), { checkpoints: ['PT60M', 'PT40M', 'PT11M'] });
    expect(tight.map(({ canFinish }) => canFinish)).toEqual([false, true, false]);
  });

  it('keeps its promises for any session', () => {
    const sessions = fc.record({
      checkpoints: fc.uniqueArray(
        fc.integer({ min: 1, max: 300 }).map((minutes) => `PT${minutes}M`),
        { minLength: 1, maxLength: 6 },
      ),
      stop: fc.integer({ min: 0, max: 30 }),
      callS: fc.integer({ min: 5, max: 200 }),
      nowBefore: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(sessions, ({ checkpoints, stop, callS, nowBefore }) => {
        const session = sessionOf({ checkpoints, callsStopBefore: `PT${stop}M` });
        const runs = rooms(30, callS * 1_000);
        const lastCallMs = lastCallStartMs(session, runs);
        const planned = checkPlan(session, runs, LIMITS, at(nowBefore));
        expect(planned).toHaveLength(checkpoints.length);
        for (const [index, one] of planned.entries()) {
          expect(one.startMs).toBeLessThanOrEqual(one.plannedMs);
          if (one.plannedMs >= at(nowBefore)) expect(one.startMs).toBeGreaterThanOrEqual(at(nowBefore));
          expect(one.finishByMs).toBeLessThanOrEqual(planned[index + 1]?.plannedMs ?? START_MS);
          if (one.suite === 'full') expect(one.finishByMs).toBeLessThanOrEqual(lastCallMs);
          expect(one.suite === 'full').toBe(one.plannedMs < lastCallMs);
          expect(one.canFinish).toBe(one.predictedFinishMs <= one.finishByMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});
