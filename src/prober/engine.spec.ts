import fc from 'fast-check';
import { startOutcome } from '../probes/outcome.js';
import { Engine } from './engine.js';
import { perKind } from './pacing.js';
import { answersAfter, bench, check, item, plan } from './testing/engine-bench.js';

describe(Engine.name, () => {
  it('runs the plan and passes options, target and vantage on', async () => {
    const { engine, stop, outcomes, starts, started, advance } = bench(answersAfter(100));
    engine.setPlan(plan([item('a', { options: { size: 7 } })]));
    await advance(100);
    expect(starts[0]?.request).toMatchObject({ endpointId: 'a', vantage: 'test', options: { size: 7 } });
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]).toMatchObject({ requested: false, outcome: { result: 'pass', durationMs: 100, endpointId: 'a' } });
    expect(started).toEqual([]);
    await advance(200_000, 1_000);
    expect(outcomes.length).toBeGreaterThanOrEqual(3);
    await stop();
  });

  it('starts the same runs at the same moments however the wall clock steps', async () => {
    const steps = fc.array(fc.integer({ min: -86_400_000, max: 86_400_000 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(steps, async (wallSteps) => {
        const observe = async (stepped: boolean) => {
          const { engine, stop, scheduler, starts, advance } = bench(answersAfter(500));
          engine.setPlan(
            plan(
              ['a', 'bb', 'ccc', 'dddd'].map((id) => item(id)),
              { firstRoundMs: 20_000 },
            ),
          );
          for (const wallStepMs of wallSteps) {
            await advance(13_000, 1_000);
            if (stepped) scheduler.stepWall(wallStepMs);
          }
          await stop();
          return starts.map(({ target, atMs }) => `${target} ${atMs}`);
        };
        expect(await observe(true)).toEqual(await observe(false));
      }),
      { numRuns: 10 },
    );
  });

  it('keeps to the limits and to one call per address while checks come on top of the rounds', async () => {
    const flying = new Map<string, number>();
    let most = 0;
    let mostAtOneAddress = 0;
    const { engine, stop, outcomes, advance, of } = bench(async (request, context, kind) => {
      const address = request.target.split('@')[1] ?? '';
      flying.set(address, (flying.get(address) ?? 0) + 1);
      most = Math.max(
        most,
        [...flying.values()].reduce((sum, count) => sum + count, 0),
      );
      mostAtOneAddress = Math.max(mostAtOneAddress, flying.get(address) ?? 0);
      const outcome = await answersAfter(3_000)(request, context, kind);
      flying.set(address, (flying.get(address) ?? 0) - 1);
      return outcome;
    });
    // three rooms behind each of four gateways
    const rooms = Array.from({ length: 12 }, (_, index) =>
      item(`room-${index}`, { target: `sip:room${index}@gateway${index % 4}` }),
    );
    engine.setPlan(plan(rooms, { firstRoundMs: 10_000 }));
    const runIds: string[] = [];
    for (let round = 0; round < 60; round++) {
      runIds.push(`check-${round}`);
      engine.checkNow([check(`room-${(round * 5) % 12}`, `check-${round}`)]);
      await advance(2_000, 500);
    }
    await advance(60_000, 500);
    await stop();
    expect(most).toBe(2);
    expect(mostAtOneAddress).toBe(1);
    for (const runId of runIds) expect(of(runId)).toHaveLength(1);
    const routine = new Set(outcomes.filter(({ requested }) => !requested).map(({ outcome }) => outcome.endpointId));
    expect(routine.size).toBeGreaterThan(0);
    expect(new Set(outcomes.map(({ outcome }) => outcome.endpointId)).size).toBe(12);
  });

  it('lets a check join the run under way, and a second one get a copy', async () => {
    const { engine, stop, starts, outcomes, started, advance } = bench(answersAfter(1_000));
    engine.setPlan(plan([item('a')]));
    await advance(10);
    expect(starts).toHaveLength(1);
    engine.checkNow([check('a', 'first')]);
    engine.checkNow([check('a', 'second'), check('a', 'first')]);
    expect(started).toEqual(['first', 'second']);
    await advance(1_000);
    expect(starts).toHaveLength(1);
    expect(outcomes.map(({ outcome }) => [outcome.runId, outcome.detail])).toEqual([
      ['first', undefined],
      ['second', { sameRunAs: 'first' }],
    ]);
    engine.checkNow([check('a', 'first')]);
    await advance(2_000);
    expect(starts).toHaveLength(1);
    await stop();
  });

  it('lets a check take over a queued round and go before the others', async () => {
    const { engine, stop, starts, advance, of } = bench(answersAfter(1_000));
    engine.setPlan(
      plan(
        ['a', 'bb', 'ccc', 'dddd'].map((id) => item(id)),
        { concurrency: perKind(() => 1) },
      ),
    );
    await advance(10);
    const waiting = ['a', 'bb', 'ccc', 'dddd'].filter((id) => starts[0]?.request.endpointId !== id);
    const last = waiting.at(-1) as string;
    engine.checkNow([check(last, 'asked')]);
    await advance(4_500, 500);
    expect(starts[1]?.request).toMatchObject({ endpointId: last, runId: 'asked' });
    expect(starts.filter(({ request }) => request.endpointId === last)).toHaveLength(1);
    expect(of('asked')).toHaveLength(1);
    await stop();
  });

  it('answers a check it cannot run', async () => {
    const { engine, stop, of, advance } = bench(answersAfter(100));
    engine.setPlan(plan([item('a', { options: { unknown: true } })]));
    engine.checkNow([check('nobody', 'lost'), check('nobody', 'lost'), check('a', 'bad-options')]);
    await advance(100);
    for (const runId of ['lost', 'bad-options']) {
      expect(of(runId)).toMatchObject([{ requested: true, outcome: { result: 'inconclusive', reason: 'unavailable-here' } }]);
    }
    await stop();
  });

  it('gives up a check that waited a minute for its turn', async () => {
    const { engine, stop, of, starts, advance } = bench(answersAfter(70_000));
    const rooms = [item('a', { intervalMs: 600_000 }), item('bb', { intervalMs: 600_000 })];
    engine.setPlan(plan(rooms, { concurrency: perKind(() => 1) }));
    await advance(10);
    const waiting = starts[0]?.request.endpointId === 'a' ? 'bb' : 'a';
    engine.checkNow([check(waiting, 'patient')]);
    await advance(61_000, 1_000);
    expect(of('patient')).toMatchObject([{ outcome: { result: 'inconclusive', reason: 'self-overloaded' } }]);
    await stop();
  });

  it('survives a probe that rejects and stores that it was our fault', async () => {
    let calls = 0;
    const { engine, stop, outcomes, advance } = bench((request, context, kind) =>
      calls++ === 0 ? Promise.reject(new Error('a bug')) : answersAfter(1)(request, context, kind),
    );
    engine.setPlan(plan([item('a')]));
    await advance(100);
    expect(outcomes).toMatchObject([{ outcome: { result: 'inconclusive', reason: 'aborted' } }]);
    await advance(120_000, 1_000);
    expect(outcomes.at(-1)).toMatchObject({ outcome: { result: 'pass' } });
    await stop();
  });

  it('ends a probe that never ends, tells it so, and goes on', async () => {
    const { engine, stop, outcomes, starts, advance } = bench(() => new Promise(() => undefined));
    engine.setPlan(plan([item('a', { intervalMs: 1_000_000, options: { timeoutS: 5 } })]));
    await advance(79_000, 1_000);
    expect(outcomes).toEqual([]);
    expect(engine.stats().running['sip-call']).toBe(1);
    await advance(2_000);
    expect(starts[0]?.signal.aborted).toBe(true);
    expect(outcomes).toMatchObject([{ outcome: { result: 'inconclusive', reason: 'aborted', detail: { message: /deadline/ } } }]);
    expect(engine.stats().running['sip-call']).toBe(0);
    await stop();
  });

  it('stops everything, says what became of it, and leaves no timer', async () => {
    const { engine, scheduler, outcomes, of, starts, advance } = bench(
      (request, context, kind) =>
        new Promise((resolve) => {
          const give = startOutcome(kind, request, context);
          context.signal.addEventListener('abort', () =>
            resolve(give({ result: 'inconclusive', reason: 'aborted', detail: { bye: true } })),
          );
        }),
    );
    engine.setPlan(plan(['a', 'bb', 'ccc'].map((id) => item(id))));
    await advance(10);
    const queued = ['a', 'bb', 'ccc'].find((id) => !starts.some(({ request }) => request.endpointId === id)) as string;
    engine.checkNow([check(queued, 'asked')]);
    await engine.stop();
    engine.checkNow([check('a', 'too late')]);
    engine.setPlan(plan([item('later')], { revision: 9 }));
    await advance(600_000, 60_000);
    expect(starts).toHaveLength(2);
    expect(outcomes.filter(({ outcome }) => outcome.detail?.bye)).toHaveLength(2);
    for (const runId of ['asked', 'too late']) expect(of(runId)).toMatchObject([{ outcome: { reason: 'aborted' } }]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('ignores a plan that is not newer and drops from the queue what a newer one removed', async () => {
    const { engine, stop, starts, of, advance } = bench(answersAfter(1_000));
    engine.setPlan(plan([item('a'), item('bb')], { revision: 5, concurrency: perKind(() => 1) }));
    await advance(10);
    const [runs] = starts.map(({ request }) => request.endpointId);
    const waits = runs === 'a' ? 'bb' : 'a';
    engine.checkNow([check(waits, 'asked')]);
    engine.setPlan(plan([], { revision: 5 }));
    expect(engine.stats()).toMatchObject({ planRevision: 5, queued: { 'sip-call': 1 } });
    engine.setPlan(plan([], { revision: 6 }));
    await advance(10_000, 1_000);
    expect(starts).toHaveLength(1);
    expect(of('asked')).toMatchObject([{ outcome: { result: 'inconclusive', reason: 'aborted' } }]);
    expect(engine.stats()).toMatchObject({ planRevision: 6, queued: { 'sip-call': 0 }, running: { 'sip-call': 0 } });
    await stop();
  });

  it('does a sweep in its time beside the routine, which goes on, and lets a check go first', async () => {
    const { engine, stop, starts, of, advance } = bench(answersAfter(8_000));
    const rooms = Array.from({ length: 40 }, (_, index) =>
      item(`room-${index}`, { target: `sip:10.0.0.${index}`, intervalMs: 60_000 }),
    );
    engine.setPlan(plan(rooms, { concurrency: perKind(() => 4), firstRoundMs: 1_000 }));
    await advance(1_000, 100);
    const swept = rooms.slice(0, 20).map(({ endpointId }) => endpointId);
    engine.checkNow(swept.map((id) => check(id, `sweep-${id}`, { lane: 'sweep', withinMs: 200_000 })));
    await advance(8_000, 500);
    engine.checkNow([check('room-39', 'asked')]);
    await advance(8_000, 500);
    expect(starts.map(({ request }) => request.runId)).toContain('asked');
    await advance(60_000, 500);
    for (const id of swept) expect(of(`sweep-${id}`)).toMatchObject([{ requested: true, outcome: { result: 'pass' } }]);
    const others = starts.slice(4).filter(({ request }) => !/^(sweep|asked)/.test(request.runId));
    expect(others.length).toBeGreaterThanOrEqual(5);
    await stop();
  });

  it('says of what a sweep could not begin in its time that we were overloaded, once each', async () => {
    const { engine, stop, of, advance } = bench(answersAfter(8_000));
    const rooms = Array.from({ length: 10 }, (_, index) =>
      item(`room-${index}`, { target: `sip:10.0.0.${index}`, intervalMs: 900_000 }),
    );
    engine.setPlan(plan(rooms, { concurrency: perKind(() => 1), firstRoundMs: 900_000 }));
    engine.checkNow(rooms.map(({ endpointId }) => check(endpointId, endpointId, { lane: 'sweep', withinMs: 20_000 })));
    await advance(60_000, 500);
    const results = rooms.map(({ endpointId }) =>
      of(endpointId)
        .map(({ outcome }) => outcome.reason)
        .join(),
    );
    expect(results.filter((reason) => reason === 'ok')).toHaveLength(3);
    expect(results.filter((reason) => reason === 'self-overloaded')).toHaveLength(7);
    await stop();
  });

  it('holds calls to the bandwidth of their area and follows a plan that changes it', async () => {
    const { engine, stop, starts, advance } = bench(answersAfter(8_000));
    const rooms = [0, 1, 2, 3].map((index) =>
      item(`room-${index}`, { target: `sip:10.0.0.${index}`, area: index < 3 ? 'north' : 'south' }),
    );
    const kbpsPerArea = (perArea: number) => ({
      perArea: {},
      perCarrier: {},
      bandwidthKbps: { perArea, areas: {}, carriers: {} },
    });
    const limits = { concurrency: perKind(() => 9) };
    engine.setPlan(plan(rooms, { ...limits, caps: kbpsPerArea(2_000) }));
    await advance(10);
    expect(starts).toHaveLength(2);
    expect(engine.stats().heldBack).toEqual({ area: { north: 2 }, carrier: {} });
    engine.setPlan(plan(rooms, { ...limits, revision: 2, caps: kbpsPerArea(2 * 1_574) }));
    expect(starts).toHaveLength(3);
    engine.setPlan(
      plan(
        rooms.map((room) => ({ ...room, area: `of ${room.endpointId}` })),
        { ...limits, revision: 3, caps: kbpsPerArea(2_000) },
      ),
    );
    expect(starts).toHaveLength(4);
    await stop();
  });

  it('never calls one machine twice at once, however it is named', async () => {
    const flying = new Set<string>();
    let most = 0;
    const { engine, stop, starts, advance } = bench(async (request, context, kind) => {
      if (kind === 'sip-call') flying.add(request.runId);
      most = Math.max(most, flying.size);
      const outcome = await answersAfter(3_000)(request, context, kind);
      flying.delete(request.runId);
      return { ...outcome, detail: { address: '10.0.0.1' } };
    });
    const spellings = [
      'sip:a@10.0.0.1',
      'sip:b@codec.example',
      'sip:c@CODEC.example.',
      'sip:d@[::ffff:10.0.0.1]',
      'sip:e@other.example',
    ];
    engine.setPlan(plan([item('named', { kind: 'icmp', target: 'codec.example', intervalMs: 1_000_000 })]));
    await advance(4_000);
    const rooms = spellings.map((target, index) =>
      item(`room-${index}`, { target, ...(index === 4 ? { address: '10.0.0.1' } : {}) }),
    );
    engine.setPlan(plan(rooms, { revision: 2, concurrency: perKind(() => 9) }));
    await advance(40_000, 500);
    expect(most).toBe(1);
    expect(new Set(starts.map(({ target }) => target)).size).toBe(6);
    await stop();
  });

  it('tries once more what our own machine spoilt, soon and spread, and no further', async () => {
    const { engine, stop, starts, outcomes, of, advance } = bench((request, context, kind) =>
      Promise.resolve(startOutcome(kind, request, context)({ result: 'inconclusive', reason: 'self-overloaded' })),
    );
    const rooms = Array.from({ length: 30 }, (_, index) =>
      item(`room-${index}`, { target: `sip:10.0.0.${index}`, intervalMs: 900_000 }),
    );
    engine.setPlan(plan(rooms, { concurrency: perKind(() => 50) }));
    engine.checkNow([check('room-0', 'asked')]);
    await advance(60_000, 100);
    expect(starts).toHaveLength(60);
    const again = starts.slice(30).map(({ atMs }) => atMs);
    expect(new Set(starts.slice(30).map(({ target }) => target)).size).toBe(30);
    expect(new Set(again.map((ms) => Math.floor(ms / 1_000))).size).toBeGreaterThan(6);
    expect(of('asked')).toHaveLength(1);
    const repeats = outcomes.filter(({ outcome }) => outcome.detail?.repeatOf !== undefined);
    expect(repeats).toHaveLength(30);
    expect(repeats.map(({ outcome }) => outcome.detail?.repeatOf)).toContain('asked');
    expect(new Set(outcomes.map(({ outcome }) => outcome.runId)).size).toBe(60);
    await stop();
  });

  it('leaves a repeat to the next round when that comes sooner, and counts rounds left out', async () => {
    const { engine, stop, starts, advance } = bench((request, context, kind) =>
      Promise.resolve(startOutcome(kind, request, context)({ result: 'inconclusive', reason: 'self-overloaded' })),
    );
    engine.setPlan(plan([item('a', { intervalMs: 2_000 })]));
    await advance(20_000, 100);
    expect(starts.length).toBeLessThanOrEqual(11);
    await advance(100_000);
    // the probe had no moment to end in all this time
    expect(engine.stats().skippedRounds).toBeGreaterThan(40);
    await stop();
  });
});
