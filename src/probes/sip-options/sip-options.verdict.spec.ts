import type { Reason } from '../../common/reasons.js';
import type { OptionsFacts } from '../../protocols/sip/options-client.js';
import type { ProbeResult } from '../contract.js';
import { judgeOptions } from './sip-options.verdict.js';

const answered = (status: number): OptionsFacts => ({ outcome: 'response', status, sends: 1, ladder: () => [] });
const broken = (failure: OptionsFacts['failure']): OptionsFacts => ({
  outcome: 'transport',
  failure,
  sends: 1,
  ladder: () => [],
});

describe(judgeOptions, () => {
  it.each<[number, ProbeResult, Reason]>([
    [200, 'pass', 'ok'],
    [302, 'pass', 'ok'],
    [401, 'pass', 'ok'],
    [404, 'pass', 'ok'],
    [405, 'pass', 'ok'],
    [407, 'pass', 'ok'],
    [408, 'fail', 'no-answer'],
    [480, 'pass', 'ok'],
    [486, 'pass', 'ok'],
    [500, 'fail', 'server-error'],
    [501, 'pass', 'ok'],
    [503, 'fail', 'server-error'],
    [504, 'fail', 'no-answer'],
    [600, 'pass', 'ok'],
    [603, 'pass', 'ok'],
  ])('should judge a final %i', (status, result, reason) => {
    expect(judgeOptions(answered(status), false)).toMatchObject({ result, reason });
  });

  it.each([302, 401, 403, 404, 486])('should note what a technician should know of %i', (status) => {
    expect(judgeOptions(answered(status), false).note).toEqual(expect.any(String));
  });

  it.each<[OptionsFacts['failure'], Reason]>([
    ['refused', 'refused'],
    ['reset', 'refused'],
    ['no-route', 'no-route'],
  ])('should judge a path that is %s', (failure, reason) => {
    expect(judgeOptions(broken(failure), false)).toEqual({ result: 'fail', reason });
  });

  it('should tell silence from being stopped', () => {
    const silent: OptionsFacts = { outcome: 'timeout', sends: 5, ladder: () => [] };
    expect(judgeOptions(silent, false)).toEqual({ result: 'fail', reason: 'no-answer' });
    expect(judgeOptions(silent, true)).toEqual({ result: 'inconclusive', reason: 'aborted' });
    expect(judgeOptions(answered(200), true)).toEqual({ result: 'pass', reason: 'ok' });
  });
});
