import fc from 'fast-check';
import type { Reason } from '../common/reasons.js';
import { SIGNAL_NAMES } from '../common/states.js';
import { ManualScheduler } from '../common/manual-scheduler.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { heard, NOTHING_KNOWN, settle, type SettleRules } from './settle.js';
import { assessHealth, type HealthFacts, saysNothing } from './state-machine.js';
import { STATE_OF_REASON } from './state-of-reason.js';

const RULES: SettleRules = {
  failures: 2,
  of: 3,
  confirmWithinMs: 60_000,
  recoverAfter: 2,
  flapping: { startRatio: 0.2, endRatio: 0.05 },
};
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;
const INTERVALS = { icmp: 30_000, tcp: 60_000, 'sip-options': 60_000, 'sip-call': 900_000 };

/** One endpoint, told outcome after outcome as the board would. */
class Endpoint {
  readonly clock = new ManualScheduler();
  standing = NOTHING_KNOWN;
  confirms: ProbeKind[] = [];
  private readonly facts: HealthFacts;

  constructor(intervalMs: HealthFacts['intervalMs'] = INTERVALS) {
    this.facts = { latest: {}, intervalMs, needs: SIGNAL_NAMES };
  }

  see(kind: ProbeKind, reason: Reason, afterMs = 10_000): string {
    this.clock.advance(afterMs);
    const result = reason === 'ok' ? 'pass' : STATE_OF_REASON[reason] === 'down' ? 'fail' : 'inconclusive';
    const outcome: Observation = {
      ...{ endpointId: 'e', kind, vantage: 'v', target: 't', durationMs: 0, result, reason, selfLagMs: 0 },
      startedAt: new Date(this.clock.wallMs()).toISOString(),
      ...(kind === 'sip-call' && reason === 'ok' ? { signals: FLOWING } : {}),
    };
    if (!saysNothing(outcome)) {
      this.facts.latest[kind] = outcome;
      this.standing = heard(this.standing, outcome, this.facts, RULES);
    }
    return this.look();
  }

  look(afterMs = 0): string {
    this.clock.advance(afterMs);
    const nowMs = this.clock.wallMs();
    const { standing, confirm } = settle(this.standing, assessHealth(this.facts, nowMs), this.facts, nowMs, RULES);
    this.standing = standing;
    if (confirm) this.confirms.push(confirm);
    return standing.verdict.state;
  }
}

const ready = (): Endpoint => {
  const sut = new Endpoint();
  expect(sut.see('sip-call', 'ok')).toBe('ready');
  return sut;
};

