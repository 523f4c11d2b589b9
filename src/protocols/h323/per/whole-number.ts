/** Numbers as PER writes them by themselves and within everything else: X.691 sections 11.5 to 11.9, aligned variant. */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { PerValueError } from './per-error.js';

/** of a list, a string or octets: how many may there be */
export interface Size {
  readonly min: number;
  readonly max: number;
}

const FRAGMENT = 16_384;
/** Above it a length is written without regard to its bounds (X.691 section 11.9.4.1). */
const MAX_BOUNDED = 65_536;

const bitsFor = (values: number): number => Math.ceil(Math.log2(values));
const octetsFor = (value: number): number => Math.max(1, Math.ceil(Math.log2(value + 1) / 8));

/** Constrained whole number (section 11.5). */
export function readNumber(reader: BitReader, min: number, max: number): number {
  const offset = readOffset(reader, max - min);
  if (offset > max - min) reader.fail('out-of-range');
  return min + offset;
}

export function writeNumber(writer: BitWriter, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw new PerValueError(`${value} is not within ${min}..${max}`);
  const most = max - min;
  if (most < 255) return writer.bits(value - min, bitsFor(most + 1));
  if (most < MAX_BOUNDED) {
    writer.align();
    return writer.uint(value - min, most === 255 ? 1 : 2);
  }
  const octetCount = octetsFor(value - min);
  writer.bits(octetCount - 1, bitsFor(octetsFor(most)));
  writer.align();
  writer.uint(value - min, octetCount);
}

function readOffset(reader: BitReader, most: number): number {
  if (most < 255) return reader.bits(bitsFor(most + 1));
  if (most < MAX_BOUNDED) {
    reader.align();
    return reader.uint(most === 255 ? 1 : 2);
  }
  const octetCount = reader.bits(bitsFor(octetsFor(most))) + 1;
  reader.align();
  return reader.uint(octetCount);
}

/** Length determinant (section 11.9). */
export function readLength(reader: BitReader, size?: Size): number {
  if (size && size.max < MAX_BOUNDED) return size.min === size.max ? size.max : readNumber(reader, size.min, size.max);
  reader.align();
  const first = reader.bits(8);
  if (first < 0x80) return first;
  if (first < 0xc0) return ((first & 0x3f) << 8) | reader.bits(8);
  reader.fail('fragmented');
  return 0;
}

export function writeLength(writer: BitWriter, length: number, size?: Size): void {
  if (size && size.max < MAX_BOUNDED) {
    if (size.min !== size.max || length !== size.max) writeNumber(writer, length, size.min, size.max);
    return;
  }
  if (length >= FRAGMENT) throw new PerValueError(`a length of ${length} would have to be fragmented`);
  writer.align();
  if (length < 0x80) writer.bits(length, 8);
  else writer.bits(length | 0x8000, 16);
}

/** Normally small non-negative whole number (section 11.6): which extension, and how many there are less one. */
export function readSmallNumber(reader: BitReader): number {
  if (!reader.bit()) return reader.bits(6);
  const octetCount = readLength(reader);
  if (octetCount === 0 || octetCount > 2) reader.fail('out-of-range');
  return reader.error ? 0 : reader.uint(octetCount);
}

export function writeSmallNumber(writer: BitWriter, value: number): void {
  writer.bit(value > 63);
  if (value <= 63) return writer.bits(value, 6);
  writeLength(writer, octetsFor(value));
  writer.uint(value, octetsFor(value));
}
