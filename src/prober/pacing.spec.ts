import fc from 'fast-check';
import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { OVERTAKEN_MOST } from './cap-book.js';
import { type Caps, NO_CAPS } from './caps.js';
import type { Waiting } from './flow.js';
import { type Lane, LANE_SHARES, LANES } from './lane-turns.js';
import { Pacing, perKind } from './pacing.js';
import { capsArbitrary, excesses } from './testing/caps-check.js';

type Run = Waiting<string>;
const run = (key: string, lane: Lane, deadlineMs: number, more: Partial<Run> & { area?: string; kbps?: number } = {}): Run => ({
  key,
  lane,
  deadlineMs,
  demand: { kind: 'sip-call', area: more.area ?? '', carrier: '', kbps: more.kbps ?? 0 },
  occupies: [],
  value: key,
  ...more,
});
const drain = (pacing: Pacing<string>): string[] => {
  const started = pacing.takeStartable();
  for (const key of started) pacing.finished(key);
  return started;
};

const waitingRun = fc.record({
  lane: fc.constantFrom(...LANES),
  deadlineMs: fc.nat(1_000),
  demand: fc.record({
    kind: fc.constantFrom(...PROBE_KINDS),
    area: fc.constantFrom('', 'north', 'south'),
    carrier: fc.constantFrom('', 'one', 'two'),
    kbps: fc.constantFrom(4, 9, 174, 1_574),
  }),
  occupies: fc.subarray(['gateway', 'bridge'], { maxLength: 2 }),
});
type Step = { add: Omit<Run, 'key' | 'value'> } | { do: 'take' | 'finish' | 'remove' | 'promote' | 'renew'; pick: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: waitingRun }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('take' as const, 'finish' as const), pick: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('remove', 'promote', 'renew'), pick: fc.nat(1_000) }) },
);
const limits = fc.tuple(...PROBE_KINDS.map(() => fc.integer({ min: 1, max: 4 }))).map((counts) => {
  const byKind = new Map(PROBE_KINDS.map((kind, index) => [kind, counts[index] ?? 1]));
  return perKind((kind) => byKind.get(kind) ?? 1);
});

/** Pacing beside the plainest book-keeping of what waits and what runs. */
class Model {
  readonly waiting = new Map<string, Run>();
  readonly running = new Map<string, Run>();
  readonly pacing: Pacing<string>;

  constructor(
    readonly concurrency: Record<ProbeKind, number>,
    readonly caps: Caps,
  ) {
    this.pacing = new Pacing(concurrency, caps);
  }

  apply(now: Step, index: number): void {
    if ('add' in now) {
      const added = { ...now.add, key: `run-${index}`, value: `run-${index}` };
      this.waiting.set(added.key, added);
      return this.pacing.add(added);
    }
    if (now.do === 'take') return this.take();
    const from = [...(now.do === 'finish' ? this.running : this.waiting).values()];
    const picked = from[now.pick % Math.max(1, from.length)];
    if (!picked) return;
    switch (now.do) {
      case 'finish':
        this.running.delete(picked.key);
        return this.pacing.finished(picked.key);
      case 'remove':
        expect(this.pacing.remove(picked.key)).toBe(picked.key);
        this.waiting.delete(picked.key);
        return;
      case 'promote':
        return this.pacing.promote(picked.key, LANES[now.pick % 2] ?? 'check', now.pick);
      case 'renew': {
        const renewed = { ...picked, demand: { ...picked.demand, area: 'moved' }, occupies: ['gateway'] };
        this.waiting.set(picked.key, renewed);
        return this.pacing.renew(picked.key, renewed);
      }
    }
  }

  take(): void {
    for (const key of this.pacing.takeStartable()) {
      this.running.set(key, this.waiting.get(key) as Run);
      expect(this.waiting.delete(key)).toBe(true);
    }
  }

  /** What the limits say of these runs, were they all under way. */
  excesses(runs: Iterable<Run>): string[] {
    return excesses(runs, this.concurrency, this.caps);
  }
}

