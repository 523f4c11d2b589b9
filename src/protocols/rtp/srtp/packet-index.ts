const HALF = 0x8000;
const MODULUS = 0x1_0000;

/**
 * The 48-bit index of a packet from its 16-bit sequence number (RFC 3711 section 3.3.1 and appendix A): whichever of the three
 * nearest rollovers brings it closest to the highest index so far.
 */
export class PacketIndex {
  /** extended by the rollover counter */
  private highest?: number;

  /** Does not change what is known: the packet may yet prove false. */
  estimate(sequence: number): number {
    if (this.highest === undefined) return sequence;
    const rollovers = Math.floor(this.highest / MODULUS);
    const last = this.highest % MODULUS;
    if (last < HALF) return (sequence - last > HALF && rollovers > 0 ? rollovers - 1 : rollovers) * MODULUS + sequence;
    return (last - HALF > sequence ? rollovers + 1 : rollovers) * MODULUS + sequence;
  }

  /** A packet of this index was authentic. */
  accept(index: number): void {
    this.highest = Math.max(index, this.highest ?? index);
  }
}

export const rolloverCounter = (index: number): number => Math.floor(index / MODULUS);
