import { err, ok, type Result } from '../../common/result.js';

/**
 * ICMP echo (RFC 792, RFC 4443) and the errors that quote it.
 *
 *  0                   1                   2                   3
 * |     Type      |     Code      |          Checksum             |
 * |           Identifier          |        Sequence Number        |
 * |     Data ...
 *
 * An error carries, behind 4 bytes of its own, the IP header and the first bytes of the datagram that it is about.
 */
export type Family = 4 | 6;

export interface EchoRequest {
  family: Family;
  id: number;
  sequence: number;
  payload: Uint8Array;
}

export type ErrorKind = 'net' | 'host' | 'port' | 'protocol' | 'admin' | 'ttl-exceeded' | 'fragmentation-needed' | 'other';

/** What an error quotes of our request: 8 bytes of it at least (RFC 792), often more (RFC 1812 4.3.2.3). */
export interface QuotedEcho {
  id: number;
  sequence: number;
  /** in canonical text */
  destination: string;
  /** as far as it was quoted */
  payload: Uint8Array;
}

export type IcmpMessage =
  | { type: 'echo-reply' | 'echo-request'; id: number; sequence: number; payload: Uint8Array }
  | { type: 'error'; kind: ErrorKind; mtu?: number; about: QuotedEcho | null }
  | { type: 'other' };

const HEADER = 8;
const IPV6_HEADER = 40;
const IPV4_MIN_HEADER = 20;
const PROTOCOL_ICMP = 1;
const PROTOCOL_ICMPV6 = 58;

const TYPES = {
  4: { reply: 0, request: 8, unreachable: 3, timeExceeded: 11, packetTooBig: -1 },
  6: { reply: 129, request: 128, unreachable: 1, timeExceeded: 3, packetTooBig: 2 },
} as const;

/** RFC 792 and RFC 1812 5.2.7.1: codes of destination unreachable */
const UNREACHABLE_4: Record<number, ErrorKind> = {
  ...{ 0: 'net', 1: 'host', 2: 'protocol', 3: 'port', 4: 'fragmentation-needed', 5: 'other', 6: 'net', 7: 'host' },
  ...{ 9: 'admin', 10: 'admin', 11: 'net', 12: 'host', 13: 'admin' },
};
/** RFC 4443 3.1 */
const UNREACHABLE_6: Record<number, ErrorKind> = { 0: 'net', 1: 'admin', 3: 'host', 4: 'port', 5: 'admin', 6: 'admin' };

/** Writes the request into `into` and answers with its length. The kernel writes the checksum of ICMPv6 (RFC 3542 3.1). */
export function writeEchoRequest(into: Uint8Array, request: EchoRequest): number {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const length = HEADER + request.payload.length;
  view.setUint16(0, TYPES[request.family].request << 8);
  view.setUint16(2, 0);
  view.setUint16(4, request.id);
  view.setUint16(6, request.sequence);
  into.set(request.payload, HEADER);
  if (request.family === 4) view.setUint16(2, internetChecksum(into.subarray(0, length)));
  return length;
}

/** RFC 1071 */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (bytes.length % 2) sum += (bytes[bytes.length - 1] as number) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Parses an ICMP message without its IP header. Kinds that are of no use to us are `other`, not errors. */
export function parseIcmp(bytes: Uint8Array, family: Family): Result<IcmpMessage> {
  if (bytes.length < HEADER) return err(`${bytes.length} bytes, an ICMP header has ${HEADER}`);
  if (family === 4 && internetChecksum(bytes) !== 0) return err('checksum');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = TYPES[family];
  const type = view.getUint8(0);
  if (type === types.reply || type === types.request) {
    const name = type === types.reply ? 'echo-reply' : 'echo-request';
    return ok({ type: name, id: view.getUint16(4), sequence: view.getUint16(6), payload: bytes.subarray(HEADER) });
  }
  const kind = errorKind(family, type, view.getUint8(1));
  if (!kind) return ok({ type: 'other' });
  const mtu = kind === 'fragmentation-needed' ? (family === 4 ? view.getUint16(6) : view.getUint32(4)) : undefined;
  return ok({ type: 'error', kind, about: quotedEcho(bytes.subarray(HEADER), family), ...(mtu ? { mtu } : {}) });
}

/** @returns undefined for a type that is no error about a datagram of ours */
export function errorKind(family: Family, type: number, code: number): ErrorKind | undefined {
  const types = TYPES[family];
  if (type === types.timeExceeded) return 'ttl-exceeded';
  if (type === types.packetTooBig) return 'fragmentation-needed';
  if (type !== types.unreachable) return undefined;
  return (family === 4 ? UNREACHABLE_4 : UNREACHABLE_6)[code] ?? 'other';
}

/** The echo request inside an error; null when it is about something else or cut too short. */
function quotedEcho(quoted: Uint8Array, family: Family): QuotedEcho | null {
  const inner = family === 4 ? ipv4Payload(quoted) : ipv6Payload(quoted);
  const echo = inner && parseQuotedRequest(inner, family);
  return echo && { ...echo, destination: family === 4 ? ipv4Text(quoted, 16) : ipv6Text(quoted, 24) };
}

/** An echo request of our own, as an error hands it back; its checksum is nobody's business any more. */
export function parseQuotedRequest(bytes: Uint8Array, family: Family): Omit<QuotedEcho, 'destination'> | null {
  if (bytes.length < HEADER || bytes[0] !== TYPES[family].request) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { id: view.getUint16(4), sequence: view.getUint16(6), payload: bytes.subarray(HEADER) };
}

const ipv4Text = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');

function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0)).toString(16),
  );
  return canonicalAddress(groups.join(':'));
}

/** One text for an address, however it was written (RFC 5952): what comes back from the network is compared with it. */
export const canonicalAddress = (address: string): string =>
  address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

/** What follows the IPv4 header, when it is ICMP. A raw socket hands out datagrams with it. */
export function ipv4Payload(datagram: Uint8Array): Uint8Array | null {
  const headerLength = ((datagram[0] ?? 0) & 0x0f) * 4;
  const isV4 = (datagram[0] ?? 0) >> 4 === 4;
  if (!isV4 || headerLength < IPV4_MIN_HEADER || datagram.length < headerLength || datagram[9] !== PROTOCOL_ICMP) return null;
  return datagram.subarray(headerLength);
}

export const ipv4Ttl = (datagram: Uint8Array): number | undefined => datagram[8];

const ipv6Payload = (datagram: Uint8Array): Uint8Array | null =>
  datagram.length >= IPV6_HEADER && (datagram[0] as number) >> 4 === 6 && datagram[6] === PROTOCOL_ICMPV6
    ? datagram.subarray(IPV6_HEADER)
    : null;
