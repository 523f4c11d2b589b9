/** Writes what two sides said into a capture file (pcap, IPv4 without a link layer) for a protocol analyser. */
import { writeFileSync } from 'node:fs';

export interface Packet {
  protocol: 'tcp' | 'udp';
  from: { address: string; port: number };
  to: { address: string; port: number };
  octets: Uint8Array;
}

const MAGIC = 0xa1b2c3d4;
const LINKTYPE_RAW = 101;
const SNAP_OCTETS = 262_144;
const PROTOCOLS = { tcp: 6, udp: 17 } as const;

/** Checksums are left empty, which the analyser does not look at by default. */
export function writeCapture(file: string, packets: readonly Packet[]): void {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt16BE(2, 4);
  header.writeUInt16BE(4, 6);
  header.writeUInt32BE(SNAP_OCTETS, 16);
  header.writeUInt32BE(LINKTYPE_RAW, 20);
  const sequences = new Map<string, number>();
  writeFileSync(file, Buffer.concat([header, ...packets.map((packet, index) => recordOf(packet, index, sequences))]));
}

function recordOf(packet: Packet, index: number, sequences: Map<string, number>): Buffer {
  const transport = packet.protocol === 'udp' ? udpHeader(packet) : tcpHeader(packet, sequences);
  const body = Buffer.concat([ipHeader(packet, transport.length + packet.octets.length), transport, packet.octets]);
  const record = Buffer.alloc(16);
  record.writeUInt32BE(1_000_000_000 + index, 0);
  record.writeUInt32BE(body.length, 8);
  record.writeUInt32BE(body.length, 12);
  return Buffer.concat([record, body]);
}

function ipHeader({ protocol, from, to }: Packet, contents: number): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(header.length + contents, 2);
  header[8] = 64;
  header[9] = PROTOCOLS[protocol];
  header.set(from.address.split('.').map(Number), 12);
  header.set(to.address.split('.').map(Number), 16);
  return header;
}

function udpHeader({ from, to, octets }: Packet): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt16BE(header.length + octets.length, 4);
  return header;
}

/** Octets of one direction go on without a gap, so that the analyser can put split messages together. */
function tcpHeader({ from, to, octets }: Packet, sequences: Map<string, number>): Buffer {
  const way = `${from.address}:${from.port}>${to.address}:${to.port}`;
  const back = `${to.address}:${to.port}>${from.address}:${from.port}`;
  const sequence = sequences.get(way) ?? 1;
  sequences.set(way, sequence + octets.length);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from.port, 0);
  header.writeUInt16BE(to.port, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(sequences.get(back) ?? 1, 8);
  header[12] = 0x50;
  // ACK and PSH
  header[13] = 0x18;
  header.writeUInt16BE(0xffff, 14);
  return header;
}
