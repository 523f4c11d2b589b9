import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA1, cut to the length of the tag (RFC 3711 section 4.2.1). */
export class Authenticator {
  private readonly key: KeyObject;

  constructor(
    key: Uint8Array,
    readonly tagBytes: number,
  ) {
    this.key = createSecretKey(key);
  }

  /** @param trailer what is authenticated and not sent: the rollover counter of RTP */
  tagOf(bytes: Uint8Array, trailer?: Uint8Array): Uint8Array {
    const hmac = createHmac('sha1', this.key).update(bytes);
    if (trailer) hmac.update(trailer);
    return hmac.digest().subarray(0, this.tagBytes);
  }

  verifies(bytes: Uint8Array, tag: Uint8Array, trailer?: Uint8Array): boolean {
    return tag.length === this.tagBytes && timingSafeEqual(this.tagOf(bytes, trailer), tag);
  }
}
