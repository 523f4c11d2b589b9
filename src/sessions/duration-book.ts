import { planKey } from '../prober/plan-key.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { isCall } from './check-plan.js';

export interface MeasuredDuration {
  endpointId: string;
  kind: ProbeKind;
  durationMs: number;
}

/** Until something was measured: a call holds 6 s and is set up and ended besides; a burst of five echo requests lasts a second. */
const CALL_MS = 8_000;
const LIGHT_MS = 1_000;
/** Weight of the newest: after three rounds nine tenths of what is expected are news. */
const NEWEST = 0.5;

/** How long each probe of each endpoint takes, as it was measured. A device that does not answer takes its whole time-out, every time. */
export class DurationBook {
  private readonly measured = new Map<string, number>();
  private readonly sums = new Map<ProbeKind, { sumMs: number; count: number }>();

  constructor(measured: Iterable<MeasuredDuration> = []) {
    for (const { endpointId, kind, durationMs } of measured) this.put(endpointId, kind, durationMs);
  }

  /** One that our own machine spoilt, or that never began, says nothing of how long the next will take. */
  learn({ endpointId, kind, durationMs, result, reason }: Observation): void {
    if (endpointId === null || (result === 'inconclusive' && OURS.has(reason))) return;
    const before = this.measured.get(planKey({ endpointId, kind }));
    this.put(endpointId, kind, before === undefined ? durationMs : before + NEWEST * (durationMs - before));
  }

  /** Of this endpoint; else the mean of its kind; else what is usual. */
  expectedMs(endpointId: string, kind: ProbeKind): number {
    return this.measured.get(planKey({ endpointId, kind })) ?? this.meanOf(kind) ?? (isCall(kind) ? CALL_MS : LIGHT_MS);
  }

  private meanOf(kind: ProbeKind): number | undefined {
    const sum = this.sums.get(kind);
    return sum && sum.sumMs / sum.count;
  }

  private put(endpointId: string, kind: ProbeKind, durationMs: number): void {
    const key = planKey({ endpointId, kind });
    const before = this.measured.get(key);
    const sum = this.sums.get(kind) ?? { sumMs: 0, count: 0 };
    this.sums.set(kind, { sumMs: sum.sumMs + durationMs - (before ?? 0), count: sum.count + (before === undefined ? 1 : 0) });
    this.measured.set(key, durationMs);
  }
}

const OURS: ReadonlySet<Observation['reason']> = new Set([
  'aborted',
  'self-overloaded',
  'unavailable-here',
  'target-not-allowed',
] as const);
