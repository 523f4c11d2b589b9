import { signal } from '@preact/signals';
import { endpoint } from '../testing/endpoint.js';
import type { HealthState } from './health.js';
import { SiteModel } from './site-model.js';
import { worklistEntries } from './worklist.js';

const sites = (...states: HealthState[]): SiteModel[] =>
  states.map((state, index) => new SiteModel(`${index}`, [signal(endpoint({ id: `${index}`, state }))]));

describe(worklistEntries.name, () => {
  it('gives each site a row while few are untested', () => {
    expect(worklistEntries(sites('down', 'untested', 'unknown')).map((entry) => entry.kind)).toEqual(['site', 'site', 'site']);
  });

  it('folds many untested sites into one row below the faults', () => {
    const entries = worklistEntries(sites('untested', 'untested', 'down', 'untested', 'untested'));
    expect(entries.map((entry) => (entry.kind === 'site' ? entry.site.code : `${entry.count} ${entry.state}`))).toEqual([
      '2',
      '4 untested',
    ]);
  });
});
