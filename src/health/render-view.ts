import type { HealthState } from '../common/states.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { EndpointProfile } from '../inventory/profiles.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { emptyView } from './empty-view.js';
import type { EndpointView, ProbeSummary, Unlikeness } from './endpoint-view.js';
import { lossOf, rttOf, worstLoss } from './figures.js';
import type { Standing } from './settle.js';
import { endedAtMs, type HealthFacts, latestCall, NO_SIGNALS } from './state-machine.js';

/** All that a view is made of. */
export interface ViewSource {
  record: EndpointRecord;
  profile: EndpointProfile;
  facts: HealthFacts;
  /** last outcome of each kind, also those that say nothing about the endpoint: what a person sees as "last check" */
  shown: Partial<Record<ProbeKind, Observation>>;
  /** the same, as a view has them: made once for each outcome */
  probes: EndpointView['probes'];
  standing: Standing;
  unlike: Unlikeness | null;
  /** the one before */
  view: EndpointView;
}

/**
 * One endpoint as the API and the feed show it. A new object for each change, since views are handed out; filled field by field,
 * because a burst makes 10,000 and what they leave behind for the collector held the event loop longer than the work itself.
 * @param maintenance the open window
 */
export function renderView(
  source: ViewSource,
  maintenance: EndpointView['maintenance'],
  isBlind: boolean,
  nowMs: number,
): EndpointView {
  const { record, profile, facts, shown, standing, view: before } = source;
  const { verdict, sinceMs } = standing;
  const call = latestCall(facts);
  const reach = facts.latest.icmp ?? facts.latest.tcp;
  const overlay: HealthState | null = maintenance ? 'maintenance' : isBlind ? 'unknown' : null;
  const view = emptyView(record, profile);
  view.state = overlay ?? verdict.state;
  view.reason = overlay ? null : verdict.reason;
  view.signals = overlay ? NO_SIGNALS : verdict.signals;
  if (overlay === null) view.since = sinceMs === null ? null : isoOf(sinceMs);
  else view.since = overlay === before.state ? before.since : isoOf(nowMs);
  view.checkedAt = newestEnd(shown);
  view.mediaCheckedAt = call ? endedAt(call) : null;
  view.rttMs = call?.rttMs ?? reach?.rttMs ?? rttOf(reach) ?? null;
  view.lossRatio = worstLoss(call) ?? lossOf(reach) ?? null;
  view.mos = call?.mos ?? null;
  view.probes = source.probes;
  view.flapping = standing.flapping;
  view.unlikeItself = overlay ? null : source.unlike;
  view.maintenance = maintenance;
  view.monitorBlind = isBlind;
  return view;
}

export function summarise(outcome: Observation): ProbeSummary {
  const rttMs = outcome.rttMs ?? rttOf(outcome);
  const lossRatio = worstLoss(outcome) ?? lossOf(outcome);
  return {
    result: outcome.result,
    reason: outcome.reason,
    at: endedAt(outcome),
    durationMs: outcome.durationMs,
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(lossRatio === undefined ? {} : { lossRatio }),
    ...fallBackOf(outcome),
  };
}

/** As the prober noted it; target and signalling stay with the outcome. */
function fallBackOf({ detail }: Observation): Pick<ProbeSummary, 'fellBackFrom'> {
  const noted = detail?.['fellBackFrom'] as ProbeSummary['fellBackFrom'];
  return noted ? { fellBackFrom: { kind: noted.kind, reason: noted.reason } } : {};
}

function newestEnd(shown: ViewSource['shown']): string | null {
  let newestMs = -Infinity;
  for (const kind in shown) {
    const outcome = shown[kind as ProbeKind];
    if (outcome) newestMs = Math.max(newestMs, endedAtMs(outcome));
  }
  return newestMs === -Infinity ? null : isoOf(newestMs);
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const endedAt = (outcome: Observation): string => isoOf(endedAtMs(outcome));
