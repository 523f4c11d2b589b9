import { ManualScheduler } from '../common/manual-scheduler.js';
import type { Reason } from '../common/reasons.js';
import type { HealthState, Signals } from '../common/states.js';
import { configSchema } from '../config/config-schema.js';
import { HealthBoard } from '../health/health-board.js';
import { profileReader } from '../inventory/profiles.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { Outcome } from '../probes/contract.js';
import { type ReadinessClass, readinessOf } from './readiness.js';
import { begunRun, type CheckpointRun, counted, missedRun } from './checkpoint-run.js';
import { callsFrom, standingsOf } from './session-picture.js';
import { sessionOf } from './testing/readiness-facts.js';

const SETTINGS = configSchema.parse({ exceptions: [{ for: { models: 'Phone' }, profile: 'audio-only' }] });
const { failures, ofLast: of, confirmWithinSeconds, recoverAfter, flapping } = SETTINGS.health;
const ROOM = endpointOf({ id: '1-1', siteCode: '1' });
const PHONE = endpointOf({ id: '2-1', siteCode: '2', model: 'Phone' });

const FLOWING: Signals = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };
const NOT_ASKED: Signals = { ...FLOWING, videoOut: 'unknown', videoIn: 'unknown' };
const NO_CAMERA: Signals = { ...FLOWING, videoOut: 'absent', videoIn: 'absent' };

/** One call to each of a video room and a telephone, through health to the readiness of a session. */
function afterCall(reason: Reason, signals: Signals, need: 'audio-video' | 'audio' = 'audio-video') {
  const clock = new ManualScheduler();
  const board = new HealthBoard(clock, { failures, of, confirmWithinMs: confirmWithinSeconds * 1000, recoverAfter, flapping });
  board.setEndpoints([ROOM, PHONE], () => ({ 'sip-call': 900_000 }), profileReader(SETTINGS));
  const calls = [ROOM, PHONE].map(({ id }): Outcome => ({
    ...{ runId: id, endpointId: id, kind: 'sip-call', vantage: 'v', target: id, durationMs: 0, selfLagMs: 0, reason, signals },
    ...{ startedAt: new Date(clock.wallMs()).toISOString(), result: reason === 'ok' ? 'pass' : 'fail' },
  }));
  board.apply(calls);
  const sources = {
    endpointsOf: (siteCode: string) => [ROOM, PHONE].filter((one) => one.siteCode === siteCode),
    view: (id: string) => board.view(id),
    lastCall: (id: string) => board.latestOutcome(id, 'sip-call'),
    incidents: () => new Map(),
    contactLogOf: () => [],
  };
  const session = sessionOf({ need, startsMs: clock.wallMs() + 600_000, connectByMs: clock.wallMs() + 600_000 });
  const participants = ['1', '2'].map((siteCode) => ({ siteCode, role: 'participant' as const, required: true }));
  const { sites, verdict } = readinessOf(session, standingsOf(participants, sources, session, 0), clock.wallMs());
  return { board, verdict, classOf: (siteCode: string) => sites.find((site) => site.siteCode === siteCode)?.class };
}

describe('a room with camera and a telephone, after the same call', () => {
  it.each<[string, Reason, Signals, HealthState, ReadinessClass, HealthState, ReadinessClass]>([
    ['all four flow', 'ok', FLOWING, 'ready', 'ready', 'ready', 'ready'],
    ['sound alone was asked for', 'ok', NOT_ASKED, 'unverified', 'unverified', 'ready', 'ready'],
    ['there is no picture', 'audio-only', NO_CAMERA, 'degraded', 'degraded', 'ready', 'ready'],
    ['the picture stands still', 'frozen', { ...FLOWING, videoIn: 'poor' }, 'degraded', 'degraded', 'ready', 'ready'],
    ['the picture is poor', 'poor-quality', { ...FLOWING, videoOut: 'poor' }, 'degraded', 'degraded', 'ready', 'ready'],
    ['the sound is poor', 'poor-quality', { ...NOT_ASKED, audioIn: 'poor' }, 'degraded', 'degraded', 'degraded', 'degraded'],
    [
      'nobody knows whether it hears us',
      'out-unconfirmed',
      { ...NO_CAMERA, audioOut: 'unknown' },
      'unverified',
      'unverified',
      'unverified',
      'unverified',
    ],
  ])('%s', (_what, reason, signals, room, roomClass, phone, phoneClass) => {
    const { board, classOf } = afterCall(reason, signals);
    expect([board.view('1-1')?.state, classOf('1')]).toEqual([room, roomClass]);
    expect([board.view('2-1')?.state, classOf('2')]).toEqual([phone, phoneClass]);
  });

  it('names its profile and what it needs', () => {
    const { board } = afterCall('ok', FLOWING);
    expect(board.view('2-1')).toMatchObject({ profile: 'audio-only', needs: ['audioOut', 'audioIn'] });
    expect(board.view('1-1')).toMatchObject({ profile: 'video-room' });
  });

  it('lets a session that needs sound alone begin without any picture', () => {
    expect(afterCall('audio-only', NO_CAMERA).verdict).toBe('NO_GO');
    expect(afterCall('audio-only', NO_CAMERA, 'audio').verdict).toBe('GO');
  });
});

describe(callsFrom, () => {
  const begun = (suite: 'full' | 'light', startedMs: number): CheckpointRun =>
    begunRun({ sessionId: 's', checkpoint: 'PT30M', plannedMs: startedMs, suite, late: false }, startedMs, startedMs, 3);
  const called = { result: 'fail', kind: 'sip-call', detail: {} } as const;
  const leftOut = { result: 'inconclusive', kind: 'sip-call', detail: { refusedBy: 'session' } } as const;
  const pinged = { result: 'pass', kind: 'icmp' } as const;

  it('is the last checkpoint that made calls, not one whose calls were all left out', () => {
    const before = counted(begun('full', 1_000), called);
    expect(callsFrom([before])).toBe(1_000);
    expect(callsFrom([before, counted(counted(begun('full', 2_000), leftOut), pinged)])).toBe(1_000);
    expect(callsFrom([before, counted(counted(begun('full', 2_000), leftOut), called)])).toBe(2_000);
    expect(callsFrom([before, counted(begun('light', 2_000), pinged)])).toBe(1_000);
  });

  it('is not before any call was made', () => {
    const missed = missedRun({ sessionId: 's', checkpoint: 'PT60M', plannedMs: 0, suite: 'full' }, null);
    expect(callsFrom([missed, counted(begun('full', 2_000), leftOut)])).toBe(Infinity);
  });
});
