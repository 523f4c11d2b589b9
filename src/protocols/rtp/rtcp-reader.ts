import { err, ok, type Result } from '../../common/result.js';
import {
  PSFB_FORMAT,
  RTCP_TYPE,
  type ApplicationDefined,
  type Feedback,
  type Goodbye,
  type ReceiverReport,
  type ReportBlock,
  type RtcpPacket,
  type SenderReport,
  type SourceDescription,
} from './rtcp-types.js';

const HEADER_BYTES = 4;
const BLOCK_BYTES = 24;
const SDES_CNAME = 1;

interface Part {
  packetType: number;
  count: number;
  body: Uint8Array;
  view: DataView;
}

/**
 * Reads a compound packet. Its lengths must add up to the datagram exactly (RFC 3550 appendix A.2); the first packet may be
 * of any type, since peers with reduced-size RTCP (RFC 5506) send lone feedback.
 */
export function parseRtcpCompound(bytes: Uint8Array): Result<RtcpPacket[]> {
  if (bytes.length < HEADER_BYTES) return err('shorter than an RTCP header');
  const packets: RtcpPacket[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const part = readPart(bytes, offset);
    if (!part.ok) return part;
    const packet = parsePart(part.value.part);
    if (!packet) return err(`RTCP packet type ${part.value.part.packetType} shorter than its fields`);
    packets.push(packet);
    offset = part.value.end;
  }
  return ok(packets);
}

function readPart(bytes: Uint8Array, offset: number): Result<{ part: Part; end: number }> {
  if (offset + HEADER_BYTES > bytes.length) return err('RTCP header runs past the datagram');
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) return err('not RTCP version 2');
  const packetType = view.getUint8(1);
  if (packetType < 192 || packetType > 223) return err(`not an RTCP packet type: ${packetType}`);
  const end = offset + HEADER_BYTES + view.getUint16(2) * 4;
  if (end > bytes.length) return err('RTCP length runs past the datagram');
  const paddingBytes = first & 0x20 ? (bytes[end - 1] ?? 0) : 0;
  if (first & 0x20 && (paddingBytes === 0 || end !== bytes.length || end - paddingBytes < offset + HEADER_BYTES)) {
    return err('impossible RTCP padding');
  }
  const body = bytes.subarray(offset + HEADER_BYTES, end - paddingBytes);
  const bodyView = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return ok({ part: { packetType, count: first & 0x1f, body, view: bodyView }, end });
}

/** undefined: the packet is too short for what its header promises. */
function parsePart(part: Part): RtcpPacket | undefined {
  switch (part.packetType) {
    case RTCP_TYPE.SR:
      return parseSenderReport(part);
    case RTCP_TYPE.RR:
      return parseReceiverReport(part);
    case RTCP_TYPE.SDES:
      return parseSourceDescription(part);
    case RTCP_TYPE.BYE:
      return parseGoodbye(part);
    case RTCP_TYPE.APP:
      return parseApplication(part);
    case RTCP_TYPE.RTPFB:
    case RTCP_TYPE.PSFB:
      return parseFeedback(part);
    default:
      return { type: 'generic', packetType: part.packetType, count: part.count, body: part.body };
  }
}

function parseSenderReport({ view, count }: Part): SenderReport | undefined {
  if (view.byteLength < 24 + count * BLOCK_BYTES) return undefined;
  return {
    type: 'SR',
    ssrc: view.getUint32(0),
    ntp: { seconds: view.getUint32(4), fraction: view.getUint32(8) },
    rtpTimestamp: view.getUint32(12),
    packetCount: view.getUint32(16),
    octetCount: view.getUint32(20),
    reports: parseReportBlocks(view, 24, count),
  };
}

function parseReceiverReport({ view, count }: Part): ReceiverReport | undefined {
  if (view.byteLength < 4 + count * BLOCK_BYTES) return undefined;
  return { type: 'RR', ssrc: view.getUint32(0), reports: parseReportBlocks(view, 4, count) };
}

function parseReportBlocks(view: DataView, offset: number, count: number): ReportBlock[] {
  return Array.from({ length: count }, (_, i) => {
    const at = offset + i * BLOCK_BYTES;
    return {
      ssrc: view.getUint32(at),
      fractionLost: view.getUint8(at + 4) / 256,
      // 24 bits, signed: shift it to the top of a word and back
      cumulativeLost: (view.getUint32(at + 4) << 8) >> 8,
      highestSequence: view.getUint32(at + 8),
      jitter: view.getUint32(at + 12),
      lsr: view.getUint32(at + 16),
      dlsr: view.getUint32(at + 20),
    };
  });
}

function parseSourceDescription({ view, body, count }: Part): SourceDescription | undefined {
  const chunks: SourceDescription['chunks'] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > body.length) return undefined;
    const chunk: { ssrc: number; cname?: string } = { ssrc: view.getUint32(offset) };
    offset += 4;
    for (let item = body[offset]; item !== 0; item = body[offset]) {
      const length = body[offset + 1];
      if (item === undefined || length === undefined || offset + 2 + length > body.length) return undefined;
      if (item === SDES_CNAME) chunk.cname = decodeText(body.subarray(offset + 2, offset + 2 + length));
      offset += 2 + length;
    }
    offset = (offset + 4) & ~3;
    chunks.push(chunk);
  }
  return { type: 'SDES', chunks };
}

function parseGoodbye({ view, body, count }: Part): Goodbye | undefined {
  if (body.length < count * 4) return undefined;
  const ssrcs = Array.from({ length: count }, (_, i) => view.getUint32(i * 4));
  const reasonBytes = body[count * 4];
  if (reasonBytes === undefined) return { type: 'BYE', ssrcs };
  const from = count * 4 + 1;
  if (from + reasonBytes > body.length) return undefined;
  return { type: 'BYE', ssrcs, reason: decodeText(body.subarray(from, from + reasonBytes)) };
}

function parseApplication({ view, body, count }: Part): ApplicationDefined | undefined {
  if (body.length < 8) return undefined;
  const name = decodeText(body.subarray(4, 8));
  return { type: 'APP', subtype: count, ssrc: view.getUint32(0), name, data: body.subarray(8) };
}

function parseFeedback({ view, packetType, count }: Part): Feedback | undefined {
  if (view.byteLength < 8) return undefined;
  const isFir = packetType === RTCP_TYPE.PSFB && count === PSFB_FORMAT.FIR;
  const entries = isFir ? Math.floor((view.byteLength - 8) / 8) : 0;
  return {
    type: packetType === RTCP_TYPE.PSFB ? 'PSFB' : 'RTPFB',
    format: count,
    senderSsrc: view.getUint32(0),
    mediaSsrc: view.getUint32(4),
    firTargets: Array.from({ length: entries }, (_, i) => view.getUint32(8 + i * 8)),
  };
}

const decodeText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
