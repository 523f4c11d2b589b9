import { configSchema } from '../config/config-schema.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { StoredSession } from '../sessions/stored-session.js';
import { sessionOf, START_MS } from '../sessions/testing/readiness-facts.js';
import { quietWindows } from './quiet-plan.js';

const ENDPOINTS = [
  endpointOf({ id: '1-1', siteCode: '1', address: 'Room.example.vn' }),
  endpointOf({ id: '2-1', siteCode: '2', address: 'room.example.vn' }),
  endpointOf({ id: '3-1', siteCode: '3', address: '10.0.0.3' }),
];

/** One session at site 1. */
const sessions = {
  between: () => [sessionOf() as StoredSession],
  participants: () => [{ siteCode: '1', role: 'participant' as const, required: true }],
  site: (code: string) => ({ siteCode: code, endpointIds: [`${code}-1`] }) as never,
};

describe(quietWindows.name, () => {
  it('keeps the whole room free: an endpoint of another site at the same address is not called either', () => {
    const windows = quietWindows(ENDPOINTS, configSchema.parse({}), sessions, START_MS);
    expect(windows.map(({ why, endpoints }) => [why, endpoints])).toEqual([
      ['calls-stopped', ['1-1', '2-1']],
      ['session', ['1-1', '2-1']],
    ]);
  });

  it('does so with quiet hours, and leaves alone what is meant for all', () => {
    const settings = configSchema.parse({ exceptions: [{ for: { sites: '2' }, quietHours: ['22:00-06:00'] }] });
    const none = { ...sessions, between: () => [] };
    const own = quietWindows(ENDPOINTS, settings, none, START_MS);
    expect(own.length).toBeGreaterThan(0);
    for (const { endpoints } of own) expect(endpoints).toEqual(['2-1', '1-1']);
    const all = quietWindows(ENDPOINTS, configSchema.parse({ quietHours: ['22:00-06:00'] }), none, START_MS);
    expect(all.length).toBeGreaterThan(0);
    for (const { endpoints } of all) expect([...endpoints].sort().join()).toBe(endpoints === 'all' ? 'all' : '1-1,2-1,3-1');
  });
});
