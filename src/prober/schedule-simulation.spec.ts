import fc from 'fast-check';
import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { type Caps, NO_CAPS } from './caps.js';
import { DueQueue, lateToleranceMs } from './due-queue.js';
import type { Waiting } from './flow.js';
import type { PlanItem } from './messages.js';
import { Pacing, perKind } from './pacing.js';
import { planKey } from './plan-key.js';
import { demandOf } from './run-load.js';
import { simulate, type SimulatedRun } from './schedule-simulation.js';
import { capsArbitrary, excesses } from './testing/caps-check.js';

const item = (index: number, more: Partial<PlanItem> = {}): PlanItem => ({
  endpointId: `site-${index}`,
  kind: 'sip-call',
  target: `sip:10.0.0.${index}`,
  options: {},
  intervalMs: 60_000,
  area: '',
  carrier: '',
  ...more,
});

interface World {
  items: PlanItem[];
  concurrency: Record<ProbeKind, number>;
  caps?: Caps;
  durationMs: (item: PlanItem, index: number) => number;
  untilMs: number;
  firstRoundMs?: number;
  /** this machine stood still: nothing due within is found before its end */
  pause?: { fromMs: number; untilMs: number };
}

/** The rounds of a plan through due-queue and pacing, as the engine joins them. */
function live({ items, concurrency, caps = NO_CAPS, durationMs, untilMs, firstRoundMs = 1_000, pause }: World) {
  const due = new DueQueue();
  due.replace(items, 0, firstRoundMs);
  const rounds: Waiting<{ dueMs: number; item: PlanItem }>[] = [];
  const runs: SimulatedRun<{ dueMs: number; item: PlanItem }>[] = [];
  let count = 0;
  const awake = (ms: number | undefined): number | undefined =>
    pause && ms !== undefined && ms > pause.fromMs ? Math.max(ms, pause.untilMs) : ms;
  const overlapped = simulate<{ dueMs: number; item: PlanItem }>({
    pacing: new Pacing(concurrency, caps),
    source: {
      nextDueMs: () => awake(due.nextDueMs()),
      takeDue: (nowMs) => {
        const found = due.takeDue(nowMs).map((run) => ({
          key: run.key,
          lane: 'routine' as const,
          deadlineMs: run.dueMs + run.item.intervalMs,
          demand: demandOf(run.item),
          occupies: [],
          value: { dueMs: run.dueMs, item: run.item },
        }));
        rounds.push(...found);
        return found;
      },
    },
    durationMs: ({ value }) => durationMs(value.item, count++),
    onStart: (run) => runs.push(run),
    isDone: (nowMs) => nowMs > untilMs,
  });
  return { rounds, runs, overlapped, missed: due.missedRounds };
}

const latenessMs = ({ waiting, startMs }: SimulatedRun<{ dueMs: number }>): number => startMs - waiting.value.dueMs;
const startsOf = (runs: SimulatedRun<unknown>[], of: PlanItem): number[] =>
  runs.filter(({ waiting }) => waiting.key === planKey(of)).map(({ startMs }) => startMs);

