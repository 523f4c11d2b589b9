import type { Reason } from '../common/reasons.js';
import { SIGNAL_NAMES, type SignalName, type Signals, type SignalState } from '../common/states.js';
import { stateOfCall } from './state-of-call.js';

const LETTERS: Record<string, SignalState> = { f: 'flowing', p: 'poor', a: 'absent', u: 'unknown' };
/** audioOut, audioIn, videoOut, videoIn, each by its first letter */
const signalsOf = (four: string): Signals =>
  Object.fromEntries(SIGNAL_NAMES.map((name, index) => [name, LETTERS[four[index] ?? '']])) as Signals;

const ALL = SIGNAL_NAMES;
const SOUND: SignalName[] = ['audioOut', 'audioIn'];
const LISTENER: SignalName[] = ['audioOut', 'videoOut'];

describe(stateOfCall, () => {
  it.each<[string, Reason, string, readonly SignalName[], string, Reason | null]>([
    ['four that flow', 'ok', 'ffff', ALL, 'ready', 'ok'],
    ['sound that flows where four are needed: nobody looked at the picture', 'ok', 'ffuu', ALL, 'unverified', null],
    ['sound that flows where no more is needed', 'ok', 'ffuu', SOUND, 'ready', 'ok'],
    ['a camera that is missing where one is needed', 'audio-only', 'ffaa', ALL, 'degraded', 'audio-only'],
    ['a camera that is missing where none is needed', 'audio-only', 'ffaa', SOUND, 'ready', 'ok'],
    ['a picture that goes one way where none is needed', 'one-way-in', 'ffaf', SOUND, 'ready', 'ok'],
    ['a picture that goes one way where one is needed', 'one-way-in', 'ffaf', ALL, 'down', 'one-way-in'],
    ['sound that goes one way', 'one-way-out', 'faff', SOUND, 'down', 'one-way-out'],
    ['no sound from one that only listens', 'one-way-out', 'fafa', LISTENER, 'ready', 'ok'],
    ['poor sound behind a missing camera', 'audio-only', 'fpaa', SOUND, 'degraded', 'poor-quality'],
    ['poor sound behind a picture that goes one way', 'one-way-out', 'fpfa', SOUND, 'degraded', 'poor-quality'],
    ['a dead microphone', 'silent', 'fpff', SOUND, 'degraded', 'silent'],
    ['a still picture', 'frozen', 'fffp', SOUND, 'ready', 'ok'],
    ['a picture that nobody needs is poor', 'poor-quality', 'ffpf', SOUND, 'ready', 'ok'],
    ['sound out that is not proven', 'out-unconfirmed', 'ufuf', SOUND, 'unverified', 'out-unconfirmed'],
    ['sound out that is not proven behind a missing camera', 'audio-only', 'ufaa', SOUND, 'unverified', null],
    ['a picture out that is not proven, where none is needed', 'out-unconfirmed', 'ffuf', SOUND, 'ready', 'ok'],
    ['all that flows in a call that the device ended', 'peer-hung-up', 'ffff', SOUND, 'down', 'peer-hung-up'],
    ['a meeting', 'busy', 'uuuu', SOUND, 'in-use', 'busy'],
  ])('%s', (_what, reason, four, needs, state, expected) => {
    expect(stateOfCall({ reason, signals: signalsOf(four) }, needs)).toEqual({ state, reason: expected });
  });

  it('claims nothing good without signals, and nothing else than the call itself did', () => {
    expect(stateOfCall({ reason: 'ok' }, SOUND)).toEqual({ state: 'unverified', reason: null });
    expect(stateOfCall({ reason: 'no-media' }, SOUND)).toEqual({ state: 'down', reason: 'no-media' });
  });
});
