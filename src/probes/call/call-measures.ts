import type { MediaFacts, ReceivedFacts, SentFacts } from '../../media/contract.js';
import { estimateMos } from '../../protocols/rtp/mos.js';
import type { MediaMeasures, StreamMeasures } from '../contract.js';
import { rounded, roundedOrAbsent } from '../outcome.js';
import { lostPackets } from './call-signals.js';

/** The figures of a call, as they are stored. A jitter that our own lateness spoilt is left out rather than published. */
export function measuresOf(media: MediaFacts, jitterTrusted: boolean): MediaMeasures {
  const { audio, video, activeMs } = media;
  return {
    audioIn: audio && incoming(audio.received, activeMs, jitterTrusted),
    audioOut: audio && outgoing(audio.sent, activeMs, jitterTrusted),
    videoIn: video && incoming(video.received, activeMs, jitterTrusted),
    videoOut: video && outgoing(video.sent, activeMs, jitterTrusted),
  };
}

function incoming(received: ReceivedFacts, activeMs: number, jitterTrusted: boolean): StreamMeasures {
  const { packets, bytes, expected, jitterMs, maxJitterMs, source, firstAfterMs, lastAfterMs, levelDbov, silentRatio, ...rest } =
    received;
  const heardAny = packets > 0;
  return {
    packets,
    expected: heardAny ? expected : undefined,
    lossRatio: heardAny && expected > 0 ? rounded(lostPackets(received) / expected) : undefined,
    jitterMs: heardAny && jitterTrusted ? rounded(jitterMs) : undefined,
    maxJitterMs: heardAny && jitterTrusted ? rounded(maxJitterMs) : undefined,
    bitrateKbps: bitrateKbps(bytes, activeMs),
    firstAfterMs: roundedOrAbsent(firstAfterMs),
    lastAfterMs: roundedOrAbsent(lastAfterMs),
    levelDbov: roundedOrAbsent(levelDbov),
    silentRatio: roundedOrAbsent(silentRatio),
    ...rest,
    source: source && `${source.address}:${source.port}`,
  };
}

function outgoing(sent: SentFacts, activeMs: number, jitterTrusted: boolean): StreamMeasures {
  const { packets, bytes, lossRatio, jitterMs, rttMs, ...rest } = sent;
  return {
    packets,
    lossRatio: roundedOrAbsent(lossRatio),
    jitterMs: jitterTrusted ? roundedOrAbsent(jitterMs) : undefined,
    rttMs: roundedOrAbsent(rttMs),
    bitrateKbps: bitrateKbps(bytes, activeMs),
    ...rest,
  };
}

const bitrateKbps = (bytes: number, activeMs: number): number | undefined =>
  activeMs > 0 ? rounded((bytes * 8) / activeMs) : undefined;

/** Of the sound coming in; absent where a part of it was not measured. */
export function mosOf(media: MediaFacts, jitterTrusted: boolean): number | undefined {
  const received = media.audio?.received;
  const rttMs = media.audio?.sent.rttMs;
  if (!received || received.packets === 0 || rttMs === undefined || !jitterTrusted) return undefined;
  const mos = estimateMos({
    rttMs,
    lossRatio: lostPackets(received) / Math.max(1, received.expected),
    jitterMs: received.jitterMs,
  });
  return Math.round(mos * 100) / 100;
}
