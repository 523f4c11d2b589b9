import fc from 'fast-check';
import { coverOf, merged, type NotReady, type Span } from './cover.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 00:00 of 22 November 2026 in Asia/Ho_Chi_Minh */
const DAY = Date.parse('2026-11-21T17:00:00Z');
const READY: NotReady = { hours: new Set(), days: new Set() };
const span = (fromMs: number, toMs: number): Span => ({ fromMs: DAY + fromMs, toMs: DAY + toMs });

describe(coverOf.name, () => {
  it('reads a month from its days', () => {
    expect(coverOf(span(0, 30 * DAY_MS), READY)).toEqual({ days: [span(0, 30 * DAY_MS)], hours: [], results: [] });
  });

  it('reads the edges from hours and results', () => {
    expect(coverOf(span(-90_000, DAY_MS + HOUR_MS + 1), READY)).toEqual({
      days: [span(0, DAY_MS)],
      hours: [span(DAY_MS, DAY_MS + HOUR_MS)],
      results: [span(-90_000, 0), span(DAY_MS + HOUR_MS, DAY_MS + HOUR_MS + 1)],
    });
  });

  it('goes round what is not ready', () => {
    const notReady = { hours: new Set([DAY + 5 * HOUR_MS]), days: new Set([DAY + DAY_MS]) };
    expect(coverOf(span(0, 3 * DAY_MS), notReady)).toEqual({
      days: [span(2 * DAY_MS, 3 * DAY_MS)],
      hours: [span(0, 5 * HOUR_MS), span(6 * HOUR_MS, 2 * DAY_MS)],
      results: [span(5 * HOUR_MS, 6 * HOUR_MS)],
    });
  });

  it('covers everything once, with whole rollups only', () => {
    const at = fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS });
    const hours = fc.array(fc.integer({ min: -72, max: 72 }).map((n) => DAY + n * HOUR_MS));
    fc.assert(
      fc.property(at, at, hours, (a, b, due) => {
        const range = span(Math.min(a, b), Math.max(a, b));
        const { days, hours, results } = coverOf(range, { hours: new Set(due), days: new Set() });
        const all = [...days, ...hours, ...results].sort((x, y) => x.fromMs - y.fromMs);
        expect(merged(all)).toEqual(range.fromMs === range.toMs ? [] : [range]);
        expect(all.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBe(range.toMs - range.fromMs);
        for (const { fromMs, toMs } of days)
          expect([(fromMs - DAY) % DAY_MS, (toMs - DAY) % DAY_MS].map(Math.abs)).toEqual([0, 0]);
        for (const { fromMs, toMs } of [...days, ...hours]) {
          expect([fromMs % HOUR_MS, toMs % HOUR_MS]).toEqual([0, 0]);
          expect(due.some((hour) => hour >= fromMs && hour < toMs)).toBe(false);
        }
      }),
    );
  });
});

describe(merged.name, () => {
  it('counts overlapping sessions once and drops empty ones', () => {
    expect(merged([span(50, 60), span(0, 10), span(5, 20), span(20, 30), span(40, 40)])).toEqual([span(0, 30), span(50, 60)]);
  });
});
