import type { PacingLimits } from '../prober/predict-finish.js';
import type { PlanItem } from '../prober/messages.js';
import { planKey } from '../prober/plan-key.js';
import type { ProbeKind } from '../probes/contract.js';
import { isCall } from './check-plan.js';
import type { Session } from './session.js';

const MINUTE_MS = 60_000;

/** The nearer the start, the sooner a line that falls must show. Nearest first. */
const STEPS = [
  { withinMs: 10 * MINUTE_MS, everyMs: 10_000 },
  { withinMs: 30 * MINUTE_MS, everyMs: 15_000 },
  { withinMs: 120 * MINUTE_MS, everyMs: 30_000 },
] as const;
/** While the session lasts: calls rest, so that a light probe is all that tells of a site that drops out. */
const DURING_MS = 15_000;
/** Light probes may have half the places of their kind: sweeps and checks need the rest. */
const SHARE_OF_PLACES = 0.5;
/** A device that does not answer takes its whole time-out: rounds that come before it has ended would be left out. */
const ROUNDS_APART = 2;

type Times = Pick<Session, 'startsMs' | 'endsMs' | 'status'>;

/** How often a participant's light probes go out at this moment; null: as always. */
export function lightIntervalMs({ startsMs, endsMs, status }: Times, nowMs: number): number | null {
  if (status === 'cancelled' || nowMs >= endsMs) return null;
  if (nowMs >= startsMs) return DURING_MS;
  return STEPS.find(({ withinMs }) => startsMs - nowMs <= withinMs)?.everyMs ?? null;
}

export interface LightNeed {
  everyMs: number;
  endpointIds: ReadonlySet<string>;
}

/**
 * The plan with the light probes of participants made denser: never rarer than the settings say, and never so dense that they would
 * take more than half the places of their kind (10,000 endpoints cannot all be asked every ten seconds), or overtake themselves.
 */
export function denser(
  items: readonly PlanItem[],
  needs: readonly LightNeed[],
  limits: Pick<PacingLimits, 'concurrency'>,
  durationMs: (item: PlanItem) => number,
): PlanItem[] {
  const wanted = new Map<string, number>();
  for (const item of items) {
    const everyMs = isCall(item.kind) ? Infinity : leastOf(needs, item.endpointId);
    if (everyMs < item.intervalMs) wanted.set(planKey(item), everyMs);
  }
  if (wanted.size === 0) return [...items];
  const floors = floorsOf(
    items.filter((item) => wanted.has(planKey(item))),
    limits,
    durationMs,
  );
  return items.map((item) => {
    const everyMs = wanted.get(planKey(item));
    if (everyMs === undefined) return item;
    const leastMs = Math.max(floors.get(item.kind) ?? 0, ROUNDS_APART * durationMs(item));
    return { ...item, intervalMs: Math.min(item.intervalMs, Math.max(everyMs, leastMs)) };
  });
}

const leastOf = (needs: readonly LightNeed[], endpointId: string): number =>
  Math.min(Infinity, ...needs.filter(({ endpointIds }) => endpointIds.has(endpointId)).map(({ everyMs }) => everyMs));

/** The shortest interval that each kind can bear for all of these. */
function floorsOf(
  items: readonly PlanItem[],
  { concurrency }: Pick<PacingLimits, 'concurrency'>,
  durationMs: (item: PlanItem) => number,
): Map<ProbeKind, number> {
  const floors = new Map<ProbeKind, number>();
  for (const item of items) {
    floors.set(item.kind, (floors.get(item.kind) ?? 0) + durationMs(item) / (SHARE_OF_PLACES * concurrency[item.kind]));
  }
  return floors;
}