describe(simulate.name, () => {
  /*
   * How late a run may be. n items with one interval I on c places, none lasting longer than D, and n D <= c I: what one interval
   * brings can be done in one. Let a run be due at t, and let all places be busy from t0 until it starts at s. Before it starts, in
   * the order of their deadlines, only rounds due in [t0, t): with t - t0 = (m + f) I, 0 <= f < 1, these are at most n (m + 1) - 1,
   * and at t0 less than c still ran. Together they take no more than (n (m + 1) + c - 2) D of the time of c places, so
   *   s - t <= (n (m + 1) + c - 2) D / c - (m + f) I <= (n + c - 2) D / c, since m n D / c <= m I.
   * Between an item's first round and its second may lie half an interval: one more round of each, (2 n + c - 2) D / c.
   */
  const boundMs = (count: number, places: number, longestMs: number): number => ((2 * count + places - 2) * longestMs) / places;

  it('runs every item in each of its intervals, and none later than the bound, while the load is within capacity', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 10, max: 20_000 }),
        fc.nat(30_000),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (count, places, longestMs, firstRoundMs, shares) => {
          // capacity suffices where the latest start and the longest run fit into half an interval, the shortest gap of two rounds
          const intervalMs = 2 * (boundMs(count, places, longestMs) + longestMs);
          const items = Array.from({ length: count }, (_, index) => item(index, { intervalMs }));
          const durationMs = (): number => longestMs * (shares.next().value as number);
          const untilMs = 6 * intervalMs;
          const { rounds, runs, overlapped, missed } = live({
            items,
            concurrency: perKind(() => places),
            durationMs,
            untilMs,
            firstRoundMs,
          });
          expect([overlapped, missed]).toEqual([0, 0]);
          for (const run of runs) expect(latenessMs(run)).toBeLessThanOrEqual(boundMs(count, places, longestMs));
          for (const one of items) {
            const due = rounds.filter(({ key }) => key === planKey(one)).length;
            expect(due).toBeGreaterThanOrEqual(5);
            expect(startsOf(runs, one).length).toBeGreaterThanOrEqual(due - 1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the bound of each area where areas are what is scarce', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(20_000),
        (count, places, firstRoundMs) => {
          const longestMs = 8_000;
          const intervalMs = 2 * (boundMs(count, places, longestMs) + longestMs);
          const areas = ['north', 'south', 'east'];
          const items = areas.flatMap((area, at) =>
            Array.from({ length: count }, (_, index) => item(at * count + index, { area, intervalMs })),
          );
          const { runs, overlapped } = live({
            items,
            concurrency: perKind(() => 100),
            caps: { ...NO_CAPS, bandwidthKbps: { perArea: places * 1_574, areas: {}, carriers: {} } },
            durationMs: (_, index) => longestMs / (1 + (index % 3)),
            untilMs: 5 * intervalMs,
            firstRoundMs,
          });
          expect(overlapped).toBe(0);
          for (const run of runs) expect(latenessMs(run)).toBeLessThanOrEqual(boundMs(count, places, longestMs));
        },
      ),
      { numRuns: 30 },
    );
  });

  const anyItems = fc
    .array(
      fc.record({
        kind: fc.constantFrom(...PROBE_KINDS),
        area: fc.constantFrom('', 'north', 'south'),
        carrier: fc.constantFrom('', 'one', 'two'),
        intervalMs: fc.integer({ min: 5_000, max: 60_000 }),
        options: fc.constantFrom({}, { video: false }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((given) => given.map((more, index) => item(index, more)));

  // a call larger than the budget of its area and that of its carrier, each of which small runs keep busy
  const bothTooSmall = {
    items: [
      item(0, { intervalMs: 5_000, area: 'south', carrier: 'one' }),
      item(1, { kind: 'icmp', intervalMs: 5_000, area: 'south' }),
      item(2, { kind: 'icmp', intervalMs: 5_000, carrier: 'one' }),
    ],
    caps: { ...NO_CAPS, bandwidthKbps: { perCarrier: 100, areas: { south: 100 }, carriers: {} } },
  };

  it('exceeds no cap at any instant and starves nobody, whatever the overload', () => {
    const places = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(anyItems, places, capsArbitrary, fc.integer({ min: 100, max: 60_000 }), (items, limit, caps, longestMs) => {
        const concurrency = perKind(() => limit);
        const { runs } = live({
          items,
          concurrency,
          caps,
          durationMs: (_, index) => longestMs / (1 + (index % 4)),
          untilMs: 3_000_000,
        });
        const changes = runs.flatMap((run) => [
          { atMs: run.startMs, run, starts: true },
          { atMs: run.endMs, run, starts: false },
        ]);
        changes.sort((a, b) => a.atMs - b.atMs || Number(a.starts) - Number(b.starts));
        const flying = new Set<Waiting<unknown>>();
        for (const { run, starts } of changes) {
          if (starts) flying.add(run.waiting);
          else flying.delete(run.waiting);
          if (starts) expect(excesses(flying, concurrency, caps)).toEqual([]);
        }
        // 40 items one after the other, each overtaken by what OVERTAKEN_MOST lets pass, take no longer than this
        for (const one of items) expect(startsOf(runs, one).length).toBeGreaterThan(1);
      }),
      { numRuns: 30, examples: [[bothTooSmall.items, 1, bothTooSmall.caps, 19_623]] },
    );
  });

  it('does not bunch after a pause of any length, counts what it missed and goes on with the rhythm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 60_000 }), (lastsMs, at) => {
        const items = Array.from({ length: 240 }, (_, index) => item(index, { kind: 'icmp', intervalMs: 60_000 }));
        const pause = { fromMs: 180_000 + at, untilMs: 180_000 + at + lastsMs };
        const world = { items, concurrency: perKind(() => 1_000), durationMs: () => 100, untilMs: pause.untilMs + 120_000 };
        const { runs, missed, rounds } = live({ ...world, pause });
        // 240 in 60 s are 4 a second; what a pause made a little late comes at once, the rest never
        const atOnce = runs.filter(({ startMs }) => startMs >= pause.untilMs && startMs < pause.untilMs + 1_000).length;
        const lateS = Math.min(lastsMs, lateToleranceMs(60_000)) / 1_000;
        expect(atOnce).toBeLessThanOrEqual(2.5 * 4 * (lateS + 1) + 8);
        const undisturbed = live(world);
        expect(rounds.length + missed).toBe(undisturbed.rounds.length);
        const later = (all: typeof runs) =>
          all.filter(({ startMs }) => startMs > pause.untilMs + 1_000).map(({ startMs }) => startMs);
        later(runs).forEach((startMs, index) => expect(startMs).toBeCloseTo(later(undisturbed.runs)[index] ?? NaN, 3));
      }),
      { numRuns: 15 },
    );
  });
});
