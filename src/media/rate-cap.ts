/** A call of ours sends 50 packets of sound and 30 of picture a second, some 110 kbit/s; a keyframe is seven packets at once. */
const MOST_PACKETS_PER_S = 300;
const MOST_KBPS = 2_000;

/**
 * The most that one call may send, whatever its own logic does: a bug of ours must not flood a room's line. Two buckets that
 * hold one second each, so that a keyframe passes and a flood does not.
 */
export class RateCap {
  private packets = MOST_PACKETS_PER_S;
  private kbits = MOST_KBPS;
  private lastMs?: number;

  /** @returns false for a packet that would be too much: it must not be sent */
  admits(bytes: number, nowMs: number): boolean {
    const passedS = Math.max(0, nowMs - (this.lastMs ?? nowMs)) / 1000;
    this.lastMs = nowMs;
    this.packets = Math.min(MOST_PACKETS_PER_S, this.packets + passedS * MOST_PACKETS_PER_S);
    this.kbits = Math.min(MOST_KBPS, this.kbits + passedS * MOST_KBPS);
    const kbits = (bytes * 8) / 1000;
    if (this.packets < 1 || this.kbits < kbits) return false;
    this.packets -= 1;
    this.kbits -= kbits;
    return true;
  }
}
