import { startOutcome } from '../probes/outcome.js';
import { Engine } from './engine.js';
import type { QuietWindow } from './messages.js';
import { answersAfter, bench, check, item, plan, type Run } from './testing/engine-bench.js';

/** A call that goes on until it is told to end, and then takes a moment for its BYE. */
const untilTold: Run = (request, context, kind) =>
  new Promise((resolve) => {
    const give = startOutcome(kind, request, context);
    const bye = () => resolve(give({ result: 'inconclusive', reason: 'aborted', detail: { endedBy: 'us' } }));
    context.signal.addEventListener('abort', () => context.scheduler.after(1_000, bye));
  });

const busyAfter =
  (delayMs: number): Run =>
  async (request, context, kind) => ({
    ...(await answersAfter(delayMs)(request, context, kind)),
    result: 'inconclusive',
    reason: 'busy',
  });

const room = item('a', { intervalMs: 1_000_000 });
const session = (fromMs: number, toMs: number): QuietWindow => ({
  fromMs,
  toMs,
  endpoints: ['a'],
  kinds: ['sip-call'],
  why: 'session',
  sessionId: 's1',
});

describe(`${Engine.name} doing no harm`, () => {
  it('answers a check in a session with who refused it and until when, also an overriding one, and calls the others', async () => {
    const { engine, stop, starts, of, advance, scheduler } = bench(answersAfter(100));
    const from = scheduler.wallMs();
    engine.setPlan(plan([room, item('bb')], { firstRoundMs: 1e6, quiet: [session(from, from + 60_000)] }));
    engine.checkNow([check('a', 'asked', { override: true }), check('bb', 'other')]);
    await advance(1_000);
    expect(of('asked')).toMatchObject([
      {
        requested: true,
        outcome: {
          result: 'inconclusive',
          reason: 'aborted',
          detail: { refusedBy: 'session', sessionId: 's1', until: new Date(from + 60_000).toISOString() },
        },
      },
    ]);
    expect(of('other')).toMatchObject([{ outcome: { result: 'pass' } }]);
    await advance(60_000, 1_000);
    engine.checkNow([check('a', 'later')]);
    await advance(1_000);
    expect(starts.filter(({ request }) => request.endpointId === 'a')).toHaveLength(1);
    await stop();
  });

  it('records a routine round that was refused', async () => {
    const { engine, stop, outcomes, starts, advance, scheduler } = bench(answersAfter(100));
    engine.setPlan(plan([room], { quiet: [session(scheduler.wallMs() + 30_000, scheduler.wallMs() + 60_000)] }));
    await advance(1_000);
    expect(starts).toEqual([]);
    expect(outcomes).toMatchObject([{ requested: false, outcome: { reason: 'aborted', detail: { refusedBy: 'session' } } }]);
    await stop();
  });

  it('hangs up before the window when a call takes longer than any should', async () => {
    const { engine, stop, outcomes, advance, scheduler } = bench(untilTold);
    const from = scheduler.wallMs() + 60_000;
    engine.setPlan(plan([room], { quiet: [session(from, from + 60_000)] }));
    for (let second = 0; second < 60; second++) {
      await advance(1_000);
      engine.look();
    }
    const [told] = outcomes.map(({ outcome }) => outcome);
    expect(told).toMatchObject({ reason: 'aborted', detail: { endedBy: 'us', refusedBy: 'session' } });
    expect(Date.parse(told?.startedAt ?? '') + (told?.durationMs ?? NaN)).toBeLessThan(from);
    await stop();
  });

  it('hangs up at once when a session is put where a call is', async () => {
    const { engine, stop, outcomes, starts, advance, scheduler } = bench(untilTold);
    engine.setPlan(plan([room]));
    await advance(5_000);
    expect(starts[0]?.signal.aborted).toBe(false);
    engine.setPlan(plan([room], { revision: 2, quiet: [session(scheduler.wallMs() - 1, scheduler.wallMs() + 1e6)] }));
    expect(starts[0]?.signal.aborted).toBe(true);
    await advance(1_000);
    expect(outcomes).toMatchObject([{ outcome: { reason: 'aborted', detail: { refusedBy: 'session' } } }]);
    await stop();
  });

  it('stops calls at once, those that wait too, lets light probes go on, and takes calls up again', async () => {
    const { engine, stop, starts, of, outcomes, advance } = bench(untilTold);
    const light = item('a', { kind: 'icmp', intervalMs: 10_000, options: {} });
    engine.setPlan(plan([room, item('bb'), item('ccc'), light]));
    await advance(100);
    const called = starts.filter(({ kind }) => kind === 'sip-call').map(({ request }) => request.endpointId);
    const waiting = ['a', 'bb', 'ccc'].find((id) => !called.includes(id)) ?? '';
    engine.checkNow([check(waiting, 'asked')]);
    engine.setStop('calls');
    expect(starts.filter(({ kind }) => kind === 'sip-call').every(({ signal }) => signal.aborted)).toBe(true);
    expect(starts.find(({ kind }) => kind === 'icmp')?.signal.aborted).toBe(false);
    expect(of('asked')).toMatchObject([{ outcome: { reason: 'aborted', detail: { refusedBy: 'global-stop', until: null } } }]);
    await advance(200_000, 1_000);
    expect(starts.filter(({ kind }) => kind === 'sip-call')).toHaveLength(2);
    expect(starts.length).toBeGreaterThan(4);
    engine.setStop('everything');
    expect(starts.every(({ signal }) => signal.aborted)).toBe(true);
    await advance(20_000, 1_000);
    expect(outcomes.at(-1)).toMatchObject({ outcome: { kind: 'icmp', detail: { refusedBy: 'global-stop' } } });
    engine.setStop('none');
    engine.checkNow([check('a', 'again')]);
    await advance(1_000);
    expect(starts.at(-1)?.request.runId).toBe('again');
    await stop();
  });

  it('leaves a busy room in peace, but for an operator who overrides it', async () => {
    const { engine, stop, starts, of, advance } = bench(busyAfter(100));
    engine.setPlan(plan([room], { firstRoundMs: 1e6 }));
    engine.checkNow([check('a', 'first')]);
    await advance(200);
    engine.checkNow([check('a', 'second'), check('a', 'third', { override: true })]);
    await advance(200);
    expect(of('second')).toMatchObject([{ outcome: { result: 'inconclusive', reason: 'busy', detail: { refusedBy: 'busy' } } }]);
    expect(starts.map(({ request }) => request.runId)).toEqual(['first', 'third']);
    await stop();
  });
});
