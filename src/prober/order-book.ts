import type { PlanItem } from './messages.js';
import { planKey } from './plan-key.js';

/** One run that is queued or under way, and everybody who waits for it. */
export interface Order {
  readonly key: string;
  /** what is to be run; a new plan may change it while the order waits */
  item: PlanItem;
  /** monotonic: when it was due or asked for */
  readonly plannedMs: number;
  /** who asked; empty for a routine run nobody waits for */
  readonly requestedRunIds: string[];
  state: 'queued' | 'running';
  /** somebody who asked wants the call in spite of a back-off */
  override: boolean;
  /** a second try of this run, which our own machine had spoilt */
  repeatOf?: string;
}

export interface CheckAdmission {
  order: Order;
  was: 'new' | 'queued' | 'running';
}

/** A sweep of 10,000 endpoints in all four kinds, and what came before it. */
const REMEMBERED_RUN_IDS = 50_000;

/**
 * One run of a kind per endpoint at a time, whoever wants it. (One call at a time per address: AddressBook says which, Pacing sees
 * to it. Whether it may be made at all: HarmGuard.)
 *
 * A check for something already queued or running joins it instead of calling twice. Until its outcome is offered, the run id of
 * a routine run is known to nobody, so the first check that joins gives the run its own id; every further one gets a copy of the
 * outcome under its id. So each requested run id has exactly one outcome. An id seen before is not run again (orders may be
 * delivered twice).
 */
export class OrderBook {
  private readonly orders = new Map<string, Order>();
  private readonly seenRunIds = new Set<string>();
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  /** The prober ends: nothing is admitted or started from now on. */
  close(): void {
    this.closed = true;
  }

  /** false: this run id was ordered before. */
  isNew(runId: string): boolean {
    if (this.seenRunIds.has(runId)) return false;
    this.seenRunIds.add(runId);
    const [oldest] = this.seenRunIds;
    if (this.seenRunIds.size > REMEMBERED_RUN_IDS && oldest !== undefined) this.seenRunIds.delete(oldest);
    return true;
  }

  /** null: the run before it has not ended, or the book is closed; the round is left out. */
  admitRoutine(item: PlanItem, plannedMs: number): Order | null {
    if (this.closed || this.orders.has(planKey(item))) return null;
    return this.open(item, plannedMs, []);
  }

  /** null: the book is closed. */
  admitCheck(item: PlanItem, runId: string, nowMs: number, override: boolean): CheckAdmission | null {
    if (this.closed) return null;
    const known = this.orders.get(planKey(item));
    if (!known) return { order: this.open(item, nowMs, [runId], override), was: 'new' };
    known.requestedRunIds.push(runId);
    known.override ||= override;
    return { order: known, was: known.state };
  }

  /** The run ended, or was withdrawn before it began. */
  ended(order: Order): void {
    this.orders.delete(order.key);
  }

  private open(item: PlanItem, plannedMs: number, requestedRunIds: string[], override = false): Order {
    const order: Order = { key: planKey(item), item, plannedMs, requestedRunIds, state: 'queued', override };
    this.orders.set(order.key, order);
    return order;
  }
}