describe(Pacing.name, () => {
  it('exceeds no limit, counts right and loses nobody, whatever comes, ends, leaves or changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), limits, capsArbitrary, (steps, concurrency, caps) => {
        const model = new Model(concurrency, caps);
        const { pacing, waiting, running } = model;
        steps.forEach((now, index) => {
          model.apply(now, index);
          expect(model.excesses(running.values())).toEqual([]);
          const counts = (runs: Map<string, Run>) =>
            perKind((kind) => [...runs.values()].filter(({ demand }) => demand.kind === kind).length);
          expect(pacing.running()).toEqual(counts(running));
          expect(pacing.queued()).toEqual(counts(waiting));
        });
        while (waiting.size > 0) {
          for (const key of running.keys()) pacing.finished(key);
          running.clear();
          model.take();
          expect(running.size).toBeGreaterThan(0);
          expect(model.excesses(running.values())).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing waiting that could run', () => {
    // fewer starts than it takes for room to be kept for somebody
    fc.assert(
      fc.property(fc.array(step, { maxLength: OVERTAKEN_MOST }), limits, capsArbitrary, (steps, concurrency, caps) => {
        const model = new Model(concurrency, caps);
        steps.forEach((now, index) => {
          model.apply(now, index);
          model.take();
          for (const run of model.waiting.values()) expect(model.excesses([...model.running.values(), run])).not.toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('starts checks first, then by the earliest deadline', () => {
    const pacing = new Pacing<string>(perKind(() => 9));
    pacing.add(run('late', 'routine', 30));
    pacing.add(run('early', 'routine', 10));
    pacing.add(run('asked', 'check', 99));
    expect(pacing.takeStartable()).toEqual(['asked', 'early', 'late']);
  });

  it.each([[['check', 'sweep', 'routine']], [['check', 'routine']], [['sweep', 'routine']]] as Lane[][][])(
    'shares the starts among %j as it should',
    (lanes) => {
      const pacing = new Pacing<string>(perKind(() => 1));
      const started = new Map<string, number>();
      for (const lane of lanes) for (let index = 0; index < 1_000; index++) pacing.add(run(`${lane}:${index}`, lane, index));
      for (let turn = 0; turn < 300; turn++) {
        const lane = drain(pacing)[0]?.split(':')[0] ?? '';
        started.set(lane, (started.get(lane) ?? 0) + 1);
      }
      const shares = lanes.reduce((sum, lane) => sum + LANE_SHARES[lane], 0);
      for (const lane of lanes) expect(started.get(lane)).toBeCloseTo((300 * LANE_SHARES[lane]) / shares, -1);
    },
  );

  it('starves no lane, whatever keeps coming in the others', () => {
    const whole = LANE_SHARES.check + LANE_SHARES.sweep + LANE_SHARES.routine;
    fc.assert(
      fc.property(
        fc.constantFrom(...LANES),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (lane, count, limit) => {
          const pacing = new Pacing<string>(perKind(() => limit));
          for (let index = 0; index < count; index++) pacing.add(run(`mine-${index}`, lane, index));
          const started: string[] = [];
          for (let round = 0; started.filter((key) => key.startsWith('mine')).length < count; round++) {
            for (const other of LANES.filter((one) => one !== lane)) {
              for (let index = 0; index < limit; index++) pacing.add(run(`${other}-${round}-${index}`, other, 0));
            }
            started.push(...drain(pacing));
            expect(started.length).toBeLessThanOrEqual((count * whole) / LANE_SHARES[lane] + whole + limit);
          }
        },
      ),
    );
  });

  it('saves up no turns for a lane that had nothing to start', () => {
    const pacing = new Pacing<string>(perKind(() => 1));
    for (let index = 0; index < 100; index++) pacing.add(run(`routine-${index}`, 'routine', index));
    for (let turn = 0; turn < 50; turn++) drain(pacing);
    for (let index = 0; index < 100; index++) pacing.add(run(`sweep-${index}`, 'sweep', index));
    const next = Array.from({ length: 40 }, () => drain(pacing)[0] ?? '');
    expect(next[0]).toBe('sweep-0');
    expect(next.filter((key) => key.startsWith('routine')).length).toBeCloseTo(10, 0);
  });

  it('keeps a full area from standing in the way of the others, and says who is held back', () => {
    const caps = { ...NO_CAPS, perArea: { 'sip-call': 1 }, bandwidthKbps: { areas: { south: 200 }, carriers: {} } };
    const pacing = new Pacing<string>(
      perKind(() => 9),
      caps,
    );
    for (const index of [0, 1, 2]) pacing.add(run(`north-${index}`, 'check', index, { area: 'north' }));
    for (const index of [0, 1]) pacing.add(run(`south-${index}`, 'routine', index, { area: 'south', kbps: 174 }));
    pacing.add(run('nowhere', 'routine', 99));
    expect(pacing.takeStartable()).toEqual(['north-0', 'south-0', 'nowhere']);
    expect(pacing.heldBack()).toEqual({ area: { north: 2, south: 1 }, carrier: {} });
    pacing.finished('nowhere');
    expect(pacing.takeStartable()).toEqual([]);
    pacing.finished('north-0');
    expect(pacing.takeStartable()).toEqual(['north-1']);
    pacing.setLimits(perKind(() => 9));
    expect(pacing.takeStartable()).toEqual(['north-2', 'south-1']);
    expect(pacing.heldBack()).toEqual({ area: {}, carrier: {} });
  });

  it('lets a run larger than the whole budget go alone, and keeps room for it after enough others', () => {
    const caps = { ...NO_CAPS, bandwidthKbps: { perArea: 1_000, areas: {}, carriers: {} } };
    const pacing = new Pacing<string>(
      perKind(() => 9),
      caps,
    );
    const small = (index: number): Run => run(`small-${index}`, 'routine', index, { area: 'north', kbps: 174 });
    const started: string[] = [];
    for (let index = 0; index < 3; index++) pacing.add(small(index));
    started.push(...pacing.takeStartable());
    pacing.add(run('large', 'routine', 0, { area: 'north', kbps: 1_574 }));
    // there is always another small one, and one always runs
    for (let index = 3; !started.includes('large'); index++) {
      expect(index).toBeLessThan(OVERTAKEN_MOST + 20);
      pacing.add(small(index));
      pacing.finished(`small-${index - 3}`);
      started.push(...pacing.takeStartable());
    }
    expect(pacing.running()['sip-call']).toBe(1);
    expect(pacing.takeStartable()).toEqual([]);
    pacing.finished('large');
    expect(pacing.takeStartable().length).toBeGreaterThan(0);
  });

  it('lets a run wait at its engaged address and goes on with the next', () => {
    const pacing = new Pacing<string>(perKind(() => 3));
    pacing.add(run('first', 'routine', 1, { occupies: ['gateway', '10.0.0.1'] }));
    pacing.add(run('second', 'routine', 2, { occupies: ['10.0.0.1'] }));
    pacing.add(run('third', 'routine', 3, { occupies: ['10.0.0.1'] }));
    pacing.add(run('free', 'routine', 4));
    expect(pacing.takeStartable()).toEqual(['first', 'free']);
    pacing.remove('third');
    pacing.finished('first');
    expect(pacing.takeStartable()).toEqual(['second']);
    expect(pacing.queued()['sip-call']).toBe(0);
  });

  it('moves a run up when somebody asks for it, never down', () => {
    const pacing = new Pacing<string>(perKind(() => 1));
    for (const key of ['a', 'b', 'c']) pacing.add(run(key, 'routine', 1));
    pacing.promote('c', 'sweep', 5_000);
    pacing.promote('b', 'sweep', 6_000);
    pacing.promote('b', 'check', 50);
    pacing.promote('b', 'sweep', 1);
    expect(drain(pacing)).toEqual(['b']);
    expect(drain(pacing)).toEqual(['c']);
    expect(drain(pacing)).toEqual(['a']);
    expect(drain(pacing)).toEqual([]);
  });

  it('gives up what waited too long, but no routine run, and waits as long as the most patient', () => {
    const pacing = new Pacing<string>(perKind(() => 1));
    pacing.add(run('routine', 'routine', 5));
    pacing.add(run('check', 'check', 10));
    pacing.add(run('both', 'sweep', 30));
    pacing.promote('both', 'check', 20);
    expect(pacing.nextExpiryMs()).toBe(10);
    expect(pacing.takeExpired(9)).toEqual([]);
    expect(pacing.takeExpired(29)).toEqual(['check']);
    expect(pacing.takeExpired(30)).toEqual(['both']);
    expect(pacing.nextExpiryMs()).toBeUndefined();
    expect(pacing.queued()['sip-call']).toBe(1);
  });
});
