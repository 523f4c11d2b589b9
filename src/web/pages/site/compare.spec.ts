import { SIGNAL_ORDER } from '../../text/sentences.js';
import type { Outcome } from './api-types.js';
import { callsOfInterest, differencesOf } from './compare.js';

const call = (part: Partial<Outcome>): Outcome => ({
  kind: 'sip-call',
  target: 'sip:room@10.0.0.1',
  startedAt: '2026-11-23T00:00:00.000Z',
  durationMs: 6_000,
  result: 'pass',
  reason: 'ok',
  ...part,
});
const flowing = { audioIn: 'flowing', audioOut: 'flowing', videoIn: 'flowing', videoOut: 'flowing' } as const;

it('finds the last call, the last bad one and the last good one', () => {
  const at = (minute: number): string => `2026-11-23T00:0${minute}:00.000Z`;
  const busy = call({ startedAt: at(3), result: 'inconclusive', reason: 'busy' });
  const good = call({ startedAt: at(2) });
  const old = call({ startedAt: at(1), result: 'fail', reason: 'refused' });
  expect(callsOfInterest([good], [busy, old])).toEqual({ last: busy, lastBad: busy, lastGood: good });
  expect(callsOfInterest([])).toEqual({ last: null, lastBad: null, lastGood: null });
});

it('tells which signals are not what they were, and takes none for unknown', () => {
  const good = call({ signals: flowing });
  const dark = call({ signals: { ...flowing, videoIn: 'absent' } });
  expect(differencesOf(good, dark, SIGNAL_ORDER)).toEqual([{ name: 'videoIn', before: 'flowing', now: 'absent' }]);
  expect(differencesOf(good, dark, ['audioOut', 'audioIn'])).toEqual([]);
  expect(differencesOf(good, call({}), SIGNAL_ORDER)).toHaveLength(4);
  expect(differencesOf(good, good, SIGNAL_ORDER)).toEqual([]);
});
