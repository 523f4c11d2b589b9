import { MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';
import { sessionWindows } from './quiet-windows.js';
import type { Session } from './session.js';

const windows = (more: Partial<Session>, endpoints = ['a']) => sessionWindows([sessionOf(more)], () => endpoints);

describe(sessionWindows.name, () => {
  it('leaves no moment between the stop of calls and the session', () => {
    expect(windows({})).toEqual([
      {
        fromMs: START_MS - 10 * MINUTE_MS,
        toMs: START_MS,
        endpoints: ['a'],
        kinds: ['sip-call', 'h323-call'],
        why: 'calls-stopped',
        sessionId: 's-1',
      },
      {
        fromMs: START_MS,
        toMs: START_MS + 120 * MINUTE_MS,
        endpoints: ['a'],
        kinds: ['sip-call', 'h323-call'],
        why: 'session',
        sessionId: 's-1',
      },
    ]);
  });

  it('begins with the connect time, when rooms are in the conference already', () => {
    const connectByMs = START_MS - 30 * MINUTE_MS;
    expect(windows({ connectByMs })).toMatchObject([{ fromMs: connectByMs, why: 'session' }]);
  });

  it('has only the session where calls go on to its start, or nobody can read when they stop', () => {
    for (const callsStopBefore of ['PT0S', 'soon']) expect(windows({ callsStopBefore })).toMatchObject([{ why: 'session' }]);
  });

  it('has no window for a session that is cancelled, or that nobody takes part in, and one for a rehearsal', () => {
    expect(windows({ status: 'cancelled' })).toEqual([]);
    expect(windows({}, [])).toEqual([]);
    expect(windows({ rehearsal: true })).toHaveLength(2);
  });
});
