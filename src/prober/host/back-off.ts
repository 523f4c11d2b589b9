export interface BackoffLimits {
  minMs: number;
  maxMs: number;
}

/** Doubles from `minMs` to `maxMs`, until told that things are well again. */
export class BackOff {
  private nextMs: number;

  constructor(private readonly limits: BackoffLimits) {
    this.nextMs = limits.minMs;
  }

  next(): number {
    const delayMs = this.nextMs;
    this.nextMs = Math.min(this.limits.maxMs, delayMs * 2);
    return delayMs;
  }

  reset(): void {
    this.nextMs = this.limits.minMs;
  }
}
