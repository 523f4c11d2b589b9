import type { Outcome } from '../probes/contract.js';

export interface OutboxStats {
  unacknowledged: number;
  dropped: Record<string, number>;
}

/**
 * Outcomes on their way to the core: at least once, `(runId, startedAt)` makes it once. Narrow on purpose, so that a durable queue
 * on disk can take its place.
 */
export interface Outbox {
  /** @param requested somebody waits for it: the last to be dropped, the first to be offered */
  add(outcome: Outcome, requested: boolean): void;
  /** The next batch: what was never offered, or offered so long ago that the acknowledgement must be lost. Empty: nothing to do. */
  offer(nowMs: number): Outcome[];
  /** A new connection: what was offered over the old one is offered again. */
  offerAgain(): void;
  acknowledge(runIds: readonly string[]): void;
  stats(): OutboxStats;
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

interface Entry {
  outcome: Outcome;
  offeredMs: number | null;
}

/** In memory: survives the core, not the prober. Full, it drops the oldest routine outcome first and counts it. */
export class MemoryOutbox implements Outbox {
  private readonly requested = new Map<string, Entry>();
  private readonly routine = new Map<string, Entry>();
  private readonly dropped: Record<string, number> = {};

  constructor(private readonly limits: OutboxLimits = DEFAULT_OUTBOX_LIMITS) {}

  add(outcome: Outcome, requested: boolean): void {
    (requested ? this.requested : this.routine).set(outcome.runId, { outcome, offeredMs: null });
    if (this.size > this.limits.capacity) this.dropOldest();
  }

  offer(nowMs: number): Outcome[] {
    const batch: Outcome[] = [];
    let inFlight = 0;
    for (const entry of this.entries()) {
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
    for (const entry of this.entries()) entry.offeredMs = null;
  }

  acknowledge(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.requested.delete(runId);
      this.routine.delete(runId);
    }
  }

  stats(): OutboxStats {
    return { unacknowledged: this.size, dropped: { ...this.dropped } };
  }

  private get size(): number {
    return this.requested.size + this.routine.size;
  }

  /** Requested before routine, oldest first: a Map keeps the order of insertion. */
  private *entries(): Generator<Entry> {
    yield* this.requested.values();
    yield* this.routine.values();
  }

  private dropOldest(): void {
    const reason = this.routine.size > 0 ? 'full-routine' : 'full-requested';
    const from = reason === 'full-routine' ? this.routine : this.requested;
    const [oldest] = from.keys();
    if (oldest === undefined) return;
    from.delete(oldest);
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }
}
