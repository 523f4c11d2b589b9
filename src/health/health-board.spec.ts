import { ManualScheduler } from '../common/manual-scheduler.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Outcome } from '../probes/contract.js';
import { SLOT_MS, SLOTS } from './baseline.js';
import { HealthBoard } from './health-board.js';
import type { SettleRules } from './settle.js';

const record = (id: string): EndpointRecord =>
  ({ id, siteCode: id.slice(0, -2), siteName: id, ordinal: 1, address: '127.20.0.10' }) as EndpointRecord;
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;

const RULES: SettleRules = {
  failures: 2,
  of: 3,
  confirmWithinMs: 60_000,
  recoverAfter: 2,
  flapping: { startRatio: 0.2, endRatio: 0.05 },
};
/** The second failure, as the confirming probe would bring it. */
const CONFIRM_MS = 7_000;

const setup = () => {
  const clock = new ManualScheduler();
  const sut = new HealthBoard(clock, RULES);
  const intervals = { 'sip-options': 60_000, 'sip-call': 60_000 };
  sut.setEndpoints([record('04792-1'), record('04795-1')], () => intervals);
  const call = (part: Partial<Outcome> = {}): Outcome => ({
    runId: `run-${clock.wallMs()}`,
    endpointId: '04792-1',
    kind: 'sip-call',
    vantage: 'province',
    target: 'sip:04792@127.20.0.10',
    startedAt: new Date(clock.wallMs() - 6000).toISOString(),
    durationMs: 6000,
    result: 'pass',
    reason: 'ok',
    signals: FLOWING,
    media: { audioIn: { packets: 300, lossRatio: 0 }, videoIn: { packets: 490, lossRatio: 0.02 } },
    rttMs: 12,
    mos: 4.4,
    selfLagMs: 0.1,
    ...part,
  });
  const goDown = (): void => {
    sut.apply([call({ result: 'fail', reason: 'no-answer' })]);
    clock.advance(CONFIRM_MS);
    sut.apply([call({ result: 'fail', reason: 'no-answer' })]);
  };
  return { sut, clock, call, intervals, goDown };
};

