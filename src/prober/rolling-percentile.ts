/** The nearest-rank percentile of what was seen lately; bounded in time and in number. */
export class RollingPercentile {
  private samples: { atMs: number; value: number }[] = [];

  constructor(
    private readonly windowMs: number,
    private readonly capacity = 4_096,
  ) {}

  add(value: number, nowMs: number): void {
    this.samples.push({ atMs: nowMs, value });
    // cut in halves, not one by one: a shift of the whole array for each sample would cost more than the samples
    if (this.samples.length >= 2 * this.capacity) this.samples = this.samples.slice(-this.capacity);
  }

  /** 0 when nothing was seen. */
  percentile(fraction: number, nowMs: number): number {
    this.samples = this.samples.slice(-this.capacity).filter((sample) => sample.atMs > nowMs - this.windowMs);
    const values = this.samples.map((sample) => sample.value).sort((a, b) => a - b);
    return values[Math.max(0, Math.ceil(fraction * values.length) - 1)] ?? 0;
  }
}
