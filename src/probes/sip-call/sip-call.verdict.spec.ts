import { DEFAULT_LIMITS, type QualityLimits } from '../../common/quality.js';
import type { Reason } from '../../common/reasons.js';
import type { SignalState } from '../../common/states.js';
import type { MediaFacts, ReceivedFacts, SentFacts } from '../../media/contract.js';
import type { NegotiatedStream } from '../../protocols/sdp/offer-answer.js';
import type { ProbeResult } from '../contract.js';
import type { CallFacts } from './sip-call.facts.js';
import { judgeCall } from './sip-call.verdict.js';

const received: ReceivedFacts = {
  packets: 300,
  bytes: 51_600,
  expected: 300,
  duplicates: 0,
  reordered: 0,
  jitterMs: 0.5,
  maxJitterMs: 1,
  firstAfterMs: 20,
  lastAfterMs: 5990,
  fromElsewhere: 0,
  ssrcChanges: 0,
  ownEcho: 0,
  malformed: 0,
  unexpectedPayloadType: 0,
};
const sent: SentFacts = {
  packets: 300,
  bytes: 51_600,
  rtcpReceived: 2,
  reports: 1,
  advancing: true,
  lossRatio: 0,
  jitterMs: 0.5,
  rttMs: 12,
  refused: 0,
  unreachable: 0,
};
const picture: ReceivedFacts = { ...received, frames: 150, keyframes: 3, medianFrameBytes: 2000 };
const silence: ReceivedFacts = {
  ...received,
  packets: 0,
  bytes: 0,
  expected: 0,
  firstAfterMs: undefined,
  lastAfterMs: undefined,
};
const unconfirmed: SentFacts = { ...sent, rtcpReceived: 0, reports: 0, advancing: false };
const unheard: SentFacts = { ...unconfirmed, rtcpReceived: 2 };

const stream = (kind: 'audio' | 'video'): NegotiatedStream => ({
  kind,
  address: '10.1.2.3',
  rtpPort: 20_000,
  rtcpPort: 20_001,
  rtcpMux: false,
  payloadType: kind === 'audio' ? 8 : 97,
  receivePayloadType: kind === 'audio' ? 8 : 97,
  codec: kind === 'audio' ? 'PCMA' : 'H264',
  clockRate: kind === 'audio' ? 8000 : 90_000,
  peerDirection: 'sendrecv',
  weSend: true,
  weReceive: true,
});

interface Media {
  audioIn?: ReceivedFacts;
  audioOut?: SentFacts;
  videoIn?: ReceivedFacts;
  videoOut?: SentFacts;
  activeMs?: number;
  aborted?: boolean;
}

const mediaOf = ({
  audioIn = received,
  audioOut = sent,
  videoIn = picture,
  videoOut = sent,
  activeMs = 6000,
  aborted,
}: Media): MediaFacts => ({
  audio: { received: audioIn, sent: audioOut },
  video: { received: videoIn, sent: videoOut },
  activeMs,
  pacingLateMs: 0.2,
  clock: 'kernel',
  aborted,
});

const call = (media: Media = {}, more: Partial<CallFacts> = {}): CallFacts => ({
  videoWanted: true,
  aborted: false,
  setupMs: 40,
  endedBy: 'us',
  agreed: { audio: stream('audio'), video: stream('video') },
  encryptionHinted: false,
  foreign: {},
  heldAfterMs: {},
  changes: 0,
  media: mediaOf(media),
  selfLagMs: 0.2,
  ...more,
});

/** audioOut, audioIn, videoOut, videoIn, each by its first letter: flowing, poor, absent, unknown */
type Four = string;
const STATES: Record<string, SignalState> = { f: 'flowing', p: 'poor', a: 'absent', u: 'unknown' };
const four = (text: Four) => {
  const [audioOut, audioIn, videoOut, videoIn] = [...text].map((letter) => STATES[letter]);
  return { audioOut, audioIn, videoOut, videoIn };
};

type Row = [title: string, facts: CallFacts, result: ProbeResult, reason: Reason, signals: Four];

const audioOnly = { audio: stream('audio'), video: null };
const held = (kind: 'audio' | 'video'): NegotiatedStream => ({
  ...stream(kind),
  weSend: false,
  weReceive: false,
  peerDirection: 'inactive',
});

