/** A message cut before each of its octets. */
export const truncations = (octets: Uint8Array): Uint8Array[] => Array.from(octets, (_, length) => octets.subarray(0, length));

/** Copies with one to eight bits turned over, the same ones in every run. */
export function* bitFlips(octets: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const random = xorshift(seed);
  for (let i = 0; i < count; i++) {
    const damaged = octets.slice();
    for (let flips = 1 + (random() % 8); flips > 0; flips--) {
      const bit = random() % (octets.length * 8);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
    }
    yield damaged;
  }
}

/** Marsaglia's xorshift32: reproducible, and good enough to pick bits. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
