import fc from 'fast-check';
import { changeRatio, failuresNow, passesInARow, type ProbeHistory, withResult } from './probe-history.js';

/** oldest first; x failed */
const historyOf = (results: string): ProbeHistory =>
  [...results].reduce<ProbeHistory | undefined>((known, one, index) => withResult(known, one === 'x', index, -1), undefined) ?? {
    bits: 0,
    count: 0,
    lastMs: 0,
  };

describe('history of a kind of probe', () => {
  it.each([
    ['..x', 3, 1],
    ['x.x', 3, 2],
    ['x.x', 2, 1],
    ['xx.', 3, 0],
    ['xxx', 3, 3],
  ])('%s: of the last %i, failures that hold now: %i', (results, of, expected) => {
    expect(failuresNow(historyOf(results), of)).toBe(expected);
  });

  it.each([
    ['', 0],
    ['x', 0],
    ['x..', 2],
    ['...', 3],
    ['.'.repeat(40), 21],
  ])('%s: passes in a row: %i', (results, expected) => expect(passesInARow(historyOf(results))).toBe(expected));

  it('begins anew after a long silence', () => {
    expect(withResult(historyOf('xx'), false, 1_000, 500)).toEqual({ bits: 0, count: 1, lastMs: 1_000 });
  });

  it('weighs changes as Nagios does: none is 0, each time another is 1, a newer weighs more', () => {
    expect(changeRatio(historyOf('x'.repeat(30)))).toBe(0);
    expect(changeRatio(historyOf('.x'.repeat(15)))).toBeCloseTo(1);
    expect(changeRatio(historyOf('.'.repeat(20) + 'x'))).toBeCloseTo(1.25 / 20);
    expect(changeRatio(historyOf('x' + '.'.repeat(20)))).toBeCloseTo(0.75 / 20);
    expect(changeRatio(historyOf('.x'))).toBeCloseTo(1.25 / 20);
  });

  it('counts what a text of the same results would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('x', '.'), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (all, of) => {
          const results = all.join('');
          const history = historyOf(results);
          const failed = [...results.slice(-of)].filter((one) => one === 'x').length;
          expect(failuresNow(history, of)).toBe(results.endsWith('x') ? failed : 0);
          expect(passesInARow(history)).toBe(Math.min(21, /\.*$/.exec(results)?.[0].length ?? 0));
          expect(changeRatio(history)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
