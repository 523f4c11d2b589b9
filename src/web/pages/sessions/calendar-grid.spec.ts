import { sessionOf } from '../../testing/session.js';
import { addMonths, dayAfterKey, merged, monthGrid, sessionsByDay, splitByTime } from './calendar-grid.js';

describe(monthGrid.name, () => {
  it('shows whole weeks from Monday on', () => {
    const weeks = monthGrid('2026-11');
    expect(weeks).toHaveLength(6);
    expect([weeks[0]?.[0], weeks[0]?.[6]]).toEqual([
      { day: '2026-10-26', isOfMonth: false },
      { day: '2026-11-01', isOfMonth: true },
    ]);
    expect(weeks[5]?.[6]?.day).toBe('2026-12-06');
  });

  it.each(['2026-02', '2027-02', '2028-02', '2026-12'])('%s has each of its days once', (month) => {
    const days = monthGrid(month)
      .flat()
      .filter(({ isOfMonth }) => isOfMonth);
    const [year = 0, number = 0] = month.split('-').map(Number);
    expect(new Set(days.map(({ day }) => day)).size).toBe(new Date(Date.UTC(year, number, 0)).getUTCDate());
  });
});

it('goes from month to month over the year', () => {
  expect([addMonths('2026-12', 1), addMonths('2027-01', -1), addMonths('2026-11', -12)]).toEqual([
    '2027-01',
    '2026-12',
    '2025-11',
  ]);
});

it.each([
  ['2026-11-01', 'ArrowLeft', '2026-10-31'],
  ['2026-11-30', 'ArrowRight', '2026-12-01'],
  ['2026-11-23', 'ArrowDown', '2026-11-30'],
  ['2026-11-02', 'ArrowUp', '2026-10-26'],
  ['2026-10-31', 'PageDown', '2026-11-30'],
  ['2026-03-31', 'PageUp', '2026-02-28'],
  ['2026-11-23', 'x', null],
])('from %s %s leads to %s', (day, key, to) => expect(dayAfterKey(day, key)).toBe(to));

describe('sessions', () => {
  const early = sessionOf({ id: 'early', startsAt: '2026-11-22T17:30:00Z', endsAt: '2026-11-22T18:00:00Z' });
  const overnight = sessionOf({ id: 'overnight', startsAt: '2026-11-23T13:00:00Z', endsAt: '2026-11-23T18:00:00Z' });
  const untilMidnight = sessionOf({ id: 'midnight', startsAt: '2026-11-24T15:00:00Z', endsAt: '2026-11-24T17:00:00Z' });

  it('stand on the days of Hà Nội that they take', () => {
    const days = sessionsByDay([overnight, untilMidnight, early]);
    expect(Object.fromEntries([...days].map(([day, list]) => [day, list.map(({ id }) => id)]))).toEqual({
      '2026-11-23': ['early', 'overnight'],
      '2026-11-24': ['overnight', 'midnight'],
    });
  });

  it('to come are soonest first, past ones latest first', () => {
    const { coming, past } = splitByTime([untilMidnight, overnight, early], Date.parse('2026-11-23T18:00:00Z'));
    expect([coming, past].map((list) => list.map(({ id }) => id))).toEqual([['midnight'], ['overnight', 'early']]);
  });

  it('are as the feed says unless the API knows a newer revision', () => {
    const asked = [sessionOf({ id: 'a', revision: 2 }), sessionOf({ id: 'b', revision: 1, title: 'old' })];
    const told = [
      sessionOf({ id: 'a', revision: 1, title: 'older' }),
      sessionOf({ id: 'b', revision: 2, title: 'new' }),
      sessionOf({ id: 'c' }),
    ];
    expect(merged(asked, told).map(({ title }) => title)).toEqual(['a', 'new', 'c']);
  });
});
