import { SIGNAL_NAMES, type SignalName, type Signals } from '../common/states.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { Observation } from '../probes/contract.js';
import { type KnownDevice, seenBy, standingOf } from './standing.js';

const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;
const UNKNOWN = { audioOut: 'unknown', audioIn: 'unknown', videoOut: 'unknown', videoIn: 'unknown' } as const;
const CALLED_MS = Date.UTC(2026, 10, 23, 0, 30);

const call = (given: Partial<Observation> = {}): Observation =>
  ({
    kind: 'sip-call',
    startedAt: new Date(CALLED_MS - 8_000).toISOString(),
    durationMs: 8_000,
    result: 'pass',
    reason: 'ok',
    signals: FLOWING,
    ...given,
  }) as Observation;
const device = (
  state: EndpointView['state'],
  reason: EndpointView['reason'],
  lastCall?: Observation,
  ordinal = 1,
): KnownDevice => ({
  record: endpointOf({ id: `04792-${ordinal}`, ordinal, contactName: 'An', contactPhone: '0912' }),
  view: {
    state,
    reason,
    signals: state === 'ready' ? FLOWING : UNKNOWN,
    needs: SIGNAL_NAMES,
    since: null,
    checkedAt: null,
    mediaCheckedAt: null,
  },
  lastCall,
});

describe(seenBy.name, () => {
  it.each([
    [
      'what a call showed within the window still counts when it has grown old',
      'unverified',
      'ok',
      call(),
      CALLED_MS - 1,
      'ready',
      true,
    ],
    [
      'also what it lacked',
      'unverified',
      'ok',
      call({ result: 'fail', reason: 'no-media', signals: UNKNOWN }),
      CALLED_MS - 1,
      'down',
      false,
    ],
    ['not from before the window', 'unverified', 'ok', call(), CALLED_MS + 1, 'unverified', false],
    ['nor when it was never called', 'unverified', 'ok', undefined, 0, 'unverified', false],
    ['nor against what was seen since', 'down', 'no-answer', call(), 0, 'down', false],
    ['nor when nothing fresh is known at all', 'unknown', null, call(), 0, 'unknown', false],
    ['one that is in a call now was proven', 'in-use', 'busy', call(), 0, 'in-use', true],
    ['or was not', 'in-use', 'busy', call({ result: 'fail', reason: 'busy' }), 0, 'in-use', false],
    ['ready is ready', 'ready', 'ok', call(), Infinity, 'ready', true],
  ] as const)('%s', (_, state, reason, lastCall, fromMs, expected, isProven) => {
    expect(seenBy(device(state, reason, lastCall), fromMs, 'audio-video')).toMatchObject({ state: expected, isProven });
  });
});

describe('what a session needs', () => {
  const AUDIO = ['audioOut', 'audioIn'] as const;
  const STILL: Signals = { ...FLOWING, videoIn: 'poor' };
  const NO_PICTURE: Signals = { ...FLOWING, videoOut: 'absent', videoIn: 'absent' };

  it.each<
    [string, EndpointView['state'], EndpointView['reason'], Signals, readonly SignalName[], 'audio' | 'audio-video', string]
  >([
    ['all that the site has', 'degraded', 'frozen', STILL, SIGNAL_NAMES, 'audio-video', 'degraded'],
    ['sound alone: the picture may stand still', 'degraded', 'frozen', STILL, SIGNAL_NAMES, 'audio', 'ready'],
    ['sound alone: there may be none', 'degraded', 'audio-only', NO_PICTURE, SIGNAL_NAMES, 'audio', 'ready'],
    [
      'sound alone: the picture may go one way',
      'down',
      'one-way-in',
      { ...FLOWING, videoOut: 'absent' },
      SIGNAL_NAMES,
      'audio',
      'ready',
    ],
    [
      'sound alone: the sound must flow',
      'degraded',
      'silent',
      { ...NO_PICTURE, audioIn: 'poor' },
      SIGNAL_NAMES,
      'audio',
      'degraded',
    ],
    ['sound alone, of a site that hangs up', 'down', 'peer-hung-up', FLOWING, SIGNAL_NAMES, 'audio', 'down'],
    ['picture, of a site that is to have none', 'ready', 'ok', NO_PICTURE, AUDIO, 'audio-video', 'ready'],
  ])('%s', (_, state, reason, signals, needs, need, expected) => {
    const known = device(state, reason);
    const sut = { ...known, view: known.view && { ...known.view, signals, needs } };
    expect(seenBy(sut, 0, need).state).toBe(expected);
  });

  it('is also asked of a call that has grown old', () => {
    const lastCall = call({ result: 'fail', reason: 'audio-only', signals: NO_PICTURE });
    const sut = device('unverified', 'ok', lastCall);
    expect(seenBy(sut, 0, 'audio-video')).toMatchObject({ state: 'degraded', isProven: false });
    expect(seenBy(sut, 0, 'audio')).toMatchObject({ state: 'ready', isProven: true });
    const soundOnly = { ...sut, lastCall: call({ signals: { ...FLOWING, videoIn: 'unknown', videoOut: 'unknown' } }) };
    expect(seenBy(soundOnly, 0, 'audio-video')).toMatchObject({ state: 'unverified', reason: null, isProven: false });
  });
});

describe(standingOf.name, () => {
  const more = { role: 'participant', required: true, incident: null, contactLog: [] } as const;

  it('speaks for the site by its best device and says when that is a backup', () => {
    const main = device('down', 'no-answer');
    const backup = device('ready', 'ok', call(), 2);
    expect(standingOf([main, backup], 0, 'audio-video', more)).toMatchObject({
      endpointId: '04792-2',
      usesBackup: true,
      state: 'ready',
    });
    expect(standingOf([device('ready', 'ok', call()), backup], 0, 'audio-video', more)).toMatchObject({
      endpointId: '04792-1',
      usesBackup: false,
    });
    expect(
      standingOf([device('down', 'refused'), device('down', 'no-answer', undefined, 2)], 0, 'audio-video', more),
    ).toMatchObject({
      endpointId: '04792-1',
      reason: 'refused',
    });
  });

  it('names the contact, and when the device was called', () => {
    expect(standingOf([device('ready', 'ok', call())], 0, 'audio-video', more)).toMatchObject({
      contact: { name: 'An', phone: '0912' },
      calledMs: CALLED_MS,
    });
  });
});
