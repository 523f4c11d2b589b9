import { err, ok, type Result } from '../../../common/result.js';
import { BitReader } from './bit-reader.js';
import { BitWriter } from './bit-writer.js';
import type { PerError } from './per-error.js';

/**
 * A type of ASN.1 as a value of TypeScript: it reads and writes itself in aligned PER (X.691), and its static type is inferred
 * from it, so that no message is described twice:
 *
 *   const RoundTripDelayRequest = sequence({ sequenceNumber: integer(0, 255) }, {});
 *   type RoundTripDelayRequest = Infer<typeof RoundTripDelayRequest>;
 */
export interface Schema<T> {
  /** Never throws; after an error of the reader the value means nothing. */
  read(reader: BitReader): T;
  /** @throws PerValueError for a value that the type does not allow */
  write(writer: BitWriter, value: T): void;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Octets behind the value are ignored, as every stack does. */
export function decodePer<T>(schema: Schema<T>, octets: Uint8Array): Result<T, PerError> {
  const reader = new BitReader(octets);
  const value = schema.read(reader);
  return reader.error ? err(reader.error) : ok(value);
}

/** @throws PerValueError for a value that the type does not allow */
export function encodePer<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = new BitWriter();
  schema.write(writer, value);
  return writer.finish();
}