describe(judgeCall, () => {
  const good: Row[] = [
    ['everything flows', call(), 'pass', 'ok', 'ffff'],
    ['everything flows although we were overloaded', call({}, { selfLagMs: 25 }), 'pass', 'ok', 'ffff'],
    ['video was not wanted', call({}, { videoWanted: false, agreed: audioOnly }), 'pass', 'ok', 'ffuu'],
    ['duplicates beside every packet', call({ audioIn: { ...received, duplicates: 300 } }), 'pass', 'ok', 'ffff'],
    ['a quiet room', call({ audioIn: { ...received, levelDbov: -60, silentRatio: 0.3 } }), 'pass', 'ok', 'ffff'],
    ['two packets of 100 are no alarm', call({ audioIn: { ...received, packets: 98, expected: 100 } }), 'pass', 'ok', 'ffff'],
    [
      "what our own kernel dropped is not the line's",
      call({ audioIn: { ...received, packets: 280, ownDrops: 20 } }),
      'pass',
      'ok',
      'ffff',
    ],
    [
      'a peer that saw two losses is no alarm',
      call({ audioOut: { ...sent, packets: 100, lossRatio: 0.02 } }),
      'pass',
      'ok',
      'ffff',
    ],
    ['a quiet room is not a dead microphone', call({ audioIn: { ...received, silentRatio: 0.99 } }), 'pass', 'ok', 'ffff'],
    [
      'a still picture seen too briefly',
      call({ videoIn: { ...picture, medianFrameBytes: 11, lastAfterMs: 4000 } }),
      'pass',
      'ok',
      'ffff',
    ],
    [
      'jitter while we lagged ourselves',
      call({ audioIn: { ...received, jitterMs: 80 } }, { selfLagMs: 5 }),
      'pass',
      'ok',
      'ffff',
    ],
    [
      'held by SDP at first, yet media flowed later',
      call({}, { agreed: { audio: held('audio'), video: stream('video') } }),
      'pass',
      'ok',
      'ffff',
    ],
  ];

  const missing: Row[] = [
    [
      'no packet of any kind',
      call({ audioIn: silence, videoIn: silence, audioOut: unheard, videoOut: unheard }),
      'fail',
      'no-media',
      'aaaa',
    ],
    [
      'nothing comes and no RTCP either',
      call({ audioIn: silence, videoIn: silence, audioOut: unconfirmed, videoOut: unconfirmed }),
      'fail',
      'no-media',
      'uaua',
    ],
    ['we hear it, it does not hear us', call({ audioOut: unheard, videoOut: unheard }), 'fail', 'one-way-in', 'afaf'],
    ['it hears us, we do not hear it', call({ audioIn: silence, videoIn: silence }), 'fail', 'one-way-out', 'fafa'],
    ['only the sound to it is lost', call({ audioOut: unheard }), 'fail', 'one-way-in', 'afff'],
    ['only the picture from it is lost', call({ videoIn: silence }), 'fail', 'one-way-out', 'fffa'],
    ['only the picture to it is lost', call({ videoOut: unheard }), 'fail', 'one-way-in', 'ffaf'],
    ['video is agreed and dead both ways', call({ videoIn: silence, videoOut: unheard }), 'fail', 'audio-only', 'ffaa'],
    ['video is rejected', call({}, { agreed: audioOnly }), 'fail', 'audio-only', 'ffaa'],
    ['video is rejected, whatever our own load', call({}, { agreed: audioOnly, selfLagMs: 25 }), 'fail', 'audio-only', 'ffaa'],
    ['audio is rejected', call({}, { agreed: { audio: null, video: stream('video') } }), 'fail', 'no-media', 'aaff'],
    [
      'sound dead one way, the other unknown, picture arrives there',
      call({ audioIn: silence, audioOut: unconfirmed, videoIn: silence }),
      'fail',
      'one-way-out',
      'uafa',
    ],
    [
      'our own stream came back',
      call({ audioIn: { ...silence, ownEcho: 300 }, videoIn: { ...silence, ownEcho: 400 } }),
      'fail',
      'one-way-out',
      'fafa',
    ],
    ['its reports show no progress', call({ audioOut: { ...sent, advancing: false } }), 'fail', 'one-way-in', 'afff'],
    ['its media port is closed', call({ audioOut: { ...unconfirmed, unreachable: 20 } }), 'fail', 'one-way-in', 'afff'],
    [
      'both media are held',
      call(
        {
          audioIn: silence,
          videoIn: silence,
          audioOut: { ...unconfirmed, packets: 0 },
          videoOut: { ...unconfirmed, packets: 0 },
        },
        { agreed: { audio: held('audio'), video: held('video') } },
      ),
      'fail',
      'no-media',
      'aaaa',
    ],
  ];

  const unclear: Row[] = [
    [
      'no RTCP at all is never a pass',
      call({ audioOut: unconfirmed, videoOut: unconfirmed }),
      'inconclusive',
      'out-unconfirmed',
      'ufuf',
    ],
    ['one silent RTCP channel is enough for doubt', call({ videoOut: unconfirmed }), 'inconclusive', 'out-unconfirmed', 'ffuf'],
    [
      'RTCP without our stream, but held too briefly',
      call({ audioOut: unheard, activeMs: 4000, audioIn: { ...received, lastAfterMs: 3990 } }),
      'inconclusive',
      'out-unconfirmed',
      'ufff',
    ],
    [
      'only its RTCP port is closed',
      call({ audioOut: { ...unconfirmed, unreachable: 6 } }),
      'inconclusive',
      'out-unconfirmed',
      'ufff',
    ],
    ['nothing could be sent', call({ audioOut: { ...unconfirmed, packets: 0 } }), 'inconclusive', 'out-unconfirmed', 'ufff'],
    [
      'its SDP names another machine',
      call({ audioOut: { ...unconfirmed, packets: 0 } }, { foreign: { audio: '10.9.9.9' } }),
      'inconclusive',
      'target-not-allowed',
      'ufff',
    ],
    [
      'nothing could be sent since the place is not allowed',
      call({ audioOut: { ...unconfirmed, packets: 0, refused: 300 } }),
      'inconclusive',
      'target-not-allowed',
      'ufff',
    ],
    [
      'what we missed while overloaded is held against nobody',
      call({ audioIn: silence }, { selfLagMs: 25 }),
      'inconclusive',
      'self-overloaded',
      'faff',
    ],
    [
      'losses while overloaded',
      call({ videoIn: { ...picture, packets: 200 } }, { selfLagMs: 25 }),
      'inconclusive',
      'self-overloaded',
      'fffp',
    ],
    ['we were stopped', call({}, { aborted: true }), 'inconclusive', 'aborted', 'ffff'],
    ['our media worker died', call({ aborted: true }), 'inconclusive', 'aborted', 'uuuu'],
  ];

  const poor: Row[] = [
    ['sound from it loses packets', call({ audioIn: { ...received, packets: 296 } }), 'fail', 'poor-quality', 'fpff'],
    [
      'and more than our own kernel dropped',
      call({ audioIn: { ...received, packets: 280, ownDrops: 10 } }),
      'fail',
      'poor-quality',
      'fpff',
    ],
    ['picture from it jitters', call({ videoIn: { ...picture, jitterMs: 31 } }), 'fail', 'poor-quality', 'fffp'],
    ['the peer loses packets', call({ audioOut: { ...sent, lossRatio: 0.05 } }), 'fail', 'poor-quality', 'pfff'],
    ['the peer sees jitter', call({ videoOut: { ...sent, jitterMs: 40 } }), 'fail', 'poor-quality', 'ffpf'],
    ['a long round trip', call({ audioOut: { ...sent, rttMs: 301 } }), 'fail', 'poor-quality', 'pfff'],
    ['picture stopped on the way', call({ videoIn: { ...picture, lastAfterMs: 2500 } }), 'fail', 'poor-quality', 'fffp'],
    ['digital silence', call({ audioIn: { ...received, silentRatio: 1, levelDbov: -72.2 } }), 'fail', 'silent', 'fpff'],
    [
      'digital silence, whatever our own load',
      call({ audioIn: { ...received, silentRatio: 1 } }, { selfLagMs: 25 }),
      'fail',
      'silent',
      'fpff',
    ],
    ['a frozen picture', call({ videoIn: { ...picture, medianFrameBytes: 11 } }), 'fail', 'frozen', 'fffp'],
    [
      'silence is named before loss',
      call({ audioIn: { ...received, silentRatio: 1 }, videoIn: { ...picture, packets: 200 } }),
      'fail',
      'silent',
      'fpfp',
    ],
  ];

  const cut: Row[] = [
    [
      'the peer held the call before its first report was due: what flowed until then was taken away, the rest is not known',
      call(
        {
          audioIn: { ...received, lastAfterMs: 1990 },
          audioOut: unheard,
          videoIn: { ...picture, lastAfterMs: 1990 },
          videoOut: unheard,
        },
        { heldAfterMs: { audioOut: 2000, audioIn: 2000, videoOut: 2000, videoIn: 2000 } },
      ),
      'fail',
      'poor-quality',
      'upup',
    ],
    [
      'one direction taken away by the peer and never given back',
      call({}, { heldAfterMs: { videoOut: 5500 } }),
      'fail',
      'poor-quality',
      'ffpf',
    ],
    ['the peer hung up', call({}, { endedBy: 'peer' }), 'fail', 'peer-hung-up', 'ffff'],
    [
      'the connection was lost during the call',
      call({}, { failure: { kind: 'transport', failure: 'closed' } }),
      'fail',
      'peer-hung-up',
      'ffff',
    ],
    [
      'the answer had no SDP',
      call({}, { agreed: undefined, media: undefined, sdpError: 'none' }),
      'fail',
      'protocol-error',
      'uuuu',
    ],
    ['nothing in common', call({}, { agreed: { audio: null, video: null } }), 'fail', 'codec-mismatch', 'aaaa'],
    [
      'only SRTP in common',
      call({}, { agreed: { audio: null, video: null, secure: true } }),
      'fail',
      'encryption-required',
      'aaaa',
    ],
    [
      'a call that was not answered leaves the signals unknown',
      call({}, { setupMs: undefined, agreed: undefined, media: undefined, failure: { kind: 'no-answer' } }),
      'fail',
      'no-answer',
      'uuuu',
    ],
    [
      'a refusal after ringing',
      call(
        {},
        {
          setupMs: undefined,
          agreed: undefined,
          media: undefined,
          lastProvisional: 180,
          failure: { kind: 'status', status: 480, reasonPhrase: '' },
        },
      ),
      'inconclusive',
      'not-auto-answering',
      'uuuu',
    ],
  ];

  it('should say that a room is very quiet, and tell a black picture from a still one', () => {
    const notes = (media: Media) => judgeCall(call(media), false, DEFAULT_LIMITS).notes;
    expect(notes({ audioIn: { ...received, levelDbov: -60, silentRatio: 0 } }).audioIn).toBe('very quiet: -60 dBov');
    expect(notes({ audioIn: { ...received, levelDbov: -49, silentRatio: 0 } }).audioIn).toBeUndefined();
    expect(notes({ videoIn: { ...picture, medianFrameBytes: 7 } }).videoIn).toContain('black');
    expect(notes({ videoIn: { ...picture, medianFrameBytes: 26 } }).videoIn).toBe('the picture does not change');
  });

  describe('by the limits of a profile', () => {
    const bad = call({ audioIn: { ...received, packets: 291, jitterMs: 45 }, audioOut: { ...sent, rttMs: 420 } });

    it.each<[string, Partial<QualityLimits>, string]>([
      ['as without any settings', {}, 'ppff'],
      ['more loss is allowed, the jitter is not', { lossRatio: 0.05, rttMs: 500 }, 'fpff'],
      ['more lost packets are allowed, whatever their share', { lostPackets: 9, jitterMs: 50, rttMs: 500, mos: 3 }, 'ffff'],
      ['all of it is allowed', { lossRatio: 0.05, jitterMs: 50, rttMs: 500, mos: 3 }, 'ffff'],
      // 3.1 by G.107, of loss, delay and jitter together
      ['all but what a person would think of it', { lossRatio: 0.05, jitterMs: 50, rttMs: 500 }, 'fpff'],
    ])('%s', (_title, given, signals) => {
      expect({ ...judgeCall(bad, false, { ...DEFAULT_LIMITS, ...given }).signals }).toEqual(four(signals));
    });

    it('names the limit beside the figure, and does not judge a MOS that our own lateness spoilt', () => {
      const { notes } = judgeCall(bad, false, { ...DEFAULT_LIMITS, lossRatio: 0.05 });
      expect(notes).toEqual({ audioIn: 'jitter 45.0 ms, allowed 30 ms', audioOut: 'round trip 420 ms, allowed 300 ms' });
      const late = { ...bad, selfLagMs: 5 };
      const limits = { ...DEFAULT_LIMITS, lossRatio: 0.05, rttMs: 500, mos: 4.4 };
      expect(judgeCall(late, false, limits).signals.audioIn).toBe('flowing');
    });
  });

  it.each([...good, ...missing, ...unclear, ...poor, ...cut])('%s', (_title, facts, result, reason, signals) => {
    const verdict = judgeCall(facts, false, DEFAULT_LIMITS);
    expect({ ...verdict.signals }).toEqual(four(signals));
    expect({ result: verdict.result, reason: verdict.reason }).toEqual({ result, reason });
  });

  it('should say in words why a signal is not well', () => {
    expect(judgeCall(call({ videoIn: silence, audioOut: unheard }), false, DEFAULT_LIMITS).notes).toEqual({
      audioOut: 'its RTCP does not know our stream',
      videoIn: 'nothing came',
    });
  });
});
