import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const WINDOW_MS = 5_000;

/**
 * How late this process's event loop runs (p99). Two histograms take turns, so that the answer always covers at least the last
 * window and never more than two.
 */
export class LoopLag {
  private current = startHistogram();
  private previousMs = 0;
  private readonly timer = setInterval(() => this.turn(), WINDOW_MS).unref();

  p99Ms(): number {
    return Math.max(this.previousMs, p99Of(this.current));
  }

  close(): void {
    clearInterval(this.timer);
    this.current.disable();
  }

  private turn(): void {
    this.previousMs = p99Of(this.current);
    this.current.reset();
  }
}

function startHistogram(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** The histogram holds whole intervals between two ticks; a loop in time shows the resolution itself. */
const p99Of = (histogram: IntervalHistogram): number =>
  histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS);
