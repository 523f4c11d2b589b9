import { CounterMode } from './counter-mode.js';
import { KEY_AND_SALT_BYTES, MASTER_KEY_BYTES, MASTER_SALT_BYTES } from './suite.js';

/** RFC 3711 section 4.3.2: the first of three labels, for the cipher key; authentication key and salt follow. */
export const RTP_LABELS = 0x00;
export const RTCP_LABELS = 0x03;

/** RFC 3711 section 5.2: the HMAC key of the default transform */
export const AUTH_KEY_BYTES = 20;

export interface SessionKeys {
  cipher: Uint8Array;
  auth: Uint8Array;
  salt: Uint8Array;
}

/**
 * RFC 3711 section 4.3, with a key derivation rate of 0: session keys are derived once. An RFC 4568 peer that wants another
 * rate says KDR, which we do not accept.
 */
export function deriveSessionKeys(keyAndSalt: Uint8Array, labels: number): SessionKeys {
  if (keyAndSalt.length !== KEY_AND_SALT_BYTES)
    throw new RangeError(`a master key has ${KEY_AND_SALT_BYTES} bytes with its salt`);
  const key = keyAndSalt.subarray(0, MASTER_KEY_BYTES);
  const salt = keyAndSalt.subarray(MASTER_KEY_BYTES);
  return {
    cipher: derive(key, salt, labels, MASTER_KEY_BYTES),
    auth: derive(key, salt, labels + 1, AUTH_KEY_BYTES),
    salt: derive(key, salt, labels + 2, MASTER_SALT_BYTES),
  };
}

/** Key stream under the master key, the IV being salt XOR label * 2^48 (the index divided by a rate of 0 is 0). */
function derive(key: Uint8Array, salt: Uint8Array, label: number, length: number): Uint8Array {
  const derived = new Uint8Array(length);
  const labelled = Uint8Array.from(salt);
  const at = MASTER_SALT_BYTES - 7;
  labelled[at] = (labelled[at] ?? 0) ^ label;
  new CounterMode(key, labelled).apply(derived, 0, 0);
  return derived;
}
