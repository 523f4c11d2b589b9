/** Channels proposed in SETUP and taken in a later message, without an exchange of H.245 (H.323 section 8.1.7). */
import type { H323Config, H323Stream } from './call-types.js';
import {
  contentOf,
  dynamicPayloadTypeOf,
  mediaTargetOf,
  payloadTypeOf,
  placeOf,
  transportAddress,
  type AudioCodec,
  type Medium,
} from './media-codecs.js';
import { OpenLogicalChannel, type H2250LogicalChannelParameters } from './messages/h245-channel.js';
import { dataTypeOf, SESSION_IDS } from './outgoing-channels.js';
import { decodePer, encodePer } from './per/schema.js';

type ProposalConfig = Pick<H323Config, 'localAddress' | 'ports' | 'audioCodecs' | 'videoCodecs' | 'callRateKbps'>;

/** A channel each way for each codec, best first: the far end takes one of each kind, or none. */
export function fastStartProposals(config: ProposalConfig): Uint8Array[] {
  const video = config.ports.video && config.videoCodecs.includes('H264') ? (['H264'] as const) : [];
  return [...config.audioCodecs, ...video].flatMap((codec, index) => [
    encodePer(OpenLogicalChannel, toThem(config, index + 1, codec)),
    encodePer(OpenLogicalChannel, toUs(config, index + 1, codec)),
  ]);
}

function toThem(config: ProposalConfig, channel: number, codec: AudioCodec | 'H264'): OpenLogicalChannel {
  return {
    forwardLogicalChannelNumber: channel,
    forwardLogicalChannelParameters: {
      dataType: dataTypeOf(codec, config.callRateKbps),
      multiplexParameters: { h2250LogicalChannelParameters: parametersOf(config, codec) },
    },
  };
}

function toUs(config: ProposalConfig, channel: number, codec: AudioCodec | 'H264'): OpenLogicalChannel {
  const ports = config.ports[mediumOf(codec)];
  const mediaChannel = ports && transportAddress(config.localAddress, ports.rtp);
  return {
    forwardLogicalChannelNumber: channel,
    forwardLogicalChannelParameters: { dataType: { nullData: null }, multiplexParameters: { none: null } },
    reverseLogicalChannelParameters: {
      dataType: dataTypeOf(codec, config.callRateKbps),
      multiplexParameters: { h2250LogicalChannelParameters: { ...parametersOf(config, codec), mediaChannel } },
    },
  };
}

function parametersOf(config: ProposalConfig, codec: AudioCodec | 'H264'): H2250LogicalChannelParameters {
  const ports = config.ports[mediumOf(codec)];
  return {
    sessionID: SESSION_IDS[mediumOf(codec)],
    mediaControlChannel: ports && transportAddress(config.localAddress, ports.rtcp),
    dynamicRTPPayloadType: dynamicPayloadTypeOf(codec),
  };
}

const mediumOf = (codec: AudioCodec | 'H264'): Medium => (codec === 'H264' ? 'video' : 'audio');

/** What the far end took of it; one of each medium and direction, what cannot be read or was not proposed is passed over. */
export function acceptedStreams(answer: Uint8Array[], config: Pick<H323Config, 'audioCodecs' | 'videoCodecs'>): H323Stream[] {
  const streams: H323Stream[] = [];
  for (const octets of answer.slice(0, MAX_ANSWERS)) {
    const channel = decodePer(OpenLogicalChannel, octets);
    const stream = channel.ok ? streamOf(channel.value, config) : undefined;
    if (!stream) continue;
    const isTaken = streams.some(({ direction, medium }) => direction === stream.direction && medium === stream.medium);
    if (!isTaken) streams.push(stream);
  }
  return streams;
}

/** An answer has a channel each way for two media; one that lists all that we proposed is still short. */
const MAX_ANSWERS = 16;

function streamOf(
  {
    forwardLogicalChannelNumber: channel,
    forwardLogicalChannelParameters: forward,
    reverseLogicalChannelParameters: reverse,
  }: OpenLogicalChannel,
  { audioCodecs, videoCodecs }: Pick<H323Config, 'audioCodecs' | 'videoCodecs'>,
): H323Stream | undefined {
  const isOurs = !('nullData' in forward.dataType);
  const side = isOurs ? forward : reverse;
  const content = side && contentOf(side.dataType);
  const multiplex = side?.multiplexParameters;
  if (!multiplex || !('h2250LogicalChannelParameters' in multiplex) || content?.codec === undefined) return undefined;
  const { mediaChannel, mediaControlChannel, dynamicRTPPayloadType } = multiplex.h2250LogicalChannelParameters;
  const { medium, codec } = content;
  const proposed = content.medium === 'audio' ? audioCodecs.includes(content.codec) : videoCodecs.includes(content.codec);
  if (!proposed || codec === 'H263' || codec === 'H261') return undefined;
  const payloadType = payloadTypeOf(codec, dynamicRTPPayloadType);
  const rtcp = placeOf(mediaControlChannel);
  if (!isOurs) return { direction: 'receive', medium, channel, codec, payloadType, rtcp };
  const target = mediaTargetOf(placeOf(mediaChannel), rtcp);
  return { direction: 'send', medium, channel, codec, payloadType, target, mostKbps: undefined };
}