describe(HealthBoard.name, () => {
  it('shows what the last call saw, the worst stream for loss', () => {
    const { sut, call } = setup();
    expect([...sut.apply([call()])]).toEqual(['04792-1']);
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', signals: FLOWING, rttMs: 12, lossRatio: 0.02, mos: 4.4 });
    expect(sut.view('04795-1')).toMatchObject({ state: 'untested', checkedAt: null });
  });

  it('ignores the same outcome told twice, one that is older, and one of an endpoint that left', () => {
    const { sut, clock, call, goDown } = setup();
    const first = call();
    sut.apply([first]);
    clock.advance(60_000);
    goDown();
    expect(sut.apply([first, call({ endpointId: 'gone-1' })]).size).toBe(0);
    expect(sut.view('04792-1')?.state).toBe('down');
  });

  it('keeps "since" while the state holds, though the reason changes', () => {
    const { sut, clock, call, goDown } = setup();
    goDown();
    const since = sut.view('04792-1')?.since;
    clock.advance(60_000);
    sut.apply([call({ result: 'fail', reason: 'refused' })]);
    expect(sut.view('04792-1')).toMatchObject({ state: 'down', reason: 'refused', since });
    clock.advance(60_000);
    sut.apply([call()]);
    expect(sut.view('04792-1')?.since).not.toBe(since);
  });

  it('lets a result grow stale by time alone', () => {
    const { sut, clock, call } = setup();
    sut.apply([call()]);
    clock.advance(180_000);
    expect(sut.decay().size).toBe(0);
    clock.advance(60_000);
    expect([...sut.decay()]).toEqual(['04792-1']);
    expect(sut.view('04792-1')?.state).toBe('unknown');
    expect(sut.freshOutcome('04792-1', 'sip-call')).toBeUndefined();
    expect(sut.latestOutcome('04792-1', 'sip-call')?.reason).toBe('ok');
  });

  it('leaves the health alone when the measurement was spoilt by us, yet shows that it was tried', () => {
    const { sut, clock, call } = setup();
    sut.apply([call()]);
    clock.advance(30_000);
    sut.apply([call({ result: 'inconclusive', reason: 'self-overloaded' })]);
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', probes: { 'sip-call': { reason: 'self-overloaded' } } });
  });

  it('shows of a call by the other protocol what was tried before, until one needs it no more', () => {
    const { sut, clock, call } = setup();
    const fellBackFrom = { kind: 'h323-call', target: '127.20.0.10', reason: 'refused', failure: { kind: 'transport' } };
    sut.apply([call({ detail: { fellBackFrom } })]);
    const shown = { kind: 'h323-call', reason: 'refused' };
    expect(sut.view('04792-1')?.probes['sip-call']?.fellBackFrom).toEqual(shown);
    clock.advance(30_000);
    sut.apply([call()]);
    expect(sut.view('04792-1')?.probes['sip-call']).not.toHaveProperty('fellBackFrom');
  });

  it('keeps what is known of endpoints that stay when the inventory changes', () => {
    const { sut, call, intervals } = setup();
    sut.apply([call()]);
    expect(sut.setEndpoints([record('04792-1'), record('05128-1')], () => intervals)).toEqual(['04795-1']);
    expect(sut.views().map(({ id, state }) => [id, state])).toEqual([
      ['04792-1', 'ready'],
      ['05128-1', 'untested'],
    ]);
  });

  it('asks for one confirming probe at the first failure and holds its judgement until then', () => {
    const { sut, clock, call } = setup();
    sut.apply([call()]);
    clock.advance(60_000);
    sut.apply([call({ result: 'fail', reason: 'no-answer' })]);
    expect(sut.takeConfirmations()).toEqual([{ endpointId: '04792-1', kind: 'sip-call' }]);
    sut.decay();
    expect(sut.takeConfirmations()).toEqual([]);
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', signals: FLOWING });
    clock.advance(60_000);
    sut.decay();
    expect(sut.view('04792-1')).toMatchObject({ state: 'unverified', reason: 'no-answer' });
  });

  it('believes at once what was seen before a restart', () => {
    const { sut, call } = setup();
    sut.apply([call({ result: 'fail', reason: 'no-answer' })], true);
    expect(sut.view('04792-1')?.state).toBe('down');
  });

  it('shows planned work while it lasts, and what was measured when it is over', () => {
    const { sut, clock, call } = setup();
    const nowMs = clock.wallMs();
    const until = new Date(nowMs + 90_000).toISOString();
    sut.setMaintenance([
      {
        ...{ id: 'w', scope: 'endpoint', target: '04792-1', note: 'new codec', repeat: null },
        ...{ fromMs: nowMs + 30_000, toMs: nowMs + 90_000 },
      },
    ]);
    sut.apply([call()]);
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', maintenance: null });
    clock.advance(30_000);
    expect([...sut.decay()]).toEqual(['04792-1']);
    expect(sut.view('04792-1')).toMatchObject({ state: 'maintenance', reason: null, maintenance: { id: 'w', until } });
    clock.advance(60_000);
    sut.decay();
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', maintenance: null });
    expect(sut.view('04795-1')?.state).toBe('untested');
  });

  it('is blind while it doubts itself, and holds nothing of that time against anybody', () => {
    const { sut, clock, call } = setup();
    sut.apply([call()]);
    clock.advance(30_000);
    const sinceMs = clock.wallMs();
    sut.apply([call({ kind: 'sip-options', durationMs: 7_000, result: 'fail', reason: 'no-answer' })]);
    clock.advance(1_000);
    sut.setDoubt({ sinceMs, why: 'references', targets: ['10.0.0.1'] });
    expect(sut.views().map(({ state, monitorBlind }) => [state, monitorBlind])).toEqual([
      ['unknown', true],
      ['unknown', true],
    ]);
    clock.advance(CONFIRM_MS);
    sut.apply([call({ kind: 'sip-options', result: 'fail', reason: 'no-answer' })]);
    expect(sut.view('04792-1')?.probes['sip-options']).toMatchObject({ result: 'fail' });
    sut.setDoubt(null);
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', monitorBlind: false });
    expect(sut.view('04795-1')).toMatchObject({ state: 'untested' });
  });

  describe('of a line that answered pings in 15 ms for a week', () => {
    const setupWeek = () => {
      const it = setup();
      it.sut.setEndpoints([record('04792-1')], () => ({ ...it.intervals, icmp: 30_000 }));
      for (let ago = SLOTS - 1; ago > 0; ago--) it.sut.learnUsual('04792-1', it.clock.wallMs() - ago * SLOT_MS, 15);
      const ping = (median: number | null, part: Partial<Outcome> = {}): void => {
        it.clock.advance(30_000);
        const measures = { sent: 3, received: median === null ? 0 : 3, rttMs: median === null ? null : { median } };
        it.sut.apply([it.call({ kind: 'icmp', durationMs: 100, measures, rttMs: undefined, media: undefined, ...part })]);
      };
      const unlike = () => it.sut.view('04792-1')?.unlikeItself;
      it.sut.apply([it.call()]);
      return { ...it, ping, unlike };
    };

    it('shows 120 ms as unlike itself, and leaves the state to the call', () => {
      const { sut, ping, unlike } = setupWeek();
      ping(120);
      ping(120);
      expect(unlike()).toBeNull();
      ping(120);
      expect(unlike()).toEqual({ figure: 'rttMs', now: 120, usual: 15, limit: 65 });
      expect(sut.view('04792-1')?.state).toBe('ready');
      ping(16);
      expect(unlike()).toBeNull();
    });

    it.each<[string, Parameters<ReturnType<typeof setupWeek>['ping']>]>([
      ['our own lateness', [120, { selfLagMs: 21 }]],
      ['a stopped ping', [120, { result: 'inconclusive', reason: 'aborted' }]],
    ])('is not misled by %s', (_, given) => {
      const { ping, unlike } = setupWeek();
      for (let count = 0; count < 4; count++) ping(...given);
      expect(unlike()).toBeNull();
    });

    it('claims nothing of what no longer answers, nor of what was last heard long ago', () => {
      const { sut, clock, ping, unlike } = setupWeek();
      for (let count = 0; count < 3; count++) ping(120);
      ping(null, { result: 'fail', reason: 'no-answer' });
      expect(unlike()).toBeNull();
      for (let count = 0; count < 3; count++) ping(120);
      expect(unlike()).not.toBeNull();
      clock.advance(10 * 60_000);
      expect([...sut.decay()]).toEqual(['04792-1']);
      expect(unlike()).toBeNull();
    });

    it('says nothing while the monitor doubts itself, and learns nothing from it', () => {
      const { sut, clock, ping, unlike } = setupWeek();
      for (let count = 0; count < 3; count++) ping(120);
      sut.setDoubt({ sinceMs: clock.wallMs(), why: 'references', targets: [] });
      for (let count = 0; count < 3; count++) ping(500);
      expect(unlike()).toBeNull();
      sut.setDoubt(null);
      expect(unlike()).toMatchObject({ now: 120 });
    });
  });
});

