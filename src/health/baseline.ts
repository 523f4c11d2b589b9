import type { Unlikeness } from './endpoint-view.js';

/** When a round trip is called unlike the endpoint itself. */
export interface BaselineRules {
  /** so many robust standard deviations above the median */
  spreads: number;
  /** and at least so far above it: a line of 1 ms that shows 9 is not sick */
  leastMs: number;
  /** in so many results running */
  results: number;
}

export const BASELINE_RULES: BaselineRules = { spreads: 6, leastMs: 50, results: 3 };

/** 4 hours: 42 numbers an endpoint tell a week with its nights and office hours. */
export const SLOT_MS = 4 * 3_600_000;
export const SLOTS = (7 * 24 * 3_600_000) / SLOT_MS;
/** A day must be known before anything is called usual. */
const LEAST_SLOTS = (24 * 3_600_000) / SLOT_MS;
/** The median absolute deviation of normally distributed values is their standard deviation divided by this. */
const MAD_TO_SD = 1.4826;

const slotOf = (atMs: number): number => Math.floor(atMs / SLOT_MS);
const at = (slot: number): number => ((slot % SLOTS) + SLOTS) % SLOTS;

/**
 * What the round trip of one endpoint usually is: mean of every four hours of its last seven days, judged by median and median
 * absolute deviation, which a few bad hours do not move. A line that became slower for good is its own usual again when more than
 * half of what is known is of the new kind. Bounded; time comes in.
 */
export class Baseline {
  private readonly means = new Float32Array(SLOTS).fill(NaN);
  private newest = -Infinity;
  private sumMs = 0;
  private count = 0;
  private beyond = 0;
  /** undefined: to be judged anew */
  private known: { usual: number; limit: number } | null | undefined;

  constructor(private readonly rules: BaselineRules) {}

  /** The mean of a slot that is over, from the store. One that is being measured, or already was, keeps what was measured. */
  learn(atMs: number, meanMs: number): void {
    const slot = slotOf(atMs);
    if (slot <= this.newest - SLOTS) return;
    if (slot > this.newest) this.advance(slot);
    if (Number.isNaN(this.means[at(slot)])) this.means[at(slot)] = meanMs;
    this.known = undefined;
  }

  /** @returns how unlike itself it is with this result, null: as ever, or not known yet */
  hear(rttMs: number, atMs: number): Unlikeness | null {
    if (slotOf(atMs) > this.newest) this.advance(slotOf(atMs));
    if (this.known === undefined) this.known = this.judge();
    this.sumMs += rttMs;
    this.count++;
    this.beyond = this.known && rttMs > this.known.limit ? this.beyond + 1 : 0;
    if (!this.known || this.beyond < this.rules.results) return null;
    return { figure: 'rttMs', now: rttMs, ...this.known };
  }

  private advance(slot: number): void {
    if (this.count > 0) this.means[at(this.newest)] = this.sumMs / this.count;
    for (let gone = Math.max(this.newest + 1, slot - SLOTS + 1); gone <= slot; gone++) this.means[at(gone)] = NaN;
    this.newest = slot;
    this.known = undefined;
    this.sumMs = 0;
    this.count = 0;
  }

  private judge(): { usual: number; limit: number } | null {
    const means = this.means.filter((mean) => !Number.isNaN(mean));
    if (means.length < LEAST_SLOTS) return null;
    const usual = median(means);
    const spread = MAD_TO_SD * median(means.map((mean) => Math.abs(mean - usual)));
    return { usual, limit: usual + Math.max(this.rules.spreads * spread, this.rules.leastMs) };
  }
}

function median(values: Float32Array): number {
  values.sort();
  const middle = values.length >> 1;
  const upper = values[middle] ?? NaN;
  return values.length % 2 ? upper : ((values[middle - 1] ?? NaN) + upper) / 2;
}
