import type { IcmpFacts } from '../../net/icmp-engine.js';
import type { Reason } from '../../common/reasons.js';
import type { ProbeResult } from '../contract.js';
import { judgeIcmp, measureIcmp } from './icmp.verdict.js';

const lost: IcmpFacts = { sent: 2, rttMs: [null, null], clock: 'user' };
const unreachable = (type: NonNullable<IcmpFacts['unreachable']>['type']): IcmpFacts => ({ ...lost, unreachable: { type } });
const failure = (code: NonNullable<IcmpFacts['failure']>['code']): IcmpFacts => ({
  ...lost,
  sent: 0,
  failure: { code, message: '' },
});

describe(judgeIcmp, () => {
  it.each<[string, IcmpFacts, ProbeResult, Reason]>([
    ['one reply of two', { ...lost, rttMs: [null, 3] }, 'pass', 'ok'],
    ['a reply beside an error', { ...unreachable('host'), rttMs: [3, null] }, 'pass', 'ok'],
    ['no reply', lost, 'fail', 'no-answer'],
    ['net unreachable', unreachable('net'), 'fail', 'no-route'],
    ['host unreachable', unreachable('host'), 'fail', 'no-route'],
    ['a routing loop', unreachable('ttl-exceeded'), 'fail', 'no-route'],
    ['filtered', unreachable('admin'), 'fail', 'refused'],
    ['port unreachable', unreachable('port'), 'fail', 'refused'],
    ['protocol unreachable', unreachable('protocol'), 'fail', 'refused'],
    ['too big', unreachable('fragmentation-needed'), 'fail', 'no-answer'],
    ['another error', unreachable('other'), 'fail', 'no-answer'],
    ['no route from here', failure('no-route'), 'fail', 'no-route'],
    ['no such name', failure('resolve-failed'), 'fail', 'resolve-failed'],
    ['no way to ping here', failure('unavailable-here'), 'inconclusive', 'unavailable-here'],
    ['stopped', failure('aborted'), 'inconclusive', 'aborted'],
  ])('should judge "%s"', (_title, facts, result, reason) => {
    expect(judgeIcmp(facts)).toEqual({ result, reason });
  });
});

describe(measureIcmp, () => {
  it('should give loss, quantiles and jitter of what was answered', () => {
    expect(measureIcmp({ sent: 5, rttMs: [10, 12, null, 11, 20], clock: 'user' })).toEqual({
      sent: 5,
      received: 4,
      lossRatio: 0.2,
      rttMs: { min: 10, median: 11.5, p95: 18.8, max: 20 },
      jitterMs: 4,
    });
  });

  it('should leave out what was not measured', () => {
    expect(measureIcmp({ sent: 1, rttMs: [null], clock: 'user' })).toEqual({ sent: 1, received: 0, lossRatio: 1 });
    expect(measureIcmp({ sent: 0, rttMs: [], clock: 'user' })).toEqual({ sent: 0, received: 0 });
    expect(measureIcmp({ sent: 1, rttMs: [7], clock: 'user' })).not.toHaveProperty('jitterMs');
  });
});
