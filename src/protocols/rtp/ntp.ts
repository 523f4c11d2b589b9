/** NTP time stamps of RTCP, RFC 3550 section 4. Their zero is 1900-01-01. */
export interface NtpTimestamp {
  seconds: number;
  /** in units of 2^-32 s */
  fraction: number;
}

const SECONDS_1900_TO_1970 = 2_208_988_800;

export function toNtp(unixMs: number): NtpTimestamp {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - seconds * 1000) / 1000) * 2 ** 32);
  return { seconds: (seconds + SECONDS_1900_TO_1970) >>> 0, fraction: Math.min(fraction, 0xffff_ffff) >>> 0 };
}

/** The middle 32 bits, in units of 1/65536 s: what LSR and DLSR count in. */
export const middle32 = (ntp: NtpTimestamp): number => (((ntp.seconds & 0xffff) << 16) | (ntp.fraction >>> 16)) >>> 0;

/** A duration as DLSR writes it, 1/65536 s. */
export const toDlsr = (delayMs: number): number => Math.min(0xffff_ffff, Math.max(0, Math.round((delayMs * 65_536) / 1000)));

/**
 * Round trip from a report block: A - LSR - DLSR (RFC 3550 section 6.4.1). `undefined` when the peer has not yet seen a
 * sender report (LSR = 0) and when its clocks give a negative or absurd answer. Less than nothing by no more than the tick of
 * a peer that counts DLSR in whole milliseconds (baresip on loopback, in one call of some ten) is no time at all.
 */
export function roundTripMs(nowNtp32: number, lsr: number, dlsr: number): number | undefined {
  if (lsr === 0) return undefined;
  const units = (nowNtp32 - lsr - dlsr) | 0;
  if (units < -DLSR_TICK_UNITS) return undefined;
  const rttMs = (Math.max(0, units) * 1000) / 65_536;
  return rttMs <= MAX_ROUND_TRIP_MS ? rttMs : undefined;
}

const MAX_ROUND_TRIP_MS = 60_000;
/** 1 ms, rounded up. */
const DLSR_TICK_UNITS = 66;
