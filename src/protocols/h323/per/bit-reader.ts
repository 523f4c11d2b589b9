import type { PerError, PerErrorCode } from './per-error.js';

/** Elements of all lists of one message together. The longest capability set captured has 160, and 10,000 take 2 ms to read. */
const MAX_ELEMENTS = 10_000;
/** Nested generic parameters (H.245 section 6.2.8) are the only types that hold themselves; two levels were seen. */
const MAX_DEPTH = 16;

/**
 * Bits of a foreign message, in order. The first error stays: whatever is read after it is zero or empty, so that no reader of
 * a value needs a check of its own between two reads, and nothing is thrown.
 */
export class BitReader {
  private readonly octets: Uint8Array;
  private at = 0;
  private end: number;
  private elements = 0;
  private depth = 0;
  private failure?: PerError;

  constructor(octets: Uint8Array) {
    // slice() of a Buffer would be a view of the socket's memory
    this.octets = new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength);
    this.end = octets.length * 8;
  }

  get error(): PerError | undefined {
    return this.failure;
  }

  get remainingBits(): number {
    return this.end - this.at;
  }

  fail(code: PerErrorCode): void {
    this.failure ??= { code, atBit: this.at };
    this.end = this.at;
  }

  bit(): boolean {
    if (!this.has(1)) return false;
    const octet = this.octets[this.at >> 3] as number;
    const isSet = ((octet >> (7 - (this.at & 7))) & 1) === 1;
    this.at++;
    return isSet;
  }

  /** @param count 0 to 16 */
  bits(count: number): number {
    if (!this.has(count)) return 0;
    const first = this.at >> 3;
    const window = ((this.octets[first] ?? 0) << 16) | ((this.octets[first + 1] ?? 0) << 8) | (this.octets[first + 2] ?? 0);
    const value = (window >> (24 - (this.at & 7) - count)) & ((1 << count) - 1);
    this.at += count;
    return value;
  }

  align(): void {
    this.at = Math.min((this.at + 7) & ~7, this.end);
  }

  /** A whole number of 1 to 6 octets, most significant first. */
  uint(octetCount: number): number {
    let value = 0;
    for (let i = 0; i < octetCount; i++) value = value * 256 + this.bits(8);
    return value;
  }

  /** A copy of whole octets. The reader has to be aligned. */
  take(octetCount: number): Uint8Array {
    if (!this.has(octetCount * 8)) return new Uint8Array(0);
    const from = this.at >> 3;
    this.at += octetCount * 8;
    return this.octets.slice(from, from + octetCount);
  }

  /** Reads a value that may not leave the next octets, and goes on behind them, whatever of them it has read. */
  within<T>(octetCount: number, read: () => T): T {
    const outerEnd = this.end;
    const innerEnd = this.at + octetCount * 8;
    if (this.has(octetCount * 8)) this.end = innerEnd;
    const value = read();
    if (!this.failure) {
      this.at = innerEnd;
      this.end = outerEnd;
    }
    return value;
  }

  /** Goes one level down into a type that holds itself. */
  nested<T>(read: () => T, empty: T): T {
    if (this.depth >= MAX_DEPTH) {
      this.fail('too-deep');
      return empty;
    }
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }

  /** Before each element of a list: false ends it. */
  nextElement(): boolean {
    if (++this.elements > MAX_ELEMENTS) this.fail('too-many');
    return !this.failure;
  }

  private has(bitCount: number): boolean {
    if (this.at + bitCount <= this.end) return true;
    this.fail('truncated');
    return false;
  }
}
