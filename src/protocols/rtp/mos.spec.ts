import { estimateMos, ratingToMos, transmissionRating } from './mos.js';

describe(ratingToMos.name, () => {
  // ITU-T G.107 table B.1: the lower limits of its categories
  it.each([
    [90, 4.34],
    [80, 4.03],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
  ])('R %i is MOS %d', (rating, mos) => {
    expect(ratingToMos(rating)).toBeCloseTo(mos, 1);
  });

  it.each([
    [-5, 1],
    [0, 1],
    [3, 1],
    [100, 4.5],
    [120, 4.5],
  ])('stays within its scale at R %i', (rating, mos) => {
    expect(ratingToMos(rating)).toBe(mos);
  });
});

describe(transmissionRating.name, () => {
  it.each([
    // 93.2 - 0.024 x 100
    [100, 0, 90.8],
    // 93.2 - 0.024 x 277.3 - 0.11 x 100
    [277.3, 0, 75.5448],
    // 93.2 - 95 x 25.1 / (25.1 + 25.1): half the most that loss can take
    [0, 0.251, 45.7],
  ])('at %d ms and a loss of %d is %d', (oneWayMs, lossRatio, rating) => {
    expect(transmissionRating(oneWayMs, lossRatio)).toBeCloseTo(rating, 6);
  });

  it('takes a loss outside 0..1 as its limit', () => {
    expect(transmissionRating(0, -0.1)).toBe(transmissionRating(0, 0));
    expect(transmissionRating(0, 7)).toBe(transmissionRating(0, 1));
  });
});

describe(estimateMos.name, () => {
  it('is 4.39 on a perfect line: 20 ms of packet and 20 ms of buffer are always there', () => {
    expect(estimateMos({ rttMs: 0, lossRatio: 0, jitterMs: 0 })).toBeCloseTo(ratingToMos(92.24), 9);
  });

  it('falls with each of loss, round trip and jitter', () => {
    const good = { rttMs: 20, lossRatio: 0, jitterMs: 2 };
    const mos = estimateMos(good);
    expect(estimateMos({ ...good, lossRatio: 0.05 })).toBeLessThan(mos);
    expect(estimateMos({ ...good, rttMs: 600 })).toBeLessThan(mos);
    expect(estimateMos({ ...good, jitterMs: 80 })).toBeLessThan(mos);
  });
});
