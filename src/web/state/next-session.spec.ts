import { sessionOf } from '../testing/session.js';
import { nextSession } from './next-session.js';

const now = Date.parse('2026-11-23T00:00:00Z');
const session = (id: string, startsAt: string, endsAt: string) => sessionOf({ id, startsAt, endsAt });

describe(nextSession.name, () => {
  it('is null without sessions, and when all are over', () => {
    expect(nextSession([], now)).toBeNull();
    expect(nextSession([session('old', '2026-11-22T00:00:00Z', '2026-11-22T02:00:00Z')], now)).toBeNull();
  });

  it('prefers the one that runs, then the one that starts first', () => {
    const later = session('later', '2026-11-23T03:00:00Z', '2026-11-23T04:00:00Z');
    const soon = session('soon', '2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z');
    const running = session('running', '2026-11-22T23:00:00Z', '2026-11-23T02:00:00Z');
    expect(nextSession([later, soon], now)).toEqual({
      ...{ id: 'soon', title: 'soon', rehearsal: false, startsMs: now + 3600_000, running: false },
    });
    expect(nextSession([later, soon, running], now)).toMatchObject({ title: 'running', running: true });
  });

  it('tells the verdict once there is one', () => {
    const judged = {
      ...session('s', '2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z'),
      verdict: 'AT_RISK' as const,
      ready: 140,
      total: 148,
    };
    expect(nextSession([judged], now)?.readiness).toEqual({ verdict: 'AT_RISK', ready: 140, total: 148 });
  });

  it('passes over one that was cancelled', () => {
    const startsAt = '2026-11-23T01:00:00Z';
    expect(nextSession([sessionOf({ id: 'x', startsAt, status: 'cancelled' })], now)).toBeNull();
  });
});
