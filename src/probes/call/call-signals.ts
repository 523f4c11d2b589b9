import type { QualityLimits } from '../../common/quality.js';
import type { Reason } from '../../common/reasons.js';
import type { SignalState } from '../../common/states.js';
import type { ReceivedFacts, SentFacts } from '../../media/contract.js';
import type { PictureFigures } from '../../net/keyframe-decoder.js';
import type { AgreedStream } from './media-call.facts.js';

/** Without packets for so long at the end of the call, the stream stopped on the way. */
const STALLED_MS = 3000;
/** RFC 3550 6.2: the least interval of reports is 5 s; a peer that sent RTCP for so long had its chance to name our stream. */
const REPORT_DUE_MS = 5000;
/** One that came earlier had no stream of ours to name: H323Plus sends a report at once and the next after 12 s. */
const REPORT_TELLS_MS = 1000;
/** ICMP errors about our RTP: a few come while a peer still opens its sockets, so that only many say that the port is closed. */
const UNREACHABLE_PROOF = 20;
/** Median bytes of a picture: a still scene of software encoders lies at 7-52, a moving one at 2000 (measured at 640x360). */
const FROZEN_FRAME_BYTES = 64;
const FROZEN_PROOF_MS = 5000;
/** A scene without any texture: black measured 7 bytes, a plain test picture 11, a still scene from 26 on. */
const BLACK_FRAME_BYTES = 16;
/** Luma of a decoded picture below both: a black one measured mean 0.9 and sd 0.3, a test picture sd 63. */
const BLACK_PICTURE = { sd: 3, mean: 20 } as const;
/** Mean difference of two pictures seconds apart: measured 0.12 of a frozen source, 5.55 of a moving one. */
const STILL_PICTURE_DIFF = 0.5;
/** Between digital silence (-65) and this lies a quiet room or a weak microphone: worth a word, no failure. */
const QUIET_DBOV = -50;

export interface Judgement {
  state: SignalState;
  why?: Extract<Reason, 'poor-quality' | 'silent' | 'frozen' | 'target-not-allowed'>;
  /** for the technician */
  note?: string;
}

export interface Circumstances {
  activeMs: number;
  /** our own lateness is small enough to believe a jitter */
  jitterTrusted: boolean;
  /** of the endpoint's profile */
  limits: QualityLimits;
  /** the peer took the direction away during the call and did not give it back */
  held: boolean;
}

/** Packets of the peer's own: our stream coming back is not a living peer. */
export const heard = (received: ReceivedFacts | undefined): number => received?.packets ?? 0;

/**
 * RFC 3550 A.3 of distinct packets, so that a duplicate neither hides a loss nor looks like one, and without what our own
 * kernel dropped because we read too late: that is no fault of the line.
 */
export const lostPackets = ({ expected, packets, ownDrops = 0 }: ReceivedFacts): number =>
  Math.max(0, expected - packets - ownDrops);

export function judgeIn(stream: AgreedStream | null, received: ReceivedFacts | undefined, about: Circumstances): Judgement {
  if (!stream) return { state: 'absent', note: 'rejected by the peer' };
  if (!received || heard(received) === 0) {
    return { state: 'absent', note: (received?.ownEcho ?? 0) > 0 ? 'only our own stream came back' : holdNote(stream.weReceive) };
  }
  const lost = lostPackets(received);
  const { limits } = about;
  if (lost > limits.lostPackets && lost / received.expected > limits.lossRatio)
    return poor(`${lost} of ${received.expected} packets lost, allowed ${percent(limits.lossRatio)}`);
  if (about.jitterTrusted && received.jitterMs > limits.jitterMs)
    return poor(`jitter ${received.jitterMs.toFixed(1)} ms, allowed ${limits.jitterMs} ms`);
  if (about.held) return poor(HELD);
  if (received.lastAfterMs !== undefined && about.activeMs - received.lastAfterMs > STALLED_MS)
    return poor('stopped during the call');
  return stream.kind === 'audio' ? judgeSound(received) : judgePicture(received);
}

function judgeSound(received: ReceivedFacts): Judgement {
  // an empty room is quiet but never digitally silent: every sample zero means no microphone
  if (received.silentRatio === 1) return { state: 'poor', why: 'silent', note: 'digital silence in every packet' };
  const quiet = received.levelDbov !== undefined && received.levelDbov < QUIET_DBOV;
  return { state: 'flowing', note: quiet ? `very quiet: ${received.levelDbov?.toFixed(0)} dBov` : undefined };
}