describe(settle.name, () => {
  it('asks once more at the first failure, and goes down with the second', () => {
    const sut = ready();
    expect(sut.see('sip-options', 'no-answer')).toBe('ready');
    expect(sut.look(5_000)).toBe('ready');
    expect(sut.confirms).toEqual(['sip-options']);
    expect(sut.see('sip-options', 'no-answer')).toBe('down');
    expect(sut.confirms).toHaveLength(1);
  });

  it('forgets a failure that the confirming probe does not see', () => {
    const sut = ready();
    sut.see('sip-options', 'no-answer');
    expect(sut.see('sip-options', 'ok')).toBe('ready');
    expect(sut.standing.asked).toBeNull();
  });

  it('goes down by two of three though one between them passed', () => {
    const sut = ready();
    sut.see('sip-options', 'no-answer');
    sut.see('sip-options', 'ok');
    expect(sut.see('sip-options', 'no-answer')).toBe('down');
  });

  it('claims neither well nor down when the confirming probe cannot be made', () => {
    const sut = ready();
    sut.see('sip-call', 'one-way-in');
    expect(sut.look(59_999)).toBe('ready');
    expect(sut.look(1)).toBe('unverified');
    expect(sut.standing.verdict.reason).toBe('one-way-in');
    expect(sut.see('sip-call', 'one-way-in', 800_000)).toBe('down');
  });

  it.each<[ProbeKind, Reason, ProbeKind[]]>([
    ['sip-call', 'no-answer', ['sip-call']],
    ['sip-call', 'one-way-out', ['sip-call']],
    // somebody is at the device, or it is in trouble of its own: it is not made to ring again
    ['sip-call', 'peer-hung-up', ['sip-options']],
    ['sip-call', 'server-error', ['sip-options']],
    ['sip-call', 'busy', []],
    ['sip-call', 'declined', []],
    ['sip-call', 'not-auto-answering', []],
    ['sip-call', 'poor-quality', []],
    ['sip-options', 'no-answer', ['sip-options']],
    ['icmp', 'no-answer', []],
    ['tcp', 'refused', []],
  ])('%s %s is confirmed by %j', (kind, reason, expected) => {
    const sut = ready();
    sut.see(kind, reason);
    expect(sut.confirms).toEqual(expected);
  });

  it('does not take lost pings for a confirmation where signalling is probed', () => {
    const sut = ready();
    for (let count = 0; count < 5; count++) sut.see('icmp', 'no-answer', 1_000);
    expect(sut.see('sip-options', 'no-answer')).toBe('ready');
  });

  it('judges by pings where there is nothing else', () => {
    const sut = new Endpoint({ icmp: 30_000 });
    sut.see('icmp', 'ok');
    expect(sut.see('icmp', 'no-answer')).toBe('unverified');
    expect(sut.see('icmp', 'no-answer')).toBe('down');
    expect(sut.see('icmp', 'ok')).toBe('down');
    expect(sut.see('icmp', 'ok')).toBe('unverified');
  });

  it('is led back from down by two light probes, the second of which it asks for', () => {
    const sut = ready();
    sut.see('sip-options', 'no-answer');
    sut.see('sip-options', 'no-answer');
    sut.confirms = [];
    expect(sut.see('sip-options', 'ok')).toBe('down');
    expect(sut.confirms).toEqual(['sip-options']);
    expect(sut.see('sip-options', 'ok')).toBe('ready');
  });

  it('is led back from down by one good call', () => {
    const sut = ready();
    sut.see('sip-call', 'no-answer');
    sut.see('sip-call', 'no-answer');
    expect(sut.see('sip-call', 'ok')).toBe('ready');
  });

  it('lets what is too old become unknown, also from down', () => {
    const sut = ready();
    sut.see('sip-options', 'no-answer');
    sut.see('sip-options', 'no-answer');
    expect(sut.look(210_000)).toBe('down');
    // though the good call of before is not old yet
    expect(sut.look(1)).toBe('unknown');
    expect(sut.see('sip-options', 'ok')).toBe('ready');
  });

  it('sees that a line comes and goes, and when it has become quiet', () => {
    const sut = ready();
    for (let round = 0; round < 4; round++)
      for (const reason of ['no-answer', 'no-answer', 'ok', 'ok'] as const) sut.see('sip-options', reason);
    expect(sut.standing.flapping).toBe(true);
    for (let count = 0; count < 21; count++) sut.see('sip-options', 'ok');
    expect(sut.standing.flapping).toBe(false);
  });

  it('never goes down by what is no failure, nor by a single one', () => {
    const reasons = Object.keys(STATE_OF_REASON) as Reason[];
    const kinds = Object.keys(INTERVALS) as ProbeKind[];
    const step = fc.record({
      kind: fc.constantFrom(...kinds),
      reason: fc.constantFrom(...reasons),
      afterMs: fc.integer({ min: 1, max: 400_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sut = new Endpoint();
        let failures = 0;
        for (const { kind, reason, afterMs } of steps) {
          const before = sut.standing.verdict.state;
          const asked = sut.confirms.length;
          const after = sut.see(kind, reason, afterMs);
          const fails = STATE_OF_REASON[reason] === 'down';
          if (fails && (kind === 'sip-call' || kind === 'sip-options')) failures++;
          if (after === 'down' && before !== 'down') expect(failures).toBeGreaterThanOrEqual(RULES.failures);
          // a room rings again only because a call failed
          if (sut.confirms.slice(asked).includes('sip-call')) expect([kind, fails]).toEqual(['sip-call', true]);
          if (after === 'ready') expect(Object.values(sut.standing.verdict.signals)).toEqual(Object.values(FLOWING));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('decides the same when it is told the same again', () => {
    const told: [ProbeKind, Reason][] = [
      ['sip-call', 'ok'],
      ['sip-options', 'no-answer'],
      ['sip-options', 'no-answer'],
      ['icmp', 'ok'],
      ['sip-call', 'ok'],
    ];
    const run = (): unknown => {
      const sut = new Endpoint();
      return told.map(([kind, reason]) => [sut.see(kind, reason), sut.standing]);
    };
    expect(run()).toEqual(run());
  });
});
