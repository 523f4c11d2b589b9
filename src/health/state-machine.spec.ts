import type { Reason } from '../common/reasons.js';
import { SIGNAL_NAMES } from '../common/states.js';
import type { Outcome, ProbeKind, ProbeResult } from '../probes/contract.js';
import { assessHealth, type HealthFacts } from './state-machine.js';

const NOW = Date.UTC(2026, 10, 23, 1, 0, 0);
const INTERVALS = { icmp: 30_000, tcp: 60_000, 'sip-options': 60_000, 'sip-call': 900_000 };
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;

const outcome = (kind: ProbeKind, result: ProbeResult, reason: Reason, agoMs = 1000): Outcome => ({
  runId: `${kind}-${agoMs}`,
  endpointId: '04792-1',
  kind,
  vantage: 'province',
  target: '127.20.0.10',
  startedAt: new Date(NOW - agoMs - 100).toISOString(),
  durationMs: 100,
  result,
  reason,
  selfLagMs: 0,
  ...(kind === 'sip-call' && result === 'pass' ? { signals: FLOWING } : {}),
});

const facts = (outcomes: Outcome[], intervalMs: HealthFacts['intervalMs'] = INTERVALS): HealthFacts => ({
  latest: Object.fromEntries(outcomes.map((one) => [one.kind, one])),
  intervalMs,
  needs: SIGNAL_NAMES,
});

describe(assessHealth.name, () => {
  it.each<[string, Outcome[], string, Reason | null]>([
    ['nothing was ever tried', [], 'untested', null],
    ['only a ping passed', [outcome('icmp', 'pass', 'ok')], 'untested', null],
    ['the stack answers, never called', [outcome('sip-options', 'pass', 'ok')], 'untested', 'ok'],
    ['four signals flow', [outcome('sip-call', 'pass', 'ok')], 'ready', 'ok'],
    ['call good, ping lost', [outcome('sip-call', 'pass', 'ok'), outcome('icmp', 'fail', 'no-answer')], 'ready', 'ok'],
    [
      'signalling died after a good call',
      [outcome('sip-call', 'pass', 'ok', 60_000), outcome('sip-options', 'fail', 'no-answer')],
      'down',
      'no-answer',
    ],
    [
      'good call after a lost OPTIONS',
      [outcome('sip-call', 'pass', 'ok'), outcome('sip-options', 'fail', 'no-answer', 30_000)],
      'ready',
      'ok',
    ],
    ['busy is not down', [outcome('sip-call', 'inconclusive', 'busy')], 'in-use', 'busy'],
    ['rings, nobody answers', [outcome('sip-call', 'inconclusive', 'not-auto-answering')], 'unverified', 'not-auto-answering'],
    [
      'out not confirmed is never good',
      [outcome('sip-call', 'inconclusive', 'out-unconfirmed')],
      'unverified',
      'out-unconfirmed',
    ],
    ['one way is not two-way', [outcome('sip-call', 'fail', 'one-way-out')], 'down', 'one-way-out'],
    ['poor quality', [outcome('sip-call', 'fail', 'poor-quality')], 'degraded', 'poor-quality'],
    [
      'a call of long ago proves nothing today',
      [outcome('sip-call', 'pass', 'ok', 3_000_000), outcome('sip-options', 'pass', 'ok')],
      'unverified',
      'ok',
    ],
    [
      'everything is stale',
      [outcome('sip-call', 'pass', 'ok', 9_000_000), outcome('icmp', 'pass', 'ok', 9_000_000)],
      'unknown',
      null,
    ],
    [
      'our own overload says nothing of the line',
      [outcome('sip-call', 'inconclusive', 'self-overloaded'), outcome('sip-options', 'pass', 'ok')],
      'unverified',
      'ok',
    ],
  ])('%s', (_title, outcomes, state, reason) => {
    expect(assessHealth(facts(outcomes), NOW)).toMatchObject({ state, reason });
  });

  it('never calls an endpoint without signalling ready, however well it answers', () => {
    const reachOnly = { icmp: 30_000, tcp: 60_000 };
    expect(assessHealth(facts([outcome('icmp', 'pass', 'ok'), outcome('tcp', 'pass', 'ok')], reachOnly), NOW).state).toBe(
      'unverified',
    );
    expect(assessHealth(facts([outcome('icmp', 'pass', 'ok'), outcome('tcp', 'fail', 'refused')], reachOnly), NOW).state).toBe(
      'unverified',
    );
    expect(assessHealth(facts([outcome('icmp', 'fail', 'no-answer')], reachOnly), NOW)).toMatchObject({
      state: 'down',
      decidedBy: 'icmp',
    });
  });

  it('shows the signals of the deciding call and no older ones', () => {
    expect(assessHealth(facts([outcome('sip-call', 'pass', 'ok')]), NOW).signals).toEqual(FLOWING);
    const overruled = facts([outcome('sip-call', 'pass', 'ok', 60_000), outcome('sip-options', 'fail', 'refused')]);
    expect(Object.values(assessHealth(overruled, NOW).signals)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  describe('of an endpoint that speaks H.323 too', () => {
    const BOTH = { ...INTERVALS, 'h323-ping': 60_000 };
    const stateOf = (...outcomes: Outcome[]) => assessHealth(facts(outcomes, BOTH), NOW);

    it('takes a call over H.323, fallen back to, for the call of the endpoint', () => {
      const fallenBack = { ...outcome('h323-call', 'pass', 'ok'), signals: FLOWING };
      expect(stateOf(fallenBack)).toMatchObject({ state: 'ready', decidedBy: 'h323-call' });
      const before = outcome('sip-call', 'fail', 'no-answer', 900_000);
      expect(stateOf(before, fallenBack, outcome('sip-options', 'fail', 'no-answer', 500))).toMatchObject({ state: 'down' });
      const answers = outcome('h323-ping', 'pass', 'ok', 500);
      expect(stateOf(before, fallenBack, outcome('sip-options', 'fail', 'no-answer', 500), answers)).toMatchObject({
        state: 'ready',
      });
    });

    it('fails by its signalling only where neither stack answers', () => {
      const [sip, h323] = [outcome('sip-options', 'fail', 'no-answer'), outcome('h323-ping', 'fail', 'refused', 500)];
      expect(stateOf(sip, h323)).toMatchObject({ state: 'down', reason: 'refused', decidedBy: 'h323-ping' });
      expect(stateOf(sip, outcome('h323-ping', 'pass', 'ok'))).toMatchObject({ state: 'untested', decidedBy: 'h323-ping' });
    });
  });
});
