import type { Outcome } from '../probes/contract.js';

export interface OutboxStats {
  unacknowledged: number;
  dropped: Record<string, number>;
}

/** Outcomes on their way to the core: at least once, `(runId, startedAt)` makes it once. */
export interface Outbox {
  /** @param requested somebody waits for it: the last to be dropped, the first to be offered */
  add(outcome: Outcome, requested: boolean): void;
  /** There is something new to offer. One listener. */
  onOfferable(listener: () => void): void;
  /** The next batch: what was never offered, or offered so long ago that the acknowledgement must be lost. Empty: nothing to do. */
  offer(nowMs: number): Outcome[];
  /** A new connection: what was offered over the old one is offered again. */
  offerAgain(): void;
  acknowledge(runIds: readonly string[]): void;
  /** How many outcomes it should be able to hold, as the plan has it. */
  resize(outcomes: number): void;
  stats(): OutboxStats;
  /** Resolves within half a second. */
  close(): Promise<void>;
}

export interface OutboxLimits {
  /** outcomes held at most */
  capacity: number;
  batch: number;
  /** offered and not yet acknowledged, at most: a slow core is not flooded */
  window: number;
  reofferMs: number;
}

export const DEFAULT_OUTBOX_LIMITS: OutboxLimits = { capacity: 20_000, batch: 200, window: 1_000, reofferMs: 5_000 };

export interface Waiting {
  outcome: Outcome;
  requested: boolean;
}

interface Entry {
  outcome: Outcome;
  offeredMs: number | null;
}

/** In memory: survives the core, not the prober. Full, it drops the oldest routine outcome first and counts it. */
export class MemoryOutbox implements Outbox {
  private readonly requested = new Map<string, Entry>();
  private readonly routine = new Map<string, Entry>();
  private readonly dropped: Record<string, number> = {};
  private offerable: () => void = () => undefined;

  /** @param dropReason what losses are counted as; absent: `full-routine` and `full-requested` */
  constructor(
    private readonly limits: OutboxLimits = DEFAULT_OUTBOX_LIMITS,
    private readonly dropReason?: string,
  ) {}

  get size(): number {
    return this.requested.size + this.routine.size;
  }

  add(outcome: Outcome, requested: boolean): void {
    (requested ? this.requested : this.routine).set(outcome.runId, { outcome, offeredMs: null });
    if (this.size > this.limits.capacity) this.dropOldest();
    this.offerable();
  }

  onOfferable(listener: () => void): void {
    this.offerable = listener;
  }

  offer(nowMs: number): Outcome[] {
    const batch: Outcome[] = [];
    let inFlight = 0;
    for (const { entry } of this.entries()) {
      if (batch.length >= this.limits.batch || inFlight >= this.limits.window) break;
      const due = entry.offeredMs === null || nowMs - entry.offeredMs >= this.limits.reofferMs;
      inFlight++;
      if (!due) continue;
      entry.offeredMs = nowMs;
      batch.push(entry.outcome);
    }
    return batch;
  }

  offerAgain(): void {
    for (const { entry } of this.entries()) entry.offeredMs = null;
  }

  acknowledge(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.requested.delete(runId);
      this.routine.delete(runId);
    }
  }

  /** Memory is what it is. */
  resize(): void {}

  stats(): OutboxStats {
    return { unacknowledged: this.size, dropped: { ...this.dropped } };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Those that have waited longest, those somebody waits for before all others. They stay. */
  first(count: number): Waiting[] {
    const found: Waiting[] = [];
    for (const { entry, requested } of this.entries()) {
      if (found.length >= count) break;
      found.push({ outcome: entry.outcome, requested });
    }
    return found;
  }

  /** Requested before routine, oldest first: a Map keeps the order of insertion. */
  private *entries(): Generator<{ entry: Entry; requested: boolean }> {
    for (const entry of this.requested.values()) yield { entry, requested: true };
    for (const entry of this.routine.values()) yield { entry, requested: false };
  }

  private dropOldest(): void {
    const lane = this.routine.size > 0 ? 'routine' : 'requested';
    const [oldest] = this[lane].keys();
    if (oldest === undefined) return;
    this[lane].delete(oldest);
    const reason = this.dropReason ?? `full-${lane}`;
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }
}
