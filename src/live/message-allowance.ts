/** How much a page may say: `burst` messages at once, then `perSecond`. */
export interface MessageRate {
  burst: number;
  perSecond: number;
}

/** A bucket that fills with time and is emptied by each message. Pure: the time is given. */
export class MessageAllowance {
  private left: number;
  private filledMs: number;

  constructor(
    private readonly rate: MessageRate,
    nowMs: number,
  ) {
    this.left = rate.burst;
    this.filledMs = nowMs;
  }

  /** @returns whether this message is still within the rate */
  take(nowMs: number): boolean {
    const grown = ((nowMs - this.filledMs) / 1_000) * this.rate.perSecond;
    this.left = Math.min(this.rate.burst, this.left + grown);
    this.filledMs = nowMs;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
