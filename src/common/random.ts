import { randomFillSync } from 'node:crypto';

/** Randomness enters here, so that codecs and state machines can be replayed with a known sequence. */
export interface RandomSource {
  /** `length` characters of [0-9a-z]: SIP tags, branches, Call-IDs. */
  token(length: number): string;
  /** An unsigned 32-bit number: SSRC, first sequence number, time stamp offset. */
  uint32(): number;
}

const ALPHABET = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');

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

/** Of bytes in one go: put together letter by letter, the three tokens of a request were 2 KB of garbage. */
function token(length: number): string {
  const letters = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) letters[i] = ALPHABET[nextByte() % ALPHABET.length] as number;
  return letters.toString('latin1');
}

export const systemRandom: RandomSource = {
  token,
  uint32: () => ((nextByte() << 24) | (nextByte() << 16) | (nextByte() << 8) | nextByte()) >>> 0,
};
