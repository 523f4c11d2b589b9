import type { RandomSource } from '../../common/random.js';

/** What a call is known by to its ends and to a gatekeeper. */
export interface CallIds {
  callReference: number;
  /** 16 octets that name the call, and 16 that name the conference of its two ends */
  callIdentifier: Uint8Array;
  conferenceID: Uint8Array;
}

export function newCallIds(random: RandomSource): CallIds {
  const octets = (): Uint8Array => {
    const words = Uint32Array.from({ length: 4 }, () => random.uint32());
    return new Uint8Array(words.buffer);
  };
  return { callReference: (random.uint32() % 0x7fff) + 1, callIdentifier: octets(), conferenceID: octets() };
}
