import { endpoint } from '../testing/endpoint.js';
import { type HealthState, speakerOf } from './health.js';

const shown = (main: HealthState, backup: HealthState): string =>
  speakerOf([endpoint({ id: 'backup', ordinal: 2, state: backup }), endpoint({ id: 'main', state: main })]).id;

describe(speakerOf.name, () => {
  it.each<[HealthState, HealthState, string]>([
    ['ready', 'ready', 'main'],
    ['ready', 'down', 'main'],
    ['down', 'ready', 'backup'],
    ['degraded', 'ready', 'backup'],
    ['maintenance', 'ready', 'backup'],
    ['down', 'degraded', 'backup'],
    ['degraded', 'unverified', 'main'],
    ['down', 'untested', 'main'],
    ['down', 'unknown', 'main'],
    ['unknown', 'down', 'main'],
  ])('with the main endpoint %s and the backup %s, the site is the %s', (main, backup, speaker) => {
    expect(shown(main, backup)).toBe(speaker);
  });
});
