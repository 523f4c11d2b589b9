/** Bits of a message of ours, in order. */
export class BitWriter {
  private octets = new Uint8Array(64);
  private at = 0;

  bit(isSet: boolean): void {
    this.bits(isSet ? 1 : 0, 1);
  }

  /** @param count 0 to 16 */
  bits(value: number, count: number): void {
    this.reserve(count);
    const first = this.at >> 3;
    const window = value << (24 - (this.at & 7) - count);
    this.merge(first, window >> 16);
    this.merge(first + 1, window >> 8);
    this.merge(first + 2, window);
    this.at += count;
  }

  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  /** A whole number, most significant octet first. */
  uint(value: number, octetCount: number): void {
    for (let i = octetCount - 1; i >= 0; i--) this.bits(Math.floor(value / 256 ** i) % 256, 8);
  }

  /** The writer has to be aligned. */
  put(octets: Uint8Array): void {
    this.reserve(octets.length * 8);
    this.octets.set(octets, this.at >> 3);
    this.at += octets.length * 8;
  }

  /** At least one octet, as a message and an open type have it (X.691 section 11.1.3). */
  finish(): Uint8Array {
    return this.octets.slice(0, Math.max(1, (this.at + 7) >> 3));
  }

  private merge(index: number, part: number): void {
    if ((part & 0xff) !== 0) this.octets[index] = (this.octets[index] as number) | (part & 0xff);
  }

  private reserve(bitCount: number): void {
    const needed = ((this.at + bitCount + 7) >> 3) + 3;
    if (needed <= this.octets.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.octets);
    this.octets = larger;
  }
}