describe('after a restart', () => {
  /** Ten calls, a minute apart, that fail every other time: the last one well. */
  const before = () => {
    const { sut, clock, call, intervals } = setup();
    const outcomes: Outcome[] = [];
    for (let count = 0; count < 10; count++) {
      clock.advance(60_000);
      outcomes.push(call(count % 2 ? {} : { result: 'fail', reason: 'no-answer' }));
      sut.apply(outcomes.slice(-1));
    }
    const restarted = new HealthBoard(clock, RULES);
    restarted.setEndpoints([record('04792-1')], () => intervals);
    return { sut, restarted, outcomes, call, clock };
  };

  it('knows what was flapping, which the last results alone do not tell', () => {
    const { sut, restarted, outcomes } = before();
    expect(sut.view('04792-1')).toMatchObject({ state: 'ready', flapping: true });
    restarted.apply(outcomes.slice(-1), true);
    expect(restarted.view('04792-1')).toMatchObject({ state: 'ready', flapping: false });
    const { restarted: reliving } = before();
    reliving.relive(outcomes);
    reliving.apply(outcomes.slice(-1), true);
    expect(reliving.view('04792-1')).toMatchObject({ state: 'ready', flapping: true });
  });

  it('counts a failure of before among N of M, and nothing twice', () => {
    const { restarted, outcomes, call, clock } = before();
    const lastTwo = outcomes.slice(-2);
    restarted.relive(lastTwo);
    restarted.relive(lastTwo);
    restarted.apply(lastTwo.slice(-1), true);
    expect(restarted.view('04792-1')?.state).toBe('ready');
    clock.advance(60_000);
    restarted.apply([call({ result: 'fail', reason: 'no-answer' })]);
    expect(restarted.view('04792-1')?.state).toBe('down');
    const forgetful = before().restarted;
    forgetful.apply(lastTwo.slice(-1), true);
    forgetful.apply([call({ result: 'fail', reason: 'no-answer' })]);
    expect(forgetful.view('04792-1')?.state).toBe('ready');
  });

  it('asks for the kinds that decide, each as far back as its longest interval', () => {
    const { restarted } = before();
    expect([...restarted.decisiveKinds()]).toEqual([
      ['sip-call', 60_000],
      ['sip-options', 60_000],
    ]);
  });
});
