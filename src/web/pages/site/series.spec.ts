import { bandsOf, columnsOf } from './series.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 23, 0, minute)).toISOString();
const seconds = (minute: number): number => Date.UTC(2026, 10, 23, 0, minute) / 1000;

describe(columnsOf.name, () => {
  const items = [
    { at: at(0), total: 1, rttMs: { median: 10, p95: 12 } },
    { at: at(5), total: 1 },
    { at: at(30), total: 1, rttMs: { median: 11, p95: 14 } },
  ];

  it('gives a column for each line, and breaks the lines where no result was', () => {
    const columns = columnsOf({ step: '5min', items }, [(point) => point.rttMs?.median, (point) => point.rttMs?.p95]);
    expect(columns).toEqual([
      [seconds(0), seconds(5), seconds(10), seconds(30)],
      [10, null, null, 11],
      [12, null, null, 14],
    ]);
  });

  it('keeps a measured zero', () => {
    const zero = columnsOf({ step: '5min', items: [{ at: at(0), total: 1, lossRatio: 0 }] }, [(point) => point.lossRatio]);
    expect(zero[1]).toEqual([0]);
  });

  it('draws nothing of nothing', () => {
    expect(columnsOf({ step: 'day', items: [] }, [(point) => point.lossRatio])).toEqual([[], []]);
  });
});

it('shades what of a session lies within the time', () => {
  const session = { startsAt: at(10), endsAt: at(40) };
  expect(bandsOf([session], Date.parse(at(0)), Date.parse(at(30)))).toEqual([{ fromS: seconds(10), toS: seconds(30) }]);
  expect(bandsOf([session], Date.parse(at(45)), Date.parse(at(50)))).toEqual([]);
});
