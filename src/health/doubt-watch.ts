import { isReferenceAddress } from '../config/health-schema.js';
import type { AppConfig } from '../config/app-config.js';
import type { PlanItem } from '../prober/messages.js';
import type { Observation } from '../probes/contract.js';
import type { MonitorDoubt } from './monitor-doubt.js';
import { endedAtMs, FRESH_INTERVALS, FRESH_SLACK_MS } from './state-machine.js';
import { STATE_OF_REASON } from './state-of-reason.js';

/** A burst of echo requests that is lost once can be a line's hiccup. */
const FAILURES = 2;
/** The prober's figure is of its last minute: two looks at it are a state, one may be a start. */
const LATE_LOOKS = 2;

interface Reference {
  failures: number;
  failingSinceMs: number;
  lastMs: number;
  /** when it answered last; -Infinity: never */
  answeredMs: number;
}

/** An address among the references is no endpoint; under this id it is probed. */
export const probedAs = (reference: string): string => (isReferenceAddress(reference) ? `reference:${reference}` : reference);

/** The pings of those references that are no endpoints. */
export function referenceItems({ health, probes }: Pick<AppConfig, 'health' | 'probes'>): PlanItem[] {
  return health.references.filter(isReferenceAddress).map((address) => ({
    endpointId: probedAs(address),
    kind: 'icmp',
    target: address,
    options: probes.icmp.options,
    intervalMs: health.referenceIntervalSeconds * 1000,
    area: '',
    carrier: '',
    address,
  }));
}

/** Does the monitor see? Not while none of its references answers, nor while it is too late itself to measure. Pure; time comes in. */
export class DoubtWatch {
  private readonly seen = new Map<string, Reference>();
  private lateLooks = 0;
  private lateSinceMs = 0;

  /** @param intervalMs of the references: what was last seen before three of them counts no more */
  constructor(
    private readonly references: readonly string[],
    private readonly intervalMs: number,
    private readonly lagLimitMs: number,
  ) {}

  saw(outcomes: readonly Observation[]): void {
    for (const outcome of outcomes) {
      const reference = this.references.find((one) => probedAs(one) === outcome.endpointId);
      const state = STATE_OF_REASON[outcome.reason];
      if (reference === undefined || state === 'unknown') continue;
      const atMs = endedAtMs(outcome);
      const before = this.seen.get(reference);
      if (before && before.lastMs >= atMs) continue;
      const failures = state === 'down' ? (before?.failures ?? 0) + 1 : 0;
      const failingSinceMs = failures > 1 && before ? before.failingSinceMs : Date.parse(outcome.startedAt);
      const answeredMs = state === 'down' ? (before?.answeredMs ?? -Infinity) : atMs;
      this.seen.set(reference, { failures, failingSinceMs, lastMs: atMs, answeredMs });
    }
  }

  /** @param lagP99Ms of the prober's own loop; null: there is no prober to ask */
  sawLag(lagP99Ms: number | null, nowMs: number): void {
    const isLate = lagP99Ms !== null && lagP99Ms > this.lagLimitMs;
    if (isLate && this.lateLooks === 0) this.lateSinceMs = nowMs;
    this.lateLooks = isLate ? this.lateLooks + 1 : 0;
  }

  /** @param suspectedSinceMs many endpoints have begun to fail since: then references that fail once are proof enough */
  doubtAt(nowMs: number, suspectedSinceMs: number | null = null): MonitorDoubt | null {
    if (this.lateLooks >= LATE_LOOKS) return { sinceMs: this.lateSinceMs, why: 'overload', targets: [] };
    const freshMs = FRESH_INTERVALS * this.intervalMs + FRESH_SLACK_MS;
    const fresh = this.references.flatMap((one) => this.seen.get(one) ?? []).filter(({ lastMs }) => nowMs - lastMs <= freshMs);
    const failedNow = (one: Reference): boolean =>
      suspectedSinceMs !== null && one.failures > 0 && one.lastMs >= suspectedSinceMs;
    const isBlind = fresh.length > 0 && fresh.every((one) => one.failures >= FAILURES || failedNow(one));
    if (!isBlind) return null;
    // blind since the last of them went: until then something was seen
    const failingSinceMs = Math.max(...fresh.map((one) => one.failingSinceMs));
    // what failed together after the last answer failed for the same cause
    const answeredMs = Math.max(...fresh.map((one) => one.answeredMs));
    const sinceMs = suspectedSinceMs === null ? failingSinceMs : Math.max(answeredMs, Math.min(suspectedSinceMs, failingSinceMs));
    return { sinceMs, why: 'references', targets: [...this.references] };
  }
}
