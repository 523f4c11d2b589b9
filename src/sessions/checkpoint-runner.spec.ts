import { ManualScheduler } from '../common/manual-scheduler.js';
import { NO_CAPS } from '../prober/caps.js';
import type { CheckNow, PlanItem } from '../prober/messages.js';
import { perKind } from '../prober/pacing.js';
import type { Observation, Outcome } from '../probes/contract.js';
import { CheckpointRunner } from './checkpoint-runner.js';
import { DurationBook } from './duration-book.js';
import { readinessOf, type SiteStanding } from './readiness.js';
import type { ReadinessEvent } from './readiness-events.js';
import type { Session } from './session.js';
import { runsOf } from './sweep.js';
import { factsOf, MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const SITES = ['a', 'b', 'c'];
const items: PlanItem[] = SITES.flatMap((site) =>
  (['icmp', 'sip-options', 'sip-call'] as const).map((kind) => ({
    endpointId: `${site}-1`,
    kind,
    target: `sip:${site}`,
    address: `10.0.0.${site.charCodeAt(0)}`,
    options: {},
    intervalMs: 900_000,
    area: '',
    carrier: '',
  })),
);

/** A session at 08:00, a clock that is moved by hand, and a prober that answers when it is told to. */
function setup(given: Partial<Session> = {}, startBefore = 180) {
  const clock = new ManualScheduler(START_MS - startBefore * MINUTE_MS);
  const world = { sessions: [sessionOf(given)], standings: SITES.map((site): SiteStanding => factsOf(site)), proberUp: true };
  const orders: CheckNow[] = [];
  const events: ReadinessEvent[] = [];
  const seen = new Map<string, Observation>();
  const start = (): CheckpointRunner => {
    const runner = new CheckpointRunner({
      clock,
      sessions: () => world.sessions,
      runsOf: () => runsOf(items, new DurationBook()),
      limits: () => ({ concurrency: perKind(() => 10), caps: NO_CAPS }),
      checkNow: (checks) => world.proberUp && orders.push(...checks) > 0,
      lastSeen: ({ endpointId, kind }) => seen.get(`${kind} ${endpointId}`),
      readiness: (session) => readinessOf(session, world.standings, clock.wallMs()),
    });
    runner.onEvent((event) => events.push(event));
    return runner;
  };
  const runner = start();
  const answer = (of: CheckpointRunner, ordered = orders.splice(0)): void => {
    const outcomes = ordered.map(({ runId, endpointId, kind }) => {
      const startedAt = new Date(clock.wallMs()).toISOString();
      return { runId, endpointId, kind, startedAt, durationMs: 1_000, result: 'pass', reason: 'ok' } as Outcome;
    });
    for (const outcome of outcomes) seen.set(`${outcome.kind} ${outcome.endpointId}`, outcome);
    of.outcomesSeen(outcomes);
  };
  /** to so many minutes before the start, tick by tick */
  const until = (minutesBefore: number, of: CheckpointRunner = runner, answers = true): void => {
    while (clock.wallMs() < START_MS - minutesBefore * MINUTE_MS) {
      clock.advance(1_000);
      if (answers) answer(of);
      of.tick();
    }
  };
  const summary = (of: CheckpointRunner = runner) =>
    of
      .runsOf('s-1')
      .map(({ checkpoint, state, suite, late, done, total }) => ({ checkpoint, state, suite, late, done: `${done}/${total}` }));
  const told = () => events.map(({ type }) => type);
  return { clock, world, orders, events, runner, start, answer, until, summary, told };
}

const CHECKPOINTS = { checkpoints: ['PT60M', 'PT30M', 'PT10M'] };

describe(CheckpointRunner.name, () => {
  it('runs every checkpoint by itself, calls until they stop, and tells the verdict once', () => {
    const { until, summary, told, runner } = setup(CHECKPOINTS);
    until(-1);
    expect(summary()).toEqual([
      { checkpoint: 'PT60M', state: 'done', suite: 'full', late: false, done: '9/9' },
      { checkpoint: 'PT30M', state: 'done', suite: 'full', late: false, done: '9/9' },
      { checkpoint: 'PT10M', state: 'done', suite: 'light', late: false, done: '6/6' },
    ]);
    expect(told()).toEqual(['checkpoint-done', 'session-ready', 'checkpoint-done', 'checkpoint-done']);
    expect(runner.runsOf('s-1')[0]).toMatchObject({ passed: 9, verdict: 'GO', counts: { total: 3, ready: 3 } });
  });

  it('orders a sweep with the time that is left for it', () => {
    const { until, orders } = setup(CHECKPOINTS);
    until(59.9, undefined, false);
    expect(orders).toHaveLength(9);
    expect(new Set(orders.map(({ lane, withinMs }) => `${lane} ${withinMs}`))).toEqual(new Set(['sweep 60000']));
  });

  it('predicts the finish when it begins', () => {
    const { until, runner } = setup(CHECKPOINTS);
    until(59.95, undefined, false);
    const [run] = runner.runsOf('s-1');
    // three calls of 8 s at once; bursts of a second beside them
    expect((run?.predictedFinishMs ?? 0) - (run?.startedMs ?? 0)).toBe(8_000);
  });

  it('begins anew with what is left after a restart of the core', () => {
    const { until, start, answer, orders, summary, runner } = setup(CHECKPOINTS);
    until(59.95, undefined, false);
    answer(runner, orders.splice(0, 4));
    const stored = runner.runsOf('s-1').map((run) => ({ ...run, done: 0 }));
    orders.length = 0;
    const again = start();
    again.restore(stored, new Map());
    again.tick();
    expect(orders).toHaveLength(5);
    until(59, again);
    expect(summary(again)).toEqual([{ checkpoint: 'PT60M', state: 'done', suite: 'full', late: false, done: '9/9' }]);
  });

  it('catches up at once on what was missed while nobody was there, and says that it is late', () => {
    const { until, start, clock, summary, told, runner } = setup(CHECKPOINTS);
    until(45);
    const stored = runner.unsaved();
    clock.advance(20 * MINUTE_MS);
    const again = start();
    again.restore(stored, new Map([['s-1', 'GO']]));
    until(24, again);
    expect(summary(again).map(({ checkpoint, late, state }) => [checkpoint, state, late])).toEqual([
      ['PT60M', 'done', false],
      ['PT30M', 'done', true],
    ]);
    expect(told()).toEqual(['checkpoint-done', 'session-ready', 'checkpoint-late', 'checkpoint-done']);
  });

  it('gives its orders again when the prober that had them is gone', () => {
    const { until, world, orders, runner, summary } = setup(CHECKPOINTS);
    until(59.95, undefined, false);
    world.proberUp = false;
    runner.proberChanged();
    orders.length = 0;
    until(59.8, undefined, false);
    expect(orders).toHaveLength(0);
    world.proberUp = true;
    until(59.5);
    expect(summary()).toEqual([expect.objectContaining({ state: 'done', done: '9/9' })]);
  });

  it('ends a checkpoint whose outcomes never come, and says how much of it was done', () => {
    const { until, summary } = setup({ checkpoints: ['PT30M'] });
    until(25, undefined, false);
    expect(summary()).toEqual([{ checkpoint: 'PT30M', state: 'done', suite: 'full', late: false, done: '0/9' }]);
  });

  it('tells of a verdict between checkpoints once it has held for a minute', () => {
    const { until, world, told, events } = setup(CHECKPOINTS);
    until(50);
    world.standings = [factsOf('a', { state: 'down', reason: 'no-answer' }), factsOf('b'), factsOf('c')];
    until(49.2);
    expect(told()).toEqual(['checkpoint-done', 'session-ready']);
    until(48);
    expect(events.at(-1)).toMatchObject({ type: 'session-no-go', was: 'GO' });
    expect(events).toHaveLength(3);
  });

  it('warns at planning of a checkpoint that cannot be done in time, once', () => {
    const { until, events } = setup({ checkpoints: ['PT10M'], callsStopBefore: 'PT599S' });
    until(170);
    expect(events).toEqual([]);
    const hasty = setup({ checkpoints: ['PT31M', 'PT1S'], callsStopBefore: 'PT0S' });
    hasty.until(170);
    expect(hasty.events).toEqual([]);
    const crowded = setup({ checkpoints: ['PT2H', 'PT119M59S', 'PT119M58S'] }, 120.01);
    crowded.until(119.99);
    expect(crowded.told().filter((type) => type === 'cannot-finish').length).toBeGreaterThan(0);
    expect(new Set(crowded.events.map(({ key }) => key)).size).toBe(crowded.events.length);
  });

  it('has the checkpoints of a moved session again and drops those of one that is gone', () => {
    const { until, world, summary, runner, orders } = setup(CHECKPOINTS);
    until(50);
    world.sessions = [sessionOf({ ...CHECKPOINTS, startsMs: START_MS + 30 * MINUTE_MS, endsMs: START_MS + 90 * MINUTE_MS })];
    until(29);
    expect(summary().map(({ checkpoint }) => checkpoint)).toEqual(['PT60M', 'PT60M']);
    world.sessions = [];
    until(-60);
    expect(orders).toEqual([]);
    expect(runner.runsOf('s-1')).toEqual([]);
  });

  it('keeps what was not saved until it is', () => {
    const { until, runner } = setup(CHECKPOINTS);
    until(59.95, undefined, false);
    const lost = runner.unsaved();
    expect(lost.map(({ state }) => state)).toEqual(['running']);
    runner.keep(lost);
    until(55);
    // the newer word about the same run wins over the one that is given back
    runner.keep(lost);
    expect(runner.unsaved().map(({ state }) => state)).toEqual(['done']);
    expect(runner.unsaved()).toEqual([]);
  });
});
