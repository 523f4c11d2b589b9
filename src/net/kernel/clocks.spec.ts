import { monotonicOf, readClocks } from './clocks.js';

/** gives these readings one after the other */
const readings = (...values: number[]): (() => number) => {
  const left = [...values];
  return () => left.shift() as number;
};

describe(readClocks, () => {
  it('takes the middle of the two monotonic readings for the moment of the other clock', () => {
    expect(readClocks(readings(100, 100.01), readings(7e9))).toEqual({ monotonicMs: 100.005, realtimeNs: 7e9 });
  });

  it('reads again when it was put aside in between, and keeps the closest pair', () => {
    expect(readClocks(readings(100, 103, 104, 104.01), readings(1e9, 2e9))).toEqual({ monotonicMs: 104.005, realtimeNs: 2e9 });
    expect(readClocks(readings(100, 103, 104, 105, 106, 109), readings(1e9, 2e9, 3e9)).realtimeNs).toBe(2e9);
  });
});

describe(monotonicOf, () => {
  const now = { monotonicMs: 1_000, realtimeNs: 60e9 };

  it('takes a stamp back by as long as it lay', () => {
    expect(monotonicOf(60e9 - 2.5e6, now)).toBe(997.5);
  });

  it('never lets anything arrive after it was read', () => {
    expect(monotonicOf(60e9 + 5_000, now)).toBe(1_000);
  });

  it('has no answer for no stamp, and across a step of the wall clock, forwards or backwards', () => {
    expect(monotonicOf(undefined, now)).toBeUndefined();
    expect(monotonicOf(0, now)).toBeUndefined();
    expect(monotonicOf(61e9, now)).toBeUndefined();
  });
});
