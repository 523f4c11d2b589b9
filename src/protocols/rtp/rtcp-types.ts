import type { NtpTimestamp } from './ntp.js';

/**
 * RTCP, RFC 3550 section 6 and the feedback messages of RFC 4585 and RFC 5104.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |V=2|P| RC/FMT  |      PT       |   length in words, minus one  |
 */
export const RTCP_TYPE = { SR: 200, RR: 201, SDES: 202, BYE: 203, APP: 204, RTPFB: 205, PSFB: 206, XR: 207 } as const;
export const PSFB_FORMAT = { PLI: 1, FIR: 4 } as const;

/** RFC 3550 section 6.4.1. */
export interface ReportBlock {
  ssrc: number;
  /** since the previous report, 0..1 */
  fractionLost: number;
  /** signed: duplicates can make it negative */
  cumulativeLost: number;
  /** extended: cycles in the upper 16 bits */
  highestSequence: number;
  /** RTP clock units */
  jitter: number;
  /** middle 32 bits of the NTP time of the last SR, 0 when none came */
  lsr: number;
  /** delay since that SR, 1/65536 s */
  dlsr: number;
}

export interface SenderReport {
  type: 'SR';
  ssrc: number;
  ntp: NtpTimestamp;
  rtpTimestamp: number;
  packetCount: number;
  octetCount: number;
  reports: ReportBlock[];
}
export interface ReceiverReport {
  type: 'RR';
  ssrc: number;
  reports: ReportBlock[];
}
export interface SourceDescription {
  type: 'SDES';
  chunks: { ssrc: number; cname?: string }[];
}
export interface Goodbye {
  type: 'BYE';
  ssrcs: number[];
  reason?: string;
}
export interface ApplicationDefined {
  type: 'APP';
  subtype: number;
  ssrc: number;
  name: string;
  data: Uint8Array;
}
/** Transport-layer or payload-specific feedback; `format` tells which (PLI is PSFB 1, FIR is PSFB 4). */
export interface Feedback {
  type: 'RTPFB' | 'PSFB';
  format: number;
  senderSsrc: number;
  mediaSsrc: number;
  /** FIR names its target here (RFC 5104 section 4.3.1.1), the header's media SSRC being zero */
  firTargets: number[];
}
/** XR (RFC 3611) and whatever is not known here. */
export interface GenericRtcp {
  type: 'generic';
  packetType: number;
  count: number;
  body: Uint8Array;
}
export type RtcpPacket =
  SenderReport | ReceiverReport | SourceDescription | Goodbye | ApplicationDefined | Feedback | GenericRtcp;
