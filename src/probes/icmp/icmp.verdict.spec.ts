import type { IcmpFacts } from '../../net/icmp-engine.js';
import type { Reason } from '../../common/reasons.js';
import type { ProbeResult } from '../contract.js';
import { describePathMtu, describeTrace, judgeIcmp, measureIcmp } from './icmp.verdict.js';

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

describe(describeTrace, () => {
  it('should name the last hop that answered, also behind one that does not', () => {
    const hops = [
      { ttl: 1, address: '10.0.0.1', rttMs: 0.42345 },
      { ttl: 2, address: null, rttMs: null },
      { ttl: 3, address: '10.0.2.1', rttMs: 2 },
      { ttl: 4, address: null, rttMs: null },
    ];
    expect(describeTrace(hops)).toEqual({
      detail: { lastHop: '10.0.2.1' },
      evidence: { trace: [{ ...hops[0], rttMs: 0.423 }, ...hops.slice(1)] },
    });
    expect(describeTrace(hops.slice(1, 2)).detail).toEqual({ lastHop: null });
  });
});

describe(describePathMtu, () => {
  it('should note a small path, and nothing of a full one', () => {
    expect(describePathMtu({ bytes: 1500, sent: 1 })).toEqual({ pathMtuBytes: 1500 });
    expect(describePathMtu({ bytes: 1400, limitedBy: '10.0.0.1', sent: 2 })).toEqual({
      pathMtuBytes: 1400,
      pathMtuLimitedBy: '10.0.0.1',
      note: expect.stringContaining('limited by 10.0.0.1') as string,
    });
    expect(describePathMtu({ bytes: 1400, sent: 2 })).toEqual({
      pathMtuBytes: 1400,
      note: expect.stringContaining('vanish') as string,
    });
    expect(describePathMtu({ sent: 9 })).toEqual({ note: expect.stringContaining('unknown') as string });
  });
});
