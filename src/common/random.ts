import { randomFillSync } from 'node:crypto';

/** Randomness enters here, so that codecs and state machines can be replayed with a known sequence. */
export interface RandomSource {
  /** `length` characters of [0-9a-z]: SIP tags, branches, Call-IDs. */
  token(length: number): string;
  /** An unsigned 32-bit number: SSRC, first sequence number, time stamp offset. */
  uint32(): number;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Asking the system costs the same for 16 bytes as for thousands: ask seldom. A byte is handed out once. */
const pool = Buffer.allocUnsafeSlow(4096);
let used = pool.length;

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.readUInt8(used++);
}

function token(length: number): string {
  let text = '';
  while (text.length < length) text += ALPHABET.charAt(nextByte() % ALPHABET.length);
  return text;
}

export const systemRandom: RandomSource = {
  token,
  uint32: () => ((nextByte() << 24) | (nextByte() << 16) | (nextByte() << 8) | nextByte()) >>> 0,
};
