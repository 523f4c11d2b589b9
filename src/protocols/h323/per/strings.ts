/** Character strings (X.691 section 30): IA5String, BMPString, GeneralString. */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { PerValueError } from './per-error.js';
import type { Schema } from './schema.js';
import { readLength, writeLength, type Size } from './whole-number.js';

/** Bits of a character, a power of two; a permitted alphabet is numbered in its order where that makes characters shorter. */
export class StringSchema implements Schema<string> {
  private readonly bits: number;
  private readonly indexed?: string;

  constructor(
    readonly size: Size,
    charBits: number,
    /** the permitted characters; all of the type's without it */
    readonly alphabet?: string,
  ) {
    const sorted = alphabet === undefined ? undefined : [...alphabet].sort().join('');
    this.bits = sorted === undefined ? charBits : powerOfTwo(Math.ceil(Math.log2(sorted.length)));
    if (sorted !== undefined && sorted.charCodeAt(sorted.length - 1) >= 2 ** this.bits) this.indexed = sorted;
  }

  read(reader: BitReader): string {
    const length = readLength(reader, this.size);
    if (this.isAligned) reader.align();
    if (length * this.bits > reader.remainingBits) reader.fail('truncated');
    if (reader.error) return '';
    return String.fromCharCode(...Array.from({ length }, () => this.charOf(reader)));
  }

  write(writer: BitWriter, value: string): void {
    writeLength(writer, value.length, this.size);
    if (this.isAligned) writer.align();
    for (let i = 0; i < value.length; i++) writer.bits(this.numberOf(value.charAt(i)), this.bits);
  }

  private charOf(reader: BitReader): number {
    const number = reader.bits(this.bits);
    const code = this.indexed === undefined ? number : this.indexed.charCodeAt(number);
    if (this.allows(code)) return code;
    reader.fail('out-of-range');
    return 0;
  }

  private numberOf(char: string): number {
    const code = char.charCodeAt(0);
    if (!this.allows(code)) throw new PerValueError(`the character ${code} is not permitted`);
    return this.indexed === undefined ? code : this.indexed.indexOf(char);
  }

  private allows(code: number): boolean {
    if (this.alphabet !== undefined) return this.alphabet.includes(String.fromCharCode(code)) && !Number.isNaN(code);
    return this.bits === 16 || code < 0x80;
  }

  /** At most 16 bits of a fixed length, or fewer than 16 of a varying one, stand where the last bit ended (section 30.5.6). */
  private get isAligned(): boolean {
    const mostBits = this.size.max * this.bits;
    return this.size.min === this.size.max ? mostBits > 16 : mostBits >= 16;
  }
}

const powerOfTwo = (bits: number): number => 2 ** Math.ceil(Math.log2(bits));

export const ia5String = (min: number, max: number, alphabet?: string): Schema<string> =>
  new StringSchema({ min, max }, 8, alphabet);

/** Two octets a character. Some stacks end it in NUL: the reader of an alias trims it. */
export const bmpString = (min: number, max: number): Schema<string> => new StringSchema({ min, max }, 16);

/** Octets behind their length; what a keypad sends. Its escape sequences to other character sets are kept as they are. */
export const generalString: Schema<string> = {
  read: (reader) => Buffer.from(reader.take(readLength(reader))).toString('latin1'),
  write(writer, value) {
    writeLength(writer, value.length);
    writer.put(Buffer.from(value, 'latin1'));
  },
};
