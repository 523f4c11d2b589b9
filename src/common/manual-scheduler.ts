import type { Cancel, Scheduler } from './clock.js';

interface Pending {
  dueMs: number;
  order: number;
  run: () => void;
}

/** A scheduler whose time moves only when told to: for tests and for replays of stored facts. */
export class ManualScheduler implements Scheduler {
  private readonly pending = new Set<Pending>();
  private order = 0;
  private nowMs = 0;

  /** @param startWallMs Unix time at monotonic zero */
  constructor(private startWallMs = Date.UTC(2026, 10, 23)) {}

  wallMs(): number {
    return this.startWallMs + this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const entry = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order++, run };
    this.pending.add(entry);
    return () => this.pending.delete(entry);
  }

  /** Runs everything that becomes due on the way, in order, also what is scheduled meanwhile. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let next = this.nextDue(untilMs); next; next = this.nextDue(untilMs)) {
      this.pending.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
    }
    this.nowMs = untilMs;
  }

  /** Moves the wall clock alone, as a time server would. */
  stepWall(byMs: number): void {
    this.startWallMs += byMs;
  }

  get pendingCount(): number {
    return this.pending.size;
  }

  private nextDue(untilMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.pending) {
      if (entry.dueMs > untilMs) continue;
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order)) best = entry;
    }
    return best;
  }
}
