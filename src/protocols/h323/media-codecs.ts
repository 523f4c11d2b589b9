/** Codecs and addresses of media, between the words of H.245 and those of the media workers. */
import type { AudioCapability } from './messages/h245-audio.js';
import type { DataType } from './messages/h245-channel.js';
import type { TransportAddress } from './messages/h245-common.js';
import type { VideoCapability } from './messages/h245-video.js';

export type AudioCodec = 'PCMA' | 'PCMU';
export type VideoCodec = 'H264' | 'H263' | 'H261';
export type Medium = 'audio' | 'video';

/** Where a far end takes one medium. */
export interface MediaTarget {
  address: string;
  rtpPort: number;
  /** an RTCP of its own where it named one, else the next port */
  rtcpAddress: string;
  rtcpPort: number;
}

export interface Place {
  address: string;
  port: number;
}

/** H.241 section 8.3.2.1: the identifier of H.264, and those of its two parameters that everybody sends. */
const H264_IDENTIFIER = '0.0.8.241.0.0.1';
const H264_PROFILE = 41;
const H264_LEVEL = 42;
/** Profile Baseline, bit 2 of eight (H.241 table 8-4). */
const BASELINE = 64;
/** Level 1.3 (H.241 table 8-5), the least that our slide of 352 x 288 fits into. */
const LEVEL_1_3 = 36;
/** G.711 of 20 ms: frames are single milliseconds here (H.245 annex B.2.2.6). */
const AUDIO_MS = 20;
/** The first number that is free for agreement (RFC 3551 section 3) is taken by comfort noise of some stacks. */
const H264_PAYLOAD_TYPE = 97;

/** RFC 3551 section 6; H.264 has a number that each channel agrees on. */
const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, H261: 31, H263: 34, H264: H264_PAYLOAD_TYPE } as const;

export const payloadTypeOf = (codec: AudioCodec | VideoCodec, agreed?: number): number => agreed ?? PAYLOAD_TYPES[codec];

/** Only H.264 has to name its number in a channel: the others have one of their own. */
export const dynamicPayloadTypeOf = (codec: AudioCodec | VideoCodec): number | undefined =>
  codec === 'H264' ? H264_PAYLOAD_TYPE : undefined;

export function audioCapability(codec: AudioCodec): AudioCapability {
  return codec === 'PCMA' ? { g711Alaw64k: AUDIO_MS } : { g711Ulaw64k: AUDIO_MS };
}

/** @param rateKbps the most of this medium: H.245 counts it in 100 bit/s */
export function videoCapability(codec: VideoCodec, rateKbps: number, level = LEVEL_1_3): VideoCapability {
  const maxBitRate = rateKbps * 10;
  if (codec === 'H261') return { h261VideoCapability: { ...H261, maxBitRate: Math.min(maxBitRate, 19_200) } };
  if (codec === 'H263') return { h263VideoCapability: { ...H263, maxBitRate: Math.min(maxBitRate, 192_400) } };
  const collapsing = [
    { parameterIdentifier: { standard: H264_PROFILE }, parameterValue: { booleanArray: BASELINE } },
    { parameterIdentifier: { standard: H264_LEVEL }, parameterValue: { unsignedMin: level } },
  ];
  return { genericVideoCapability: { capabilityIdentifier: { standard: H264_IDENTIFIER }, maxBitRate, collapsing } };
}

/** QCIF and CIF at 30 pictures a second, and nothing optional. */
const H261 = { qcifMPI: 1, cifMPI: 1, temporalSpatialTradeOffCapability: false, stillImageTransmission: false };
const H263 = {
  qcifMPI: 1,
  cifMPI: 1,
  unrestrictedVector: false,
  arithmeticCoding: false,
  advancedPrediction: false,
  pbFrames: false,
  temporalSpatialTradeOffCapability: false,
};

export function audioCodecOf(capability: AudioCapability): AudioCodec | undefined {
  if ('g711Alaw64k' in capability) return 'PCMA';
  return 'g711Ulaw64k' in capability ? 'PCMU' : undefined;
}

export function videoCodecOf(capability: VideoCapability): VideoCodec | undefined {
  if ('h261VideoCapability' in capability) return 'H261';
  if ('h263VideoCapability' in capability) return 'H263';
  return h264Of(capability) ? 'H264' : undefined;
}

/** The level that a far end takes, never above our own: what the channel names is a promise. */
export function h264LevelOf(capability: VideoCapability): number {
  const level = h264Of(capability)?.collapsing?.find(
    ({ parameterIdentifier: id }) => 'standard' in id && id.standard === H264_LEVEL,
  );
  const value = level?.parameterValue;
  return value && 'unsignedMin' in value ? Math.min(value.unsignedMin, LEVEL_1_3) : LEVEL_1_3;
}

function h264Of(capability: VideoCapability) {
  if (!('genericVideoCapability' in capability)) return undefined;
  const { genericVideoCapability: generic } = capability;
  const { capabilityIdentifier: id } = generic;
  return 'standard' in id && id.standard === H264_IDENTIFIER ? generic : undefined;
}

export type ChannelMedium = { medium: 'audio'; codec: AudioCodec } | { medium: 'video'; codec: VideoCodec };

/** What a channel carries; `other` has a medium that we know, in a codec that we do not, or none of both. */
export function contentOf(type: DataType): ChannelMedium | { medium: Medium | 'other' | 'encrypted'; codec?: undefined } {
  if ('audioData' in type) {
    const codec = audioCodecOf(type.audioData);
    return codec ? { medium: 'audio', codec } : { medium: 'audio' };
  }
  if ('videoData' in type) {
    const codec = videoCodecOf(type.videoData);
    return codec ? { medium: 'video', codec } : { medium: 'video' };
  }
  return { medium: 'h235Media' in type ? 'encrypted' : 'other' };
}

/** @param address IPv4 in dots */
export function transportAddress(address: string, port: number): TransportAddress {
  return { unicastAddress: { iPAddress: { network: ipv4Octets(address), tsapIdentifier: port } } };
}

export const ipv4Octets = (address: string): Uint8Array => Uint8Array.from(address.split('.').map(Number));
export const ipv4Text = (octets: Uint8Array): string => octets.join('.');

/** Only IPv4: media are called over nothing else here. */
export function placeOf(address: TransportAddress | undefined): Place | undefined {
  if (!address || !('unicastAddress' in address) || !('iPAddress' in address.unicastAddress)) return undefined;
  const { network, tsapIdentifier } = address.unicastAddress.iPAddress;
  return tsapIdentifier === 0 ? undefined : { address: ipv4Text(network), port: tsapIdentifier };
}

/** The RTCP of a channel is one above its RTP where nobody said otherwise (RFC 3550 section 11). */
export function mediaTargetOf(rtp: Place | undefined, rtcp: Place | undefined): MediaTarget | undefined {
  if (!rtp) return undefined;
  const { address, port } = rtcp ?? { address: rtp.address, port: Math.min(rtp.port + 1, 65_535) };
  return { address: rtp.address, rtpPort: rtp.port, rtcpAddress: address, rtcpPort: port };
}
