import fc from 'fast-check';
import type { PlanItem } from '../prober/messages.js';
import { perKind } from '../prober/pacing.js';
import { denser, lightIntervalMs } from './light-schedule.js';
import { MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const at = (minutesBefore: number): number => START_MS - minutesBefore * MINUTE_MS;
const item = (endpointId: string, kind: PlanItem['kind'], intervalMs: number): PlanItem => ({
  endpointId,
  kind,
  target: '10.0.0.1',
  options: {},
  intervalMs,
  area: '',
  carrier: '',
});

describe(lightIntervalMs.name, () => {
  it.each([
    [180, null],
    [120, 30_000],
    [30, 15_000],
    [10, 10_000],
    [0, 15_000],
    [-119, 15_000],
    [-120, null],
  ])('%d minutes before the start of two hours: %s ms', (minutes, everyMs) =>
    expect(lightIntervalMs(sessionOf(), at(minutes))).toBe(everyMs),
  );

  it('only grows denser on the way to the start', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (a, b) => {
        const [far, near] = [Math.max(a, b), Math.min(a, b)];
        expect(lightIntervalMs(sessionOf(), at(near)) ?? Infinity).toBeLessThanOrEqual(
          lightIntervalMs(sessionOf(), at(far)) ?? Infinity,
        );
      }),
    );
  });

  it('leaves a cancelled session alone', () => expect(lightIntervalMs(sessionOf({ status: 'cancelled' }), at(5))).toBeNull());
});

describe(denser.name, () => {
  const limits = { concurrency: perKind(() => 10) };
  const needs = [{ everyMs: 10_000, endpointIds: new Set(['a']) }];

  it('makes the light probes of participants denser, and no call', () => {
    const items = [item('a', 'icmp', 30_000), item('a', 'sip-call', 900_000), item('b', 'icmp', 30_000), item('a', 'tcp', 5_000)];
    expect(denser(items, needs, limits, () => 100).map(({ intervalMs }) => intervalMs)).toEqual([10_000, 900_000, 30_000, 5_000]);
  });

  it('leaves a probe that waits for its time-out the time to end', () => {
    const items = [item('a', 'sip-options', 60_000), item('a', 'tcp', 60_000)];
    const takes = ({ kind }: PlanItem): number => (kind === 'tcp' ? 8_000 : 100);
    expect(denser(items, needs, limits, takes).map(({ intervalMs }) => intervalMs)).toEqual([10_000, 16_000]);
  });

  it('takes the denser of two sessions', () => {
    const both = [...needs, { everyMs: 15_000, endpointIds: new Set(['a', 'b']) }];
    const items = [item('a', 'icmp', 30_000), item('b', 'icmp', 30_000)];
    expect(denser(items, both, limits, () => 100).map(({ intervalMs }) => intervalMs)).toEqual([10_000, 15_000]);
  });

  it('takes no more than half the places, and never makes a probe rarer', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `e${index}`);
    const items = ids.map((id) => item(id, 'icmp', 300_000));
    const all = [{ everyMs: 10_000, endpointIds: new Set(ids) }];
    // 1,000 bursts of a second on five of ten places
    expect(new Set(denser(items, all, limits, () => 1_000).map(({ intervalMs }) => intervalMs))).toEqual(new Set([200_000]));
    expect(new Set(denser(items, all, limits, () => 60_000).map(({ intervalMs }) => intervalMs))).toEqual(new Set([300_000]));
  });
});
