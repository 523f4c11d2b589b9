import type { ProbeKind } from '../probes/contract.js';

/** One run that is queued or under way, and everybody who waits for it. */
export interface Order {
  readonly key: string;
  readonly kind: ProbeKind;
  readonly endpointId: string;
  /** monotonic: when it was due or asked for */
  readonly plannedMs: number;
  /** who asked; empty for a routine run nobody waits for */
  readonly requestedRunIds: string[];
  state: 'queued' | 'running';
}

export type CheckAdmission = { order: Order; was: 'new' | 'queued' | 'running' } | { order: null; was: 'known' | 'halted' };

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

  /** null: the run before it has not ended, or everything is stopped; the round is left out. */
  admitRoutine(of: { key: string; kind: ProbeKind; endpointId: string }, plannedMs: number): Order | null {
    if (this.stopped || this.orders.has(of.key)) return null;
    return this.open(of, plannedMs, []);
  }

  admitCheck(of: { key: string; kind: ProbeKind; endpointId: string }, runId: string, nowMs: number): CheckAdmission {
    if (this.seenRunIds.has(runId)) return { order: null, was: 'known' };
    this.remember(runId);
    if (this.stopped) return { order: null, was: 'halted' };
    const known = this.orders.get(of.key);
    if (!known) return { order: this.open(of, nowMs, [runId]), was: 'new' };
    known.requestedRunIds.push(runId);
    return { order: known, was: known.state };
  }

  /** Claims what the run needs; false: it must wait. */
  tryStart(order: Order, target: string): boolean {
    if (this.stopped) return false;
    if (CALLS.has(order.kind)) {
      const address = targetAddress(target);
      if (this.callAt.has(address)) return false;
      this.callAt.set(address, order.key);
    }
    order.state = 'running';
    return true;
  }

  /** The run ended, or was withdrawn before it began. */
  ended(order: Order): void {
    this.orders.delete(order.key);
    if (!CALLS.has(order.kind)) return;
    for (const [address, key] of this.callAt) if (key === order.key) this.callAt.delete(address);
  }

  private open(of: { key: string; kind: ProbeKind; endpointId: string }, plannedMs: number, requested: string[]): Order {
    const { key, kind, endpointId } = of;
    const order: Order = { key, kind, endpointId, plannedMs, requestedRunIds: requested, state: 'queued' };
    this.orders.set(key, order);
    return order;
  }

  private remember(runId: string): void {
    this.seenRunIds.add(runId);
    if (this.seenRunIds.size <= REMEMBERED_RUN_IDS) return;
    const [oldest] = this.seenRunIds;
    if (oldest !== undefined) this.seenRunIds.delete(oldest);
  }
}

/** The host of an address, `host:port`, `[v6]:port` or SIP URI, in lower case: what two targets have in common when they are one machine. */
export function targetAddress(target: string): string {
  const withoutScheme = target.trim().replace(/^(sips?|h323):/i, '');
  const hostPart = withoutScheme.slice(withoutScheme.lastIndexOf('@') + 1).replace(/[;?].*$/s, '');
  const bracketed = /^\[([^\]]*)\]/.exec(hostPart)?.[1];
  const host = bracketed ?? (hostPart.split(':').length === 2 ? hostPart.slice(0, hostPart.indexOf(':')) : hostPart);
  return host.toLowerCase();
}
