import { type Session, SESSION_DEFAULTS } from './session.js';
import { sessionWindows } from './quiet-windows.js';

const START = Date.UTC(2026, 10, 23, 1);
const HOUR = 3_600_000;
const session = (more: Partial<Session> = {}): Session => ({
  ...SESSION_DEFAULTS,
  id: 's1',
  title: 'Giao ban',
  startsMs: START,
  endsMs: START + HOUR,
  connectByMs: START,
  invitationNumber: '',
  host: '',
  participants: {},
  counterparts: [],
  checkpoints: [...SESSION_DEFAULTS.checkpoints],
  rule: { ...SESSION_DEFAULTS.rule, mustHave: [] },
  rehearsal: false,
  status: 'planned',
  source: { kind: 'api' },
  ...more,
});
const windows = (more: Partial<Session>, endpoints = ['a']) => sessionWindows([session(more)], () => endpoints);

describe(sessionWindows.name, () => {
  it('leaves no moment between the stop of calls and the session', () => {
    expect(windows({})).toEqual([
      { fromMs: START - HOUR / 6, toMs: START, endpoints: ['a'], kinds: ['sip-call'], why: 'calls-stopped', sessionId: 's1' },
      { fromMs: START, toMs: START + HOUR, endpoints: ['a'], kinds: ['sip-call'], why: 'session', sessionId: 's1' },
    ]);
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
