import type { IncidentView } from '../../live/feed-events.js';
import { incidentOf } from '../testing/incident.js';
import { causeOfSites, hasNewIncident, sharedCauses } from './incidents.js';

const ids = (incidents: readonly IncidentView[]): string[] => incidents.map(({ id }) => id);

describe(sharedCauses.name, () => {
  it('leaves out what stands alone and what is over, and begins with the gravest, then the largest', () => {
    const area = (id: string, part: Partial<IncidentView>): IncidentView =>
      incidentOf({ id, cause: { kind: 'area', name: id, trouble: 'failing' }, ...part });
    const all = [
      incidentOf({ id: 'alone', cause: { kind: 'endpoint', name: 'a-1', trouble: 'failing' } }),
      area('small', { severity: 'critical', sites: ['1'] }),
      area('over', { state: 'resolved' }),
      area('merged', { state: 'merged' }),
      area('minor', { severity: 'minor', sites: ['1', '2', '3', '4'] }),
      area('large', { severity: 'critical', sites: ['2', '3'] }),
    ];
    expect(ids(sharedCauses(all))).toEqual(['large', 'small', 'minor']);
  });
});

it('knows which cause a site fails through', () => {
  const carrier = incidentOf({ id: 'c', cause: { kind: 'carrier', name: 'VNPT', trouble: 'failing' }, sites: ['1', '2'] });
  expect([...causeOfSites([carrier])].map(([code, { id }]) => `${code} ${id}`)).toEqual(['1 c', '2 c']);
});

describe(hasNewIncident.name, () => {
  const [a, b] = [incidentOf({ id: 'a' }), incidentOf({ id: 'b' })];
  it('hears of one that was not there, once', () => {
    expect(hasNewIncident([], [a])).toBe(true);
    expect(hasNewIncident([a], [a])).toBe(false);
    expect(hasNewIncident([a], [b, a])).toBe(true);
    expect(hasNewIncident([a, b], [b])).toBe(false);
  });

  it('is quiet about what is over, or in hands already', () => {
    expect(hasNewIncident([], [{ ...a, state: 'resolved' }])).toBe(false);
    expect(hasNewIncident([], [{ ...a, acknowledged: { by: 'Lan', note: '', at: a.openedAt } }])).toBe(false);
  });
});
