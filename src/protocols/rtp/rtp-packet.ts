import { err, ok, type Result } from '../../common/result.js';

/**
 * RTP data packet, RFC 3550 section 5.1.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           timestamp                           |
 *  |                             SSRC                              |
 *  |                    CSRC list (CC entries)                     |
 *  |     X: profile (16)           |   X: length in words (16)     |
 */
export interface RtpPacket {
  version: 2;
  padding: boolean;
  marker: boolean;
  payloadType: number;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
  csrc: number[];
  extension?: { profile: number; data: Uint8Array };
  /** without padding; a view into the parsed bytes, not a copy */
  payload: Uint8Array;
}

/** What a sender sets on each packet. Values are reduced to their field width. */
export interface RtpFields {
  marker: boolean;
  payloadType: number;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
}

export const RTP_HEADER_BYTES = 12;

/** Every length field is checked against the bytes present; nothing a peer sends makes this throw. */
export function parseRtp(bytes: Uint8Array): Result<RtpPacket> {
  if (bytes.length < RTP_HEADER_BYTES) return err('shorter than the fixed RTP header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  if (first >> 6 !== 2) return err('not RTP version 2');

  const csrcCount = first & 0x0f;
  let offset = RTP_HEADER_BYTES + csrcCount * 4;
  if (offset > bytes.length) return err('CSRC list runs past the packet');
  const csrc: number[] = [];
  for (let i = 0; i < csrcCount; i++) csrc.push(view.getUint32(RTP_HEADER_BYTES + i * 4));

  let extension: RtpPacket['extension'];
  if (first & 0x10) {
    if (offset + 4 > bytes.length) return err('extension header runs past the packet');
    const end = offset + 4 + view.getUint16(offset + 2) * 4;
    if (end > bytes.length) return err('extension runs past the packet');
    extension = { profile: view.getUint16(offset), data: bytes.subarray(offset + 4, end) };
    offset = end;
  }

  const padding = (first & 0x20) !== 0;
  const paddingBytes = padding ? view.getUint8(bytes.length - 1) : 0;
  if (padding && (paddingBytes === 0 || offset + paddingBytes > bytes.length)) return err('impossible padding length');

  return ok({
    version: 2,
    padding,
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    csrc,
    ...(extension && { extension }),
    payload: bytes.subarray(offset, bytes.length - paddingBytes),
  });
}

/** Writes header and payload into a buffer the sender owns, so that a paced loop allocates nothing. Returns the length. */
export function writeRtp(into: Buffer, fields: RtpFields, payload: Uint8Array): number {
  into[0] = 0x80;
  into[1] = (fields.marker ? 0x80 : 0) | (fields.payloadType & 0x7f);
  into.writeUInt16BE(fields.sequenceNumber & 0xffff, 2);
  into.writeUInt32BE(fields.timestamp >>> 0, 4);
  into.writeUInt32BE(fields.ssrc >>> 0, 8);
  into.set(payload, RTP_HEADER_BYTES);
  return RTP_HEADER_BYTES + payload.length;
}

/** Tells RTCP from RTP on a shared port: packet types 192 to 223 (RFC 5761 section 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const packetType = bytes[1];
  return packetType !== undefined && packetType >= 192 && packetType <= 223;
}
