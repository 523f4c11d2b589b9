/**
 * Where the parts of a protected packet lie.
 *
 *   SRTP   RFC 3711 section 3.1: RTP header | encrypted payload | tag
 *   SRTCP  section 3.4: 8 bytes of the first packet's header | encrypted rest | E + 31-bit index | tag
 */
import { RTP_HEADER_BYTES } from '../rtp-packet.js';

/** RTCP header and the sender's SSRC stay readable */
export const RTCP_CLEAR_BYTES = 8;
export const RTCP_INDEX_BYTES = 4;
/** the bit before the index: this packet is encrypted */
export const ENCRYPTED_FLAG = 0x8000_0000;
export const MOST_RTCP_INDEX = 0x7fff_ffff;

/** Header with CSRC list and extension, none of which is encrypted. Undefined for what is no RTP. */
export function rtpHeaderBytes(packet: Buffer): number | undefined {
  if (packet.length < RTP_HEADER_BYTES) return undefined;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  const fixed = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  const extended = (first & 0x10) !== 0;
  if (fixed + (extended ? 4 : 0) > packet.length) return undefined;
  const length = extended ? fixed + 4 + packet.readUInt16BE(fixed + 2) * 4 : fixed;
  return length > packet.length ? undefined : length;
}
