/** BOOLEAN, NULL, INTEGER, OCTET STRING, OBJECT IDENTIFIER (X.691 sections 12, 13, 17, 24), and types that hold themselves. */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { PerValueError } from './per-error.js';
import type { Schema } from './schema.js';
import { readLength, readNumber, writeLength, writeNumber, type Size } from './whole-number.js';

export const boolean: Schema<boolean> = {
  read: (reader) => reader.bit(),
  write: (writer, value) => writer.bit(value),
};

/** NULL: an alternative or a component that says everything by being there. */
export const nothing: Schema<null> = { read: () => null, write: () => undefined };

export class IntegerSchema implements Schema<number> {
  constructor(
    readonly min: number,
    readonly max: number,
  ) {}

  read(reader: BitReader): number {
    return readNumber(reader, this.min, this.max);
  }

  write(writer: BitWriter, value: number): void {
    writeNumber(writer, value, this.min, this.max);
  }
}

export const integer = (min: number, max: number): Schema<number> => new IntegerSchema(min, max);

export class OctetsSchema implements Schema<Uint8Array> {
  constructor(readonly size?: Size) {}

  read(reader: BitReader): Uint8Array {
    const length = readLength(reader, this.size);
    if (this.isShort) return Uint8Array.from({ length }, () => reader.bits(8));
    reader.align();
    return reader.take(length);
  }

  write(writer: BitWriter, value: Uint8Array): void {
    writeLength(writer, value.length, this.size);
    if (this.isShort) for (const octet of value) writer.bits(octet, 8);
    else {
      writer.align();
      writer.put(value);
    }
  }

  /** One or two octets of a fixed number stand where the last bit ended (section 17.6). */
  private get isShort(): boolean {
    return this.size?.min === this.size?.max && this.size !== undefined && this.size.max <= 2;
  }
}

/** `octets()`: any number of them, `octets(16)`: so many, `octets(1, 20)`: within these bounds. */
export function octets(min?: number, max = min): Schema<Uint8Array> {
  return new OctetsSchema(min === undefined || max === undefined ? undefined : { min, max });
}

/** OBJECT IDENTIFIER in dots, `0.0.8.245.0.4`: the contents octets of BER (X.690 section 8.19) behind their length. */
export const objectIdentifier: Schema<string> = {
  read(reader) {
    const arcs = readArcs(reader.take(readLength(reader)));
    if (!arcs) reader.fail('out-of-range');
    return arcs?.join('.') ?? '';
  },
  write(writer, value) {
    const contents = arcOctets(value.split('.').map(Number));
    writeLength(writer, contents.length);
    writer.put(Uint8Array.from(contents));
  },
};

/** The longest identifier in use has nine arcs; a number above 2^32 is none of ours. */
const MAX_ARCS = 32;
const MAX_ARC = 2 ** 32;

function readArcs(contents: Uint8Array): number[] | undefined {
  const numbers: number[] = [];
  let number = 0;
  for (const octet of contents) {
    number = number * 128 + (octet & 0x7f);
    if (number > MAX_ARC || numbers.length === MAX_ARCS) return undefined;
    if (octet >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first, ...others] = numbers;
  if (first === undefined || (contents.at(-1) ?? 0) >= 0x80) return undefined;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...others];
}

function arcOctets([top, second, ...others]: number[]): number[] {
  if (top === undefined || second === undefined) throw new PerValueError('an object identifier has two arcs or more');
  return [top * 40 + second, ...others].flatMap((arc) => {
    if (!Number.isInteger(arc) || arc < 0 || arc > MAX_ARC) throw new PerValueError(`${arc} is no arc of an object identifier`);
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift((rest % 128) | 0x80);
    return groups;
  });
}

export class RecursiveSchema<T> implements Schema<T> {
  constructor(readonly inner: () => Schema<T>) {}

  read(reader: BitReader): T {
    return reader.nested(() => this.inner().read(reader), undefined as T);
  }

  write(writer: BitWriter, value: T): void {
    this.inner().write(writer, value);
  }
}

/** A type that holds itself further down; the reader counts how deep it is. */
export const recursive = <T>(inner: () => Schema<T>): Schema<T> => new RecursiveSchema(inner);
