import { endpoint } from '../testing/endpoint.js';
import { foldText, foundByFormerNames, matchesQuery } from './search.js';
import { shortSiteName } from './site-name.js';
import { countdown, momentOf, roughAge, timeOfDay, weekdayOf } from './time.js';

describe(shortSiteName.name, () => {
  it.each([
    ['Xã Tây Cốc', 'Tây Cốc'],
    ['Phường Phú Thọ', 'P. Phú Thọ'],
    ['UBND tỉnh', 'UBND tỉnh'],
    ['Xã', 'Xã'],
    ['Xã Tây Cốc'.normalize('NFD'), 'Tây Cốc'],
  ])('%s -> %s', (name, short) => expect(shortSiteName(name)).toBe(short));
});

describe(matchesQuery.name, () => {
  const tayCoc = endpoint({ id: '08152', siteName: 'Xã Tây Cốc', carrier: 'Viettel', address: '10.25.3.14' });

  it.each(['', 'tay coc', 'TÂY CỐC', 'coc tay', 'viettel', '0815', '25.3', 'vie 3.14', 'Tây Cốc'.normalize('NFD')])(
    'finds "%s"',
    (query) => expect(matchesQuery(query, [tayCoc])).toBe(true),
  );
  it.each(['oc', 'tay coc vnpt', '10.26', 'z'])('does not find "%s"', (query) =>
    expect(matchesQuery(query, [tayCoc])).toBe(false),
  );

  it('looks at every endpoint of the site', () => {
    expect(matchesQuery('vnpt', [tayCoc, endpoint({ id: 'b', carrier: 'VNPT' })])).toBe(true);
  });

  it('finds what was merged by its former names, and says that it was by them', () => {
    const merged = endpoint({ id: '08152', siteName: 'Xã Tây Cốc', formerNames: 'xã Phú Lâm, xã Ca Đình' });
    expect(matchesQuery('ca dinh', [merged])).toBe(true);
    expect(foundByFormerNames('ca dinh', merged)).toBe('xã Phú Lâm, xã Ca Đình');
    expect([foundByFormerNames('tay coc', merged), foundByFormerNames('x', tayCoc)]).toEqual([null, null]);
  });

  it('folds đ and Đ, which have no decomposition', () => expect(foldText('Đoan Hùng, đường')).toBe('doan hung, duong'));
});

describe('time', () => {
  const morning = Date.parse('2026-11-23T00:17:42Z');

  it('is that of Hà Nội whatever the zone of the computer', () => {
    expect(timeOfDay(morning)).toBe('07:17:42');
    expect(timeOfDay(Date.parse('2026-11-22T17:00:00Z'))).toBe('00:00:00');
    expect(weekdayOf(Date.parse('2026-11-22T17:00:00Z'))).toBe(1);
  });

  it('names the day only when it is another', () => {
    expect(momentOf(Date.parse('2026-11-23T00:02:00Z'), morning)).toBe('07:02');
    expect(momentOf(Date.parse('2026-11-22T16:59:00Z'), morning)).toBe('22/11 23:59');
  });

  it.each([
    [59_999, 0, 'minute'],
    [8 * 60_000, 8, 'minute'],
    [60 * 60_000, 1, 'hour'],
    [47 * 3600_000, 47, 'hour'],
    [48 * 3600_000, 2, 'day'],
    [-5_000, 0, 'minute'],
  ])('%i ms is roughly %i %s', (ageMs, value, unit) => expect(roughAge(ageMs)).toEqual({ value, unit }));

  it('counts down past a day', () => expect(countdown(25 * 3600_000 + 61_000)).toBe('25:01:01'));
});
