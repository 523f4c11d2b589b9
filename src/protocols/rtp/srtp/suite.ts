/**
 * The crypto suites of RFC 4568 section 6.2 that every SDES peer knows. Both encrypt with AES-128 in counter mode and
 * authenticate with HMAC-SHA1; they differ in the tag of RTP alone, since SRTCP keeps 80 bits in both (section 6.2.2).
 */
export const SRTP_SUITES = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type SrtpSuite = (typeof SRTP_SUITES)[number];

/** bytes of the authentication tag at the end of each RTP packet */
export const RTP_TAG_BYTES: Readonly<Record<SrtpSuite, number>> = {
  AES_CM_128_HMAC_SHA1_80: 10,
  AES_CM_128_HMAC_SHA1_32: 4,
};
export const RTCP_TAG_BYTES = 10;

export const MASTER_KEY_BYTES = 16;
export const MASTER_SALT_BYTES = 14;
/** key and salt one after the other, as `inline:` carries them (RFC 4568 section 6.1) */
export const KEY_AND_SALT_BYTES = MASTER_KEY_BYTES + MASTER_SALT_BYTES;

/** What two sides agreed for one medium. Each sends with the key that it named in its own description. */
export interface SrtpKeys {
  suite: SrtpSuite;
  /** 30 bytes: key and salt */
  send: Uint8Array;
  receive: Uint8Array;
}

export function isSrtpSuite(name: string): name is SrtpSuite {
  return (SRTP_SUITES as readonly string[]).includes(name);
}
