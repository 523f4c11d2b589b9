import { log10ChanceOf } from './chance.js';

describe(log10ChanceOf.name, () => {
  it.each([
    // the lady tasting tea (Fisher 1935): 4 of 4 right among 8 cups: 1/70; 3 or more: 17/70
    [4, 4, 4, 8, Math.log10(1 / 70)],
    [3, 4, 4, 8, Math.log10(17 / 70)],
    [0, 4, 4, 8, 0],
    // every one fails: nothing is told by a group that fails, too
    [10, 10, 50, 50, 0],
    // one failure among 100 falls on a group of 10
    [1, 10, 1, 100, -1],
  ])('%i of a group of %i when %i of %i fail', (hit, size, failing, all, expected) => {
    expect(log10ChanceOf(hit, size, failing, all)).toBeCloseTo(expected, 9);
  });

  it('stays finite where the numbers are large', () => {
    expect(log10ChanceOf(3_000, 3_300, 3_010, 10_000)).toBeLessThan(-300);
    expect(log10ChanceOf(3_000, 3_300, 3_010, 10_000)).toBeGreaterThan(-Infinity);
  });

  it('cannot be when the group is smaller than its failures', () => {
    expect(log10ChanceOf(5, 4, 10, 100)).toBe(-Infinity);
  });
});
