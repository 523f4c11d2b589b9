import { quietHourWindows } from './quiet-hours.js';
import { endpointOf } from './testing/endpoint.js';

/** 08:00 of 23 November in Việt Nam. */
const NOW = Date.UTC(2026, 10, 23, 1);
const HOUR = 3_600_000;

type Config = Parameters<typeof quietHourWindows>[1];
const endpoints = [endpointOf({ id: 'a', area: 'Hòa Bình' }), endpointOf({ id: 'b', area: 'Việt Trì' })];
const local = (ms: number): string => new Date(ms + 7 * HOUR).toISOString().slice(5, 16);
const shown = (config: Partial<Config>, fromMs = NOW, toMs = NOW + 48 * HOUR): string[] =>
  quietHourWindows(endpoints, { quietHours: [], exceptions: [], ...config }, fromMs, toMs).map(
    (window) => `${local(window.fromMs)} ${local(window.toMs)} ${[...window.endpoints].join()}`,
  );

describe(quietHourWindows.name, () => {
  it('has none unless the settings name some', () => {
    expect(shown({})).toEqual([]);
  });

  it('lays hours into every day of Việt Nam, past midnight too, and the ones under way', () => {
    expect(shown({ quietHours: ['22:00-06:00'] })).toEqual(['11-23T22:00 11-24T06:00 a,b', '11-24T22:00 11-25T06:00 a,b']);
    expect(shown({ quietHours: ['22:00-06:00'] }, NOW - 3 * HOUR, NOW)).toEqual(['11-22T22:00 11-23T06:00 a,b']);
    expect(shown({ quietHours: ['07:30-08:30'] }, NOW, NOW + HOUR)).toEqual(['11-23T07:30 11-23T08:30 a,b']);
    expect(shown({ quietHours: ['00:00-24:00'] }, NOW, NOW + HOUR)).toEqual(['11-23T00:00 11-24T00:00 a,b']);
  });

  it('takes the last exception that names hours for an endpoint, an empty list too', () => {
    const exceptions: Config['exceptions'] = [
      { for: { areas: ['*'] }, probes: {}, quietHours: ['12:00-13:00'] },
      { for: { areas: ['Hòa Bình'] }, probes: {}, quietHours: [] },
      { for: { areas: ['*'] }, probes: {} },
    ];
    expect(shown({ quietHours: ['22:00-23:00'], exceptions }, NOW, NOW + 24 * HOUR)).toEqual(['11-23T12:00 11-23T13:00 b']);
  });
});
