import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Messages captured from H323Plus 1.28, Asterisk's ooh323c and GNU Gatekeeper 5.15, and of a minimal caller that both stacks
 * accepted, with their values as an independent decoder read them. Octets are in hex.
 */
export interface Vector {
  name: string;
  /** `h225`: a Q.931 message; `h245`: taken out of one; `h245tcp`: from a connection of its own */
  kind: 'h225' | 'h245' | 'h245tcp';
  /** with the TPKT header */
  tpkt?: string;
  /** h225: the PER octets of the User-User information element, and what they say */
  uu?: string;
  value?: Json;
  /** H.245 messages in it, and what each says */
  h245: string[];
  h245values: Json[];
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export const VECTORS = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8')) as Vector[];

export function vectorOf(name: string): Vector {
  const vector = VECTORS.find((one) => one.name === name);
  if (!vector) throw new Error(`no vector ${name}`);
  return vector;
}

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const toHex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** A decoded value in the words of the vectors: octets in hex, an alternative that nobody named by its number. */
export function plain(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => (isOther(name, inner) ? other(inner) : [name, plain(inner)])),
  );
}

interface Other {
  index: number;
  octets: Uint8Array;
}
const isOther = (name: string, _inner: unknown): _inner is Other => name === 'otherAddition';
const other = ({ index, octets }: Other): [string, Json] => [`_ext${index}`, toHex(octets)];
