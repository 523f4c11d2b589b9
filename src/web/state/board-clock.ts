import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { LiveConnection } from '../feed/live-connection.js';
import { type Freshness, judgeFreshness } from './freshness.js';

/** One tick a second for everything that shows time; wall time is the server's. */
export class BoardClock {
  readonly nowMs: ReadonlySignal<number>;
  readonly monotonicMs: ReadonlySignal<number>;
  readonly freshness: ReadonlySignal<Freshness>;
  private readonly wallMs = signal(Date.now());
  private readonly ticks = signal(performance.now());

  constructor({ clockOffsetMs, pulse }: Pick<LiveConnection, 'clockOffsetMs' | 'pulse'>) {
    this.nowMs = computed(() => this.wallMs.value + clockOffsetMs.value);
    this.monotonicMs = this.ticks;
    this.freshness = computed(() => judgeFreshness(pulse.value, this.ticks.value));
    this.tick();
  }

  private tick(): void {
    this.wallMs.value = Date.now();
    this.ticks.value = performance.now();
    setTimeout(() => this.tick(), 1000 - (Date.now() % 1000));
  }
}
