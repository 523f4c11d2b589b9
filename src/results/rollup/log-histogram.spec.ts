import fc from 'fast-check';
import { binOf, middleOf, MOST_ERROR, quantile } from './log-histogram.js';

/** Independent of the product: everything sorted, the nearest rank taken. */
const nearestRank = (values: number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? NaN;

function histogramOf(values: number[]) {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(binOf(value), (counts.get(binOf(value)) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return { bins: sorted.map(([bin]) => bin), counts: sorted.map(([, count]) => count) };
}

describe(quantile.name, () => {
  const figures = fc.array(fc.double({ min: 0.01, max: 30_000, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('errs by half a bin at most, and by less than the 3 % that were promised', () => {
    expect(MOST_ERROR).toBeLessThan(0.03);
    fc.assert(
      fc.property(figures, fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1), (values, q) => {
        const truth = nearestRank(values, q);
        const read = quantile(histogramOf(values), q, { min: Math.min(...values), max: Math.max(...values) }) ?? NaN;
        expect(Math.abs(read - truth) / truth).toBeLessThanOrEqual(MOST_ERROR * 1.000_001);
      }),
    );
  });

  it('has no figure of nothing, and the only one of one', () => {
    expect(quantile({ bins: [], counts: [] }, 0.95)).toBeUndefined();
    expect(quantile({ bins: [binOf(12)], counts: [1] }, 0.95, { min: 12, max: 12 })).toBe(12);
  });

  it('puts a value between the edges of its bin', () => {
    expect(binOf(1)).toBe(0);
    expect(middleOf(binOf(10))).toBeGreaterThan(10 / 1.03);
    expect(middleOf(binOf(10))).toBeLessThan(10 * 1.03);
  });
});
