import type { Observation } from '../probes/contract.js';
import { DurationBook } from './duration-book.js';

const seen = (endpointId: string, durationMs: number, given: Partial<Observation> = {}): Observation =>
  ({ endpointId, kind: 'sip-call', durationMs, result: 'pass', reason: 'ok', ...given }) as Observation;

describe(DurationBook.name, () => {
  it('expects what was measured of the endpoint, else the mean of its kind, else what is usual', () => {
    const sut = new DurationBook([
      { endpointId: 'a', kind: 'sip-call', durationMs: 6_000 },
      { endpointId: 'b', kind: 'sip-call', durationMs: 10_000 },
    ]);
    expect(['a', 'b', 'c'].map((id) => sut.expectedMs(id, 'sip-call'))).toEqual([6_000, 10_000, 8_000]);
    expect(sut.expectedMs('a', 'icmp')).toBe(1_000);
    expect(new DurationBook().expectedMs('a', 'sip-call')).toBe(8_000);
  });

  it('learns from each outcome, the newest first', () => {
    const sut = new DurationBook();
    sut.learn(seen('a', 8_000));
    sut.learn(seen('a', 32_000, { result: 'fail', reason: 'no-answer' }));
    expect(sut.expectedMs('a', 'sip-call')).toBe(20_000);
    expect(sut.expectedMs('other', 'sip-call')).toBe(20_000);
  });

  it('learns nothing from a run that was spoilt by us or never began, nor from a target of nobody', () => {
    const sut = new DurationBook([{ endpointId: 'a', kind: 'sip-call', durationMs: 8_000 }]);
    sut.learn(seen('a', 1, { result: 'inconclusive', reason: 'aborted' }));
    sut.learn(seen('a', 60_000, { result: 'inconclusive', reason: 'self-overloaded' }));
    sut.learn({ ...seen('a', 1), endpointId: null });
    expect(sut.expectedMs('a', 'sip-call')).toBe(8_000);
    sut.learn(seen('a', 4_000, { result: 'inconclusive', reason: 'out-unconfirmed' }));
    expect(sut.expectedMs('a', 'sip-call')).toBe(6_000);
  });
});
