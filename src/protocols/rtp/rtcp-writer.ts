import { PSFB_FORMAT, RTCP_TYPE, type Goodbye, type ReceiverReport, type ReportBlock, type SenderReport } from './rtcp-types.js';

/** Writers for the RTCP packets a call of ours sends. Field layouts: RFC 3550 section 6, RFC 4585 section 6.1, RFC 5104 section 4.3.1. */

const BLOCK_BYTES = 24;
const MAX_BLOCKS = 31;
const MAX_TEXT_BYTES = 255;

export function writeSenderReport(report: Omit<SenderReport, 'type'>): Uint8Array {
  const blocks = report.reports.slice(0, MAX_BLOCKS);
  const { bytes, view } = newPacket(RTCP_TYPE.SR, blocks.length, 28 + blocks.length * BLOCK_BYTES);
  view.setUint32(4, report.ssrc);
  view.setUint32(8, report.ntp.seconds);
  view.setUint32(12, report.ntp.fraction);
  view.setUint32(16, report.rtpTimestamp);
  view.setUint32(20, report.packetCount);
  view.setUint32(24, report.octetCount);
  writeReportBlocks(view, 28, blocks);
  return bytes;
}

export function writeReceiverReport(report: Omit<ReceiverReport, 'type'>): Uint8Array {
  const blocks = report.reports.slice(0, MAX_BLOCKS);
  const { bytes, view } = newPacket(RTCP_TYPE.RR, blocks.length, 8 + blocks.length * BLOCK_BYTES);
  view.setUint32(4, report.ssrc);
  writeReportBlocks(view, 8, blocks);
  return bytes;
}

/** The CNAME item every compound packet must carry (RFC 3550 section 6.1). */
export function writeSdes(ssrc: number, cname: string): Uint8Array {
  const text = textBytes(cname);
  // the item list ends with at least one zero byte and is padded to a word
  const { bytes, view } = newPacket(RTCP_TYPE.SDES, 1, 8 + roundUpToWord(2 + text.length + 1));
  view.setUint32(4, ssrc);
  bytes[8] = 1;
  bytes[9] = text.length;
  bytes.set(text, 10);
  return bytes;
}

export function writeBye(goodbye: Omit<Goodbye, 'type'>): Uint8Array {
  const ssrcs = goodbye.ssrcs.slice(0, MAX_BLOCKS);
  const text = goodbye.reason === undefined ? undefined : textBytes(goodbye.reason);
  const { bytes, view } = newPacket(
    RTCP_TYPE.BYE,
    ssrcs.length,
    4 + ssrcs.length * 4 + (text ? roundUpToWord(1 + text.length) : 0),
  );
  ssrcs.forEach((ssrc, i) => view.setUint32(4 + i * 4, ssrc));
  if (text) {
    bytes[4 + ssrcs.length * 4] = text.length;
    bytes.set(text, 5 + ssrcs.length * 4);
  }
  return bytes;
}

/** Picture Loss Indication: asks the sender for a keyframe. */
export function writePli(senderSsrc: number, mediaSsrc: number): Uint8Array {
  const { bytes, view } = newPacket(RTCP_TYPE.PSFB, PSFB_FORMAT.PLI, 12);
  view.setUint32(4, senderSsrc);
  view.setUint32(8, mediaSsrc);
  return bytes;
}

/** Full Intra Request; `commandSequence` rises with each new request and stays for a repetition. */
export function writeFir(senderSsrc: number, mediaSsrc: number, commandSequence: number): Uint8Array {
  const { bytes, view } = newPacket(RTCP_TYPE.PSFB, PSFB_FORMAT.FIR, 20);
  view.setUint32(4, senderSsrc);
  view.setUint32(12, mediaSsrc);
  view.setUint8(16, commandSequence & 0xff);
  return bytes;
}

export function buildCompound(packets: readonly Uint8Array[]): Uint8Array {
  const compound = new Uint8Array(packets.reduce((total, packet) => total + packet.length, 0));
  let offset = 0;
  for (const packet of packets) {
    compound.set(packet, offset);
    offset += packet.length;
  }
  return compound;
}

function newPacket(packetType: number, count: number, length: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | count);
  view.setUint8(1, packetType);
  view.setUint16(2, length / 4 - 1);
  return { bytes, view };
}

function writeReportBlocks(view: DataView, offset: number, blocks: readonly ReportBlock[]): void {
  blocks.forEach((block, i) => {
    const at = offset + i * BLOCK_BYTES;
    const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost));
    view.setUint32(at, block.ssrc);
    view.setUint32(at + 4, lost & 0xff_ffff);
    view.setUint8(at + 4, Math.min(255, Math.max(0, Math.floor(block.fractionLost * 256))));
    view.setUint32(at + 8, block.highestSequence);
    view.setUint32(at + 12, block.jitter);
    view.setUint32(at + 16, block.lsr);
    view.setUint32(at + 20, block.dlsr);
  });
}

const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text).subarray(0, MAX_TEXT_BYTES);
const roundUpToWord = (bytes: number): number => (bytes + 3) & ~3;
