import fc from 'fast-check';
import { NO_CAPS } from './caps.js';
import type { PlanItem } from './messages.js';
import { perKind } from './pacing.js';
import { type ExpectedRun, idealFinishMs, type PacingLimits, predictFinish } from './predict-finish.js';
import { answersAfter, bench, check, item, plan } from './testing/engine-bench.js';
import { capsArbitrary } from './testing/caps-check.js';

const expected = (one: PlanItem, durationMs: number, more: Partial<ExpectedRun> = {}): ExpectedRun => ({
  item: one,
  durationMs,
  lane: 'sweep',
  atMs: 0,
  ...more,
});
const room = (index: number, more: Partial<PlanItem> = {}): PlanItem =>
  item(`room-${index}`, { target: `sip:10.0.${index >> 8}.${index & 0xff}`, intervalMs: 3_600_000, ...more });
const limitsOf = (places: number, more: Partial<PacingLimits> = {}): PacingLimits => ({
  concurrency: perKind(() => places),
  caps: NO_CAPS,
  ...more,
});

const sweepArbitrary = fc
  .array(
    fc.record({
      kind: fc.constantFrom('icmp' as const, 'sip-options' as const, 'sip-call' as const),
      area: fc.constantFrom('', 'north', 'south'),
      carrier: fc.constantFrom('', 'one', 'two'),
      durationS: fc.integer({ min: 1, max: 12 }),
      gateway: fc.option(fc.integer({ min: 1, max: 3 })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((runs) =>
    runs.map(({ durationS, gateway, ...more }, index) =>
      expected(room(index, gateway === null ? more : { ...more, target: `sip:room@10.1.0.${gateway}` }), durationS * 1_000),
    ),
  );

describe(predictFinish.name, () => {
  it.each([
    // 148 calls of 8 s on 24 places: 7 rounds
    [148, 24, NO_CAPS, 7 * 8_000],
    // 12 fit into 20,000 kbit/s: 13 rounds
    [148, 24, { ...NO_CAPS, bandwidthKbps: { perArea: 20_000, areas: {}, carriers: {} } }, 13 * 8_000],
    // more room for this one area
    [148, 24, { ...NO_CAPS, bandwidthKbps: { perArea: 20_000, areas: { north: 40_000 }, carriers: {} } }, 7 * 8_000],
    [148, 148, NO_CAPS, 8_000],
    [0, 24, NO_CAPS, 0],
  ])('%d calls on %d places', (count, places, caps, finishMs) => {
    const sweep = Array.from({ length: count }, (_, index) => expected(room(index, { area: 'north' }), 8_000));
    const prediction = predictFinish(sweep, limitsOf(places, { caps }));
    expect(prediction.finishMs).toBe(finishMs);
    expect(prediction.idealMs).toBeLessThanOrEqual(finishMs);
    expect(prediction.idealMs).toBeGreaterThanOrEqual(0.85 * finishMs);
  });

  it('knows that calls to one gateway are made one after the other, and that one run takes its time', () => {
    const sweep = [1, 2, 3].map((index) => expected(room(index, { target: `sip:room${index}@10.0.0.1` }), 8_000));
    expect(predictFinish(sweep, limitsOf(24))).toEqual({ finishMs: 24_000, idealMs: 24_000 });
    expect(predictFinish([expected(room(1), 8_000)], limitsOf(24))).toEqual({ finishMs: 8_000, idealMs: 8_000 });
  });

  it('counts in what else is expected, by its share', () => {
    const sweep = Array.from({ length: 30 }, (_, index) => expected(room(index), 8_000));
    const others = Array.from({ length: 30 }, (_, index) => expected(room(100 + index), 8_000, { lane: 'routine' }));
    const alone = predictFinish(sweep, limitsOf(4)).finishMs;
    const beside = predictFinish(sweep, limitsOf(4), others).finishMs;
    // three starts in four are the sweep's
    expect(beside / alone).toBeGreaterThan(1.2);
    expect(beside / alone).toBeLessThan(1.4);
    expect(
      predictFinish(
        sweep,
        limitsOf(4),
        sweep.map((run) => ({ ...run, lane: 'routine' as const })),
      ).finishMs,
    ).toBe(alone);
  });

  it('never promises more than is possible, nor less than twice what a perfect schedule with one limit would do', () => {
    fc.assert(
      fc.property(sweepArbitrary, capsArbitrary, fc.integer({ min: 1, max: 8 }), (sweep, caps, places) => {
        const limited = predictFinish(sweep, limitsOf(places, { caps }));
        expect(limited.finishMs).toBeGreaterThanOrEqual(limited.idealMs - 0.001);
        expect(limited.finishMs).toBeLessThanOrEqual(sweep.reduce((sum, { durationMs }) => sum + durationMs, 0));
        // Graham's bound of list scheduling: work / places + the longest, where only the places are limited
        const apart = sweep.map((run, index) => ({ ...run, item: room(index) }));
        expect(predictFinish(apart, limitsOf(places)).finishMs).toBeLessThanOrEqual(2 * idealFinishMs(apart, limitsOf(places)));
      }),
      { numRuns: 200 },
    );
  });

  it('foretells what the engine then does', async () => {
    await fc.assert(
      fc.asyncProperty(sweepArbitrary, capsArbitrary, fc.integer({ min: 1, max: 8 }), async (sweep, caps, places) => {
        const durations = new Map(sweep.map((run) => [`${run.item.kind} ${run.item.endpointId}`, run.durationMs]));
        const ends: number[] = [];
        const { engine, stop, advance, scheduler, outcomes } = bench(async (request, context, kind) => {
          const outcome = await answersAfter(durations.get(`${kind} ${request.endpointId}`) ?? NaN)(request, context, kind);
          ends.push(scheduler.monotonicMs());
          return outcome;
        });
        const limits = limitsOf(places, { caps });
        // the first round lies an hour away for each, but for what a hash near zero makes of it
        const items = sweep.map((run) => ({ ...run.item, intervalMs: 1e12 }));
        engine.setPlan(plan(items, { ...limits, firstRoundMs: 1e12 }));
        const orders = sweep.map((run, index) =>
          check(run.item.endpointId, `run-${index}`, { kind: run.item.kind, lane: 'sweep' }),
        );
        engine.checkNow(orders.map((order) => ({ ...order, withinMs: 1e9 })));
        const { finishMs } = predictFinish(sweep, limits);
        await advance(finishMs + 1_000, 1_000);
        expect(outcomes).toHaveLength(sweep.length);
        expect(Math.max(...ends)).toBe(finishMs);
        await stop();
      }),
      { numRuns: 40 },
    );
  });
});