function judgePicture(received: ReceivedFacts): Judgement {
  const seenMs = (received.lastAfterMs ?? 0) - (received.firstAfterMs ?? 0);
  const still = received.medianFrameBytes !== undefined && received.medianFrameBytes <= FROZEN_FRAME_BYTES;
  if (still && seenMs >= FROZEN_PROOF_MS) return { state: 'poor', why: 'frozen', note: stillNote(received.medianFrameBytes) };
  return { state: 'flowing', note: received.keyframes === 0 ? 'no key frame seen' : undefined };
}

/** What decoded keyframes show beyond the sizes of the coded ones. Only black is certain: a room may hold still. */
export function judgeDecoded(judgement: Judgement, picture: PictureFigures): Judgement {
  if (judgement.state !== 'flowing' && judgement.why !== 'frozen') return judgement;
  if (picture.sd < BLACK_PICTURE.sd && picture.mean < BLACK_PICTURE.mean) {
    return { state: 'poor', why: 'frozen', note: 'the picture is black: is the lens covered or the camera off?' };
  }
  const still = picture.diff !== undefined && picture.diff < STILL_PICTURE_DIFF;
  return still ? { ...judgement, note: judgement.note ?? 'the picture may be frozen' } : judgement;
}

export function judgeOut(
  stream: AgreedStream | null,
  sent: SentFacts | undefined,
  about: Circumstances,
  foreignAddress: string | undefined,
): Judgement {
  if (!stream) return { state: 'absent', note: 'rejected by the peer' };
  if (foreignAddress !== undefined) {
    return { state: 'unknown', why: 'target-not-allowed', note: `the peer wants its media at ${foreignAddress}` };
  }
  if (stream.cannotSend) return { state: 'unknown', note: 'it takes no codec that this monitor sends' };
  // the media worker knows the rule as well, and has the last word
  if (stream.weSend && sent?.packets === 0 && sent.refused > 0) {
    return { state: 'unknown', why: 'target-not-allowed', note: `${sent.refused} packets to a place that is not allowed` };
  }
  if (!sent || sent.packets === 0) {
    return stream.weSend ? { state: 'unknown', note: 'nothing could be sent' } : { state: 'absent', note: holdNote(false) };
  }
  if (sent.reports > 0)
    return sent.advancing ? judgeReported(sent, about) : { state: 'absent', note: 'its reports show no progress' };
  if (sent.unreachable >= UNREACHABLE_PROOF) return { state: 'absent', note: 'its media port is closed' };
  if (sent.rtcpReceived === 0) return { state: 'unknown', note: 'the peer sends no RTCP' };
  return about.activeMs >= REPORT_DUE_MS && (sent.lastRtcpAfterMs ?? about.activeMs) >= REPORT_TELLS_MS
    ? { state: 'absent', note: 'its RTCP does not know our stream' }
    : { state: 'unknown', note: 'held too briefly for a report' };
}

function judgeReported(sent: SentFacts, about: Circumstances): Judgement {
  const lossRatio = sent.lossRatio ?? 0;
  const { limits } = about;
  if (lossRatio > limits.lossRatio && lossRatio * sent.packets > limits.lostPackets) {
    return poor(`the peer lost ${percent(lossRatio)}, allowed ${percent(limits.lossRatio)}`);
  }
  if (about.jitterTrusted && (sent.jitterMs ?? 0) > limits.jitterMs)
    return poor(`the peer saw jitter ${sent.jitterMs?.toFixed(1)} ms, allowed ${limits.jitterMs} ms`);
  if ((sent.rttMs ?? 0) > limits.rttMs) return poor(`round trip ${sent.rttMs?.toFixed(0)} ms, allowed ${limits.rttMs} ms`);
  return about.held ? poor(HELD) : { state: 'flowing' };
}

/** The estimate for the sound coming in, where nothing of it was called poor by a figure of its own. */
export function judgeMos(judgement: Judgement, mos: number | undefined, { mos: least }: QualityLimits): Judgement {
  if (judgement.state !== 'flowing' || mos === undefined || mos >= least) return judgement;
  return poor(`MOS ${mos.toFixed(2)}, least ${least}`);
}

const HELD = 'held by the peer during the call';
const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

const poor = (note: string): Judgement => ({ state: 'poor', why: 'poor-quality', note });

const stillNote = (medianFrameBytes = 0): string =>
  medianFrameBytes <= BLACK_FRAME_BYTES ? 'the picture is black or a plain colour' : 'the picture does not change';

const holdNote = (willing: boolean): string => (willing ? 'nothing came' : 'held or one-way by its own word');
