/** RFC 3711 section 3.3.2 asks for at least 64; four times as much costs 32 bytes and forgives a badly reordered line. */
const WINDOW = 256;

/**
 * Remembers which indices were received, so that a packet that somebody recorded and sends again is dropped. A copy that the
 * network itself made is dropped just the same, and counted by the one who asks.
 */
export class ReplayList {
  private highest = -1;
  private readonly seen = new Float64Array(WINDOW).fill(-1);

  /** False also for what is too old to be known. */
  isNew(index: number): boolean {
    if (index > this.highest) return true;
    return this.highest - index < WINDOW && this.seen[index % WINDOW] !== index;
  }

  remember(index: number): void {
    this.highest = Math.max(index, this.highest);
    this.seen[index % WINDOW] = index;
  }
}
