/** A value behind its length in octets (X.691 section 11.2): who does not know it can pass it over. */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { encodePer, type Schema } from './schema.js';
import { readLength, writeLength } from './whole-number.js';

export function readOpen<T>(reader: BitReader, schema: Schema<T>): T {
  return reader.within(readLength(reader), () => schema.read(reader));
}

export function writeOpen<T>(writer: BitWriter, schema: Schema<T>, value: T): void {
  const contents = encodePer(schema, value);
  writeLength(writer, contents.length);
  writer.put(contents);
}
