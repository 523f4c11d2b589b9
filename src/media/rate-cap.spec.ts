import { RateCap } from './rate-cap.js';

/** How many of the packets pass that come in these milliseconds, `perMs` in each. */
function passed(cap: RateCap, forMs: number, perMs: number, bytes: number): number {
  let count = 0;
  for (let ms = 0; ms < forMs; ms++) for (let i = 0; i < perMs; i++) if (cap.admits(bytes, ms)) count++;
  return count;
}

describe(RateCap.name, () => {
  it('lets a keyframe through at once', () => {
    expect(passed(new RateCap(), 1, 7, 1_200)).toBe(7);
  });

  it('holds a flood of small packets to 300 a second, after one second at once', () => {
    expect(passed(new RateCap(), 10_000, 5, 100)).toBeLessThanOrEqual(300 * 11);
  });

  it('holds a flood of large packets to 2 Mbit/s, after one second at once', () => {
    const bytes = passed(new RateCap(), 10_000, 1, 1_500) * 1_500;
    expect((bytes * 8) / 1000).toBeLessThanOrEqual(2_000 * 11);
  });

  it('gives nothing for a clock that goes back', () => {
    const cap = new RateCap();
    expect(passed(cap, 1, 1_000, 10)).toBe(300);
    expect(cap.admits(10, -60_000)).toBe(false);
  });
});
