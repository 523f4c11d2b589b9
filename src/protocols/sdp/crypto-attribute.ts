import type { RandomSource } from '../../common/random.js';
import { isSrtpSuite, KEY_AND_SALT_BYTES, SRTP_SUITES, type SrtpKeys, type SrtpSuite } from '../rtp/srtp/suite.js';

/** One `a=crypto` line (RFC 4568 section 9.1) that we can use. The key is the one its writer sends with. */
export interface CryptoAttribute {
  tag: number;
  suite: SrtpSuite;
  /** 30 bytes */
  keyAndSalt: Uint8Array;
}

/** What a side would send with, for each suite that it offers: no key serves two suites. */
export type LocalKeys = Readonly<Record<SrtpSuite, Uint8Array>>;

const LINE = /^([1-9]\d{0,8})[ \t]+(\S{1,64})[ \t]+inline:([A-Za-z0-9+/]{40})(\|(?:2\^)?\d{1,15})?((?:[ \t]+\S{1,64})*)[ \t]*$/;

/**
 * Undefined for what we cannot do, since guessing would be silence: another suite, several keys or an MKI (both add bytes to
 * each packet), and session parameters that change the transform. A lifetime is far longer than a test call, and WSH is advice.
 */
export function parseCrypto(value: string): CryptoAttribute | undefined {
  const [, tag, suite, key, , parameters] = LINE.exec(value.trim()) ?? [];
  if (tag === undefined || suite === undefined || key === undefined || !isSrtpSuite(suite)) return undefined;
  if (!/^(?:[ \t]+WSH=\d{1,9})*$/.test(parameters ?? '')) return undefined;
  return { tag: Number(tag), suite, keyAndSalt: Buffer.from(key, 'base64') };
}

export function formatCrypto({ tag, suite, keyAndSalt }: CryptoAttribute): string {
  return `${tag} ${suite} inline:${Buffer.from(keyAndSalt).toString('base64')}`;
}

export function newLocalKeys(random: RandomSource): LocalKeys {
  return { AES_CM_128_HMAC_SHA1_80: newKey(random), AES_CM_128_HMAC_SHA1_32: newKey(random) };
}

/** Both suites, the stronger first (RFC 4568 section 5.1.1: in the order of preference). */
export function offerCrypto(keys: LocalKeys): CryptoAttribute[] {
  return SRTP_SUITES.map((suite, i) => ({ tag: i + 1, suite, keyAndSalt: keys[suite] }));
}

/** RFC 4568 section 5.1.2: the first offered line that we can use, under its tag, with a key of our own. */
export function answerCrypto(offered: readonly CryptoAttribute[] = [], keys?: LocalKeys): CryptoAttribute | undefined {
  const [chosen] = offered;
  return chosen && keys && { tag: chosen.tag, suite: chosen.suite, keyAndSalt: keys[chosen.suite] };
}

/** The keys of the one line that both descriptions have. Whoever answered has a single one, so it does not matter who did. */
export function agreedKeys(ours: readonly CryptoAttribute[] = [], theirs: readonly CryptoAttribute[] = []): SrtpKeys | undefined {
  for (const { tag, suite, keyAndSalt } of theirs) {
    const own = ours.find((line) => line.tag === tag && line.suite === suite);
    if (own) return { suite, send: own.keyAndSalt, receive: keyAndSalt };
  }
  return undefined;
}

function newKey(random: RandomSource): Uint8Array {
  const words = Uint32Array.from({ length: Math.ceil(KEY_AND_SALT_BYTES / 4) }, () => random.uint32());
  return new Uint8Array(words.buffer, 0, KEY_AND_SALT_BYTES).slice();
}
