import { randomBytes } from 'node:crypto';

/** Randomness enters here, so that codecs and state machines can be replayed with a known sequence. */
export interface RandomSource {
  /** `length` characters of [0-9a-z]: SIP tags, branches, Call-IDs. */
  token(length: number): string;
  /** An unsigned 32-bit number: SSRC, first sequence number, time stamp offset. */
  uint32(): number;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

export const systemRandom: RandomSource = {
  token: (length) => Array.from(randomBytes(length), (byte) => ALPHABET[byte % 36]).join(''),
  uint32: () => randomBytes(4).readUInt32BE(0),
};
