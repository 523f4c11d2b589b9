import { err, ok, type Result } from '../../common/result.js';
import type { SrtpKeys } from '../rtp/srtp/suite.js';
import { agreedKeys } from './crypto-attribute.js';
import type { Direction, MediaDescription, PayloadFormat, SessionDescription } from './session-description.js';

/** One stream as the offerer may use it after the answer. */
export interface NegotiatedStream {
  kind: 'audio' | 'video';
  /** where the answerer listens; of a held c=0.0.0.0 stream the address that was named */
  address: string;
  rtpPort: number;
  rtcpPort: number;
  rtcpMux: boolean;
  /** the number to send with: the answerer's */
  payloadType: number;
  /** the number to expect: the offerer's, equal to payloadType unless the answerer renumbered */
  receivePayloadType: number;
  codec: 'PCMA' | 'PCMU' | 'H264';
  clockRate: number;
  packetizationMode?: 0 | 1;
  /** both sides agreed on SRTP with these keys */
  keys?: SrtpKeys;
  /** as the answerer said it, from its own side */
  peerDirection: Direction;
  weSend: boolean;
  weReceive: boolean;
}

export interface Negotiated {
  audio: NegotiatedStream | null;
  video: NegotiatedStream | null;
  /** the answerer wants SRTP where none was offered, or another kind of it than we speak */
  secure?: boolean;
}

type Kind = 'audio' | 'video';

/** What the offerer ends up with. Port 0, no common codec or a missing medium line is null, not an error. */
export function negotiate(offer: SessionDescription, answer: SessionDescription): Result<Negotiated> {
  if (answer.media.length > offer.media.length) return err('the answer has media that were not offered');
  const result: Negotiated = { audio: null, video: null };
  for (const [index, offered] of offer.media.entries()) {
    const answered = answer.media[index];
    if (!answered) continue;
    if (answered.kind !== offered.kind)
      return err(`medium ${index + 1} of the answer is ${answered.kind}, offered was ${offered.kind}`);
    if (answered.port === 0 || offered.port === 0) continue;
    const security = securityOf(offered, answered);
    if (security === 'other-srtp') result.secure = true;
    const kind = offered.kind;
    if (security === 'other-profile' || security === 'other-srtp' || (kind !== 'audio' && kind !== 'video')) continue;
    const stream = negotiateStream(kind, offered, answered, offer, answer);
    result[kind] ??= stream && { ...stream, ...security };
  }
  return ok(result);
}

/** The profile of the answer is that of the offer (RFC 3264 section 6): a=crypto counts only where RTP/SAVP was offered. */
function securityOf(offered: MediaDescription, answered: MediaDescription): { keys?: SrtpKeys } | 'other-profile' | 'other-srtp' {
  if (isPlainRtp(answered.protocol)) return isPlainRtp(offered.protocol) ? {} : 'other-profile';
  if (!/SAVP/.test(answered.protocol)) return 'other-profile';
  const keys = isSecureRtp(offered.protocol) ? agreedKeys(offered.crypto, answered.crypto) : undefined;
  return keys && isSecureRtp(answered.protocol) ? { keys } : 'other-srtp';
}

/** SDES keys stand in these profiles; UDP/TLS/RTP/SAVP takes its keys from a DTLS handshake. */
export function isSecureRtp(protocol: string): boolean {
  return protocol === 'RTP/SAVP' || protocol === 'RTP/SAVPF';
}

export function isPlainRtp(protocol: string): boolean {
  return protocol === 'RTP/AVP' || protocol === 'RTP/AVPF';
}

function negotiateStream(
  kind: Kind,
  offered: MediaDescription,
  answered: MediaDescription,
  offer: SessionDescription,
  answer: SessionDescription,
): NegotiatedStream | null {
  const match = firstCommonFormat(kind, offered.formats, answered);
  const connection = answered.connection ?? answer.connection;
  if (!match || !connection) return null;
  const rtcpMux = offered.rtcpMux && answered.rtcpMux;
  const { peer, ours } = match;
  return {
    kind,
    address: connection.address,
    rtpPort: answered.port,
    rtcpPort: rtcpMux ? answered.port : (answered.rtcp?.port ?? nextPort(answered.port)),
    rtcpMux,
    payloadType: peer.payloadType,
    receivePayloadType: ours.payloadType,
    codec: peer.encoding as NegotiatedStream['codec'],
    clockRate: peer.clockRate,
    ...(peer.encoding === 'H264' ? { packetizationMode: packetizationModeOf(peer) } : {}),
    peerDirection: answered.direction,
    weSend: sends(offered.direction) && receives(answered.direction) && !isHoldAddress(connection.address),
    weReceive:
      receives(offered.direction) &&
      sends(answered.direction) &&
      !isHoldAddress((offered.connection ?? offer.connection)?.address),
  };
}

/** The answerer's order decides (RFC 3264 section 6.1). */
function firstCommonFormat(
  kind: Kind,
  offered: PayloadFormat[],
  answered: MediaDescription,
): { peer: PayloadFormat; ours: PayloadFormat } | undefined {
  for (const payloadType of answered.payloadTypes) {
    const peer = answered.formats.find((format) => format.payloadType === payloadType);
    const ours = peer && offered.find((format) => isSameFormat(kind, format, peer));
    if (peer && ours) return { peer, ours };
  }
  return undefined;
}

/** G.711 by name; H.264 by name and packetization mode, which RFC 6184 section 8.2.2 makes part of the configuration. */
function isSameFormat(kind: Kind, a: PayloadFormat, b: PayloadFormat): boolean {
  if (a.encoding !== b.encoding || a.clockRate !== b.clockRate) return false;
  if (kind === 'audio') return a.encoding === 'PCMA' || a.encoding === 'PCMU';
  const mode = packetizationModeOf(a);
  return a.encoding === 'H264' && mode !== undefined && mode === packetizationModeOf(b);
}

/** RFC 6184 section 8.1: absent means 0. Mode 2 (interleaved) is not spoken here and equals no mode of ours. */
export function packetizationModeOf(format: PayloadFormat): 0 | 1 | undefined {
  const mode = format.fmtp?.['packetization-mode'] ?? '0';
  return mode === '0' ? 0 : mode === '1' ? 1 : undefined;
}

export function isHoldAddress(address: string | undefined): boolean {
  return address === '0.0.0.0' || address === '::';
}

export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** RFC 3550 section 11; the last port has no next one, and a stream without usable RTCP is still a stream. */
function nextPort(port: number): number {
  return Math.min(port + 1, 65_535);
}
