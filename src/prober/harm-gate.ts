import type { ProbeKind } from '../probes/contract.js';
import { parseHostTarget } from '../probes/target.js';
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
}

export interface CheckAdmission {
  order: Order;
  was: 'new' | 'queued' | 'running';
}

/** Kinds that occupy the endpoint itself: it rings, shows a picture, and is engaged for anybody else. */
const CALLS: ReadonlySet<ProbeKind> = new Set(['sip-call']);
const REMEMBERED_RUN_IDS = 10_000;

/**
 * Do no harm: one run of a kind per endpoint at a time, whoever wants it, one call at a time per target address (several endpoints
 * may share a gateway), and one switch that stops everything.
 *
 * A check for something already queued or running joins it instead of calling twice. Until its outcome is offered, the run id of
 * a routine run is known to nobody, so the first check that joins gives the run its own id; every further one gets a copy of the
 * outcome under its id. So each requested run id has exactly one outcome. An id seen before is not run again (orders may be
 * delivered twice).
 */
export class HarmGate {
  private readonly orders = new Map<string, Order>();
  /** target address -> key of the call that occupies it */
  private readonly callAt = new Map<string, string>();
  private readonly seenRunIds = new Set<string>();
  private stopped = false;

  get halted(): boolean {
    return this.stopped;
  }

  /** The global stop: nothing is admitted or started from now on. */
  halt(): void {
    this.stopped = true;
  }

  /** false: this run id was ordered before. */
  isNew(runId: string): boolean {
    if (this.seenRunIds.has(runId)) return false;
    this.seenRunIds.add(runId);
    const [oldest] = this.seenRunIds;
    if (this.seenRunIds.size > REMEMBERED_RUN_IDS && oldest !== undefined) this.seenRunIds.delete(oldest);
    return true;
  }

  /** null: the run before it has not ended, or everything is stopped; the round is left out. */
  admitRoutine(item: PlanItem, plannedMs: number): Order | null {
    if (this.stopped || this.orders.has(planKey(item))) return null;
    return this.open(item, plannedMs, []);
  }

  /** null: everything is stopped. */
  admitCheck(item: PlanItem, runId: string, nowMs: number): CheckAdmission | null {
    if (this.stopped) return null;
    const known = this.orders.get(planKey(item));
    if (!known) return { order: this.open(item, nowMs, [runId]), was: 'new' };
    known.requestedRunIds.push(runId);
    return { order: known, was: known.state };
  }

  /** Claims what the run needs; false: it must wait. */
  tryStart(order: Order): boolean {
    if (this.stopped) return false;
    if (CALLS.has(order.item.kind)) {
      const address = targetAddress(order.item.target);
      if (this.callAt.has(address)) return false;
      this.callAt.set(address, order.key);
    }
    order.state = 'running';
    return true;
  }

  /** The run ended, or was withdrawn before it began. */
  ended(order: Order): void {
    this.orders.delete(order.key);
    const address = targetAddress(order.item.target);
    if (this.callAt.get(address) === order.key) this.callAt.delete(address);
  }

  private open(item: PlanItem, plannedMs: number, requestedRunIds: string[]): Order {
    const order: Order = { key: planKey(item), item, plannedMs, requestedRunIds, state: 'queued' };
    this.orders.set(order.key, order);
    return order;
  }
}

/** What two targets have in common when they are one machine; a target that cannot be read stands for itself. */
function targetAddress(target: string): string {
  const parsed = parseHostTarget(target);
  return (parsed.ok ? parsed.value.host : target).toLowerCase();
}
