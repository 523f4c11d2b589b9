import type { CryptoAttribute } from './crypto-attribute.js';

/**
 * SDP as SIP devices write it: RFC 4566 (RFC 8866), the attributes of RFC 3264, 3551, 3605 (rtcp), 5761 (rtcp-mux), 4568
 * (crypto) and 6184.
 * What is understood becomes a field; every other attribute stays in `attributes` in its order. Lines that are not understood
 * are skipped, since devices add their own.
 */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export type Attribute = [name: string, value: string | undefined];

export interface Connection {
  address: string;
  family: 4 | 6;
}

export interface Origin {
  username: string;
  /** decimal digits, may exceed 2**53 */
  sessionId: string;
  sessionVersion: string;
  address: string;
}

export interface PayloadFormat {
  payloadType: number;
  /** in upper case: 'PCMA', 'H264', 'TELEPHONE-EVENT' */
  encoding: string;
  clockRate: number;
  channels?: number;
  /** names in lower case */
  fmtp?: Record<string, string>;
}

export interface MediaDescription {
  /** 'audio', 'video', 'application', ... */
  kind: string;
  /** 0: rejected (RFC 3264 section 6) */
  port: number;
  portCount?: number;
  /** 'RTP/AVP', 'RTP/SAVP', 'UDP/BFCP', ... */
  protocol: string;
  /** numeric entries of the format list, in order of preference */
  payloadTypes: number[];
  /** of the payload types that a=rtpmap or RFC 3551 names */
  formats: PayloadFormat[];
  connection?: Connection;
  bandwidthKbps?: number;
  /** b=TIAS, RFC 3890: bit/s without the headers below RTP's payload */
  tiasBps?: number;
  /** the session's one where the medium names none; sendrecv where neither does */
  direction: Direction;
  rtcp?: { port: number; address?: string };
  rtcpMux: boolean;
  /** the a=crypto lines that we can use, in order of preference; others stay among the attributes */
  crypto?: CryptoAttribute[];
  attributes: Attribute[];
}

export interface SessionDescription {
  origin: Origin;
  sessionName: string;
  connection?: Connection;
  bandwidthKbps?: number;
  direction?: Direction;
  media: MediaDescription[];
  attributes: Attribute[];
}

/** RFC 3551 section 6, the ones without a=rtpmap that codecs still use. G.722 runs on an 8000 Hz clock (section 4.5.2). */
export const STATIC_FORMATS: Readonly<Record<number, { encoding: string; clockRate: number }>> = {
  0: { encoding: 'PCMU', clockRate: 8000 },
  3: { encoding: 'GSM', clockRate: 8000 },
  4: { encoding: 'G723', clockRate: 8000 },
  8: { encoding: 'PCMA', clockRate: 8000 },
  9: { encoding: 'G722', clockRate: 8000 },
  13: { encoding: 'CN', clockRate: 8000 },
  15: { encoding: 'G728', clockRate: 8000 },
  18: { encoding: 'G729', clockRate: 8000 },
  31: { encoding: 'H261', clockRate: 90000 },
  34: { encoding: 'H263', clockRate: 90000 },
};
