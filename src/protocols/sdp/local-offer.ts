import { type LocalKeys, offerCrypto } from './crypto-attribute.js';
import type { MediaDescription, PayloadFormat, SessionDescription } from './session-description.js';

export type AudioCodec = 'PCMA' | 'PCMU';

/** Our end of the media: where we listen. */
export interface LocalMedia {
  address: string;
  /** decimal digits */
  sessionId: string;
  /** grows by one when the description changes (RFC 3264 section 8); 1 unless given */
  sessionVersion?: string;
  username?: string;
  audioPort: number;
  /** audioPort + 1 unless given */
  audioRtcpPort?: number;
  /** without it video is neither offered nor accepted */
  videoPort?: number;
  videoRtcpPort?: number;
  /** in order of preference; PCMA, PCMU unless given */
  audioCodecs?: AudioCodec[];
  /** what the peer may send of each medium, headers included; 1,024 of video and no word on sound unless given */
  audioKbps?: number | undefined;
  videoKbps?: number | undefined;
  /** with them RTP/SAVP is offered and accepted, and nothing else; without them RTP/AVP */
  keys?: Readonly<Record<'audio' | 'video', LocalKeys>>;
}

const STATIC_PAYLOAD_TYPE: Readonly<Record<AudioCodec, number>> = { PCMU: 0, PCMA: 8 };

/** Constrained baseline, level 3.1 (RFC 6184 section 8.1). */
const H264_PROFILE = '42e01f';
const H264_PAYLOAD_TYPES = [
  { payloadType: 97, mode: 1 },
  { payloadType: 98, mode: 0 },
];
const VIDEO_BANDWIDTH_KBPS = 1024;
/** TIAS is without the headers that AS includes (RFC 3890 section 6.2): 40 bytes of some 1,040 of a video packet */
const PAYLOAD_SHARE = 1000 / 1040;
const G711_BPS = 64_000;

/**
 * G.711 and H.264. Both packetization modes are offered as payload types of their own: endpoints that know mode 0 only
 * refuse the whole video of an offer that has mode 1 alone.
 */
export function buildOffer(local: LocalMedia): SessionDescription {
  return {
    ...describeSession(local),
    media: [describeAudio(local), ...(local.videoPort ? [describeVideo(local, local.videoPort)] : [])],
  };
}

export function describeSession(local: LocalMedia): Omit<SessionDescription, 'media'> {
  return {
    origin: {
      username: local.username ?? '-',
      sessionId: local.sessionId,
      sessionVersion: local.sessionVersion ?? '1',
      address: local.address,
    },
    sessionName: '-',
    connection: { address: local.address, family: local.address.includes(':') ? 6 : 4 },
    attributes: [],
  };
}

function audioFormat(codec: AudioCodec): PayloadFormat {
  return { payloadType: STATIC_PAYLOAD_TYPE[codec], encoding: codec, clockRate: 8000 };
}

function h264Format(payloadType: number, packetizationMode: 0 | 1): PayloadFormat {
  const fmtp = { 'profile-level-id': H264_PROFILE, 'packetization-mode': String(packetizationMode) };
  return { payloadType, encoding: 'H264', clockRate: 90000, fmtp };
}

function describeAudio(local: LocalMedia): MediaDescription {
  const formats = (local.audioCodecs ?? ['PCMA', 'PCMU']).map(audioFormat);
  return {
    ...describeStream('audio', local.audioPort, local.audioRtcpPort, formats, local.keys?.audio),
    ...(local.audioKbps === undefined ? {} : { bandwidthKbps: local.audioKbps, tiasBps: G711_BPS }),
    attributes: [['ptime', '20']],
  };
}

function describeVideo(local: LocalMedia, port: number): MediaDescription {
  const formats = H264_PAYLOAD_TYPES.map(({ payloadType, mode }) => h264Format(payloadType, mode as 0 | 1));
  return {
    ...describeStream('video', port, local.videoRtcpPort, formats, local.keys?.video),
    bandwidthKbps: local.videoKbps ?? VIDEO_BANDWIDTH_KBPS,
    ...(local.videoKbps === undefined ? {} : { tiasBps: Math.floor(local.videoKbps * 1000 * PAYLOAD_SHARE) }),
    attributes: [
      ['rtcp-fb', '* nack pli'],
      ['rtcp-fb', '* ccm fir'],
    ],
  };
}

/** RTCP has its own port, and a=rtcp (RFC 3605) says it even where it is the next one: some devices read nothing else. */
function describeStream(
  kind: string,
  port: number,
  rtcpPort: number | undefined,
  formats: PayloadFormat[],
  keys: LocalKeys | undefined,
): MediaDescription {
  return {
    kind,
    port,
    protocol: keys ? 'RTP/SAVP' : 'RTP/AVP',
    payloadTypes: formats.map((format) => format.payloadType),
    formats,
    direction: 'sendrecv',
    rtcp: { port: rtcpPort ?? port + 1 },
    rtcpMux: false,
    ...(keys ? { crypto: offerCrypto(keys) } : {}),
    attributes: [],
  };
}
