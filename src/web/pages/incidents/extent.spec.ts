import { endpoint } from '../../testing/endpoint.js';
import { incidentOf } from '../../testing/incident.js';
import { memberSites, siteMinutesLost } from './extent.js';

const T0 = Date.parse('2026-11-23T00:00:00Z');
const counted = { id: 'i', siteMinutesLost: 10, countedAt: '2026-11-23T00:00:00Z', sites: ['a', 'b', 'c'] };

describe(siteMinutesLost.name, () => {
  it('goes on for each site since the server last counted', () =>
    expect(siteMinutesLost(incidentOf(counted), T0 + 120_000)).toBeCloseTo(16));
  it('takes nothing back from a clock that runs behind the server', () =>
    expect(siteMinutesLost(incidentOf(counted), T0 - 60_000)).toBe(10));
  it.each(['resolved', 'merged'] as const)('is what was counted when it is %s', (state) =>
    expect(siteMinutesLost(incidentOf({ ...counted, state }), T0 + 120_000)).toBe(10),
  );
});

it('names who still fails first, in Vietnamese order, and tells what left the inventory by its id', () => {
  const known = new Map(
    ['a', 'b', 'c'].map((id, n) => [id, endpoint({ id, siteName: ['Xã Đà Bắc', 'Xã Ân', 'Xã Bản'][n] ?? '' })]),
  );
  const members = memberSites({ members: ['a', 'c'], everMembers: ['b', 'a', 'gone', 'c'] }, known);
  expect(members.map(({ name, failing }) => [name, failing])).toEqual([
    ['Xã Bản', true],
    ['Xã Đà Bắc', true],
    ['gone', false],
    ['Xã Ân', false],
  ]);
});
