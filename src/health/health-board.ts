import type { Clock } from '../common/clock.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Observation, ProbeKind, StreamMeasures } from '../probes/contract.js';
import type { EndpointView, ProbeSummary } from './endpoint-view.js';
import { assessHealth, endedAtMs, freshOutcome, type HealthFacts, NO_SIGNALS, saysNothing } from './state-machine.js';

interface Entry {
  record: EndpointRecord;
  facts: HealthFacts;
  /** last outcome of each kind, also those that say nothing about the endpoint: what a person sees as "last check" */
  shown: Partial<Record<ProbeKind, Observation>>;
  view: EndpointView;
}

/** The live state of every endpoint, in memory: it goes on while the database is away. No I/O; time comes in. */
export class HealthBoard {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  /** Takes over a new inventory; what is known of endpoints that stay is kept. Answers with the ids that left. */
  setEndpoints(records: EndpointRecord[], intervalsOf: (record: EndpointRecord) => HealthFacts['intervalMs']): string[] {
    const ids = new Set(records.map((record) => record.id));
    const removed = [...this.entries.keys()].filter((id) => !ids.has(id));
    for (const id of removed) this.entries.delete(id);
    for (const record of records) {
      const known = this.entries.get(record.id);
      const facts: HealthFacts = { latest: known?.facts.latest ?? {}, intervalMs: intervalsOf(record) };
      const entry: Entry = { record, facts, shown: known?.shown ?? {}, view: known?.view ?? emptyView(record) };
      entry.view = this.render(entry);
      this.entries.set(record.id, entry);
    }
    return removed;
  }

  /** Outcomes may come twice and late: one older than what is known changes nothing. Answers with the ids that changed. */
  apply(outcomes: Observation[]): Set<string> {
    const changed = new Set<string>();
    for (const outcome of outcomes) {
      const entry = outcome.endpointId === null ? undefined : this.entries.get(outcome.endpointId);
      if (!entry || !isNewer(outcome, entry.shown[outcome.kind])) continue;
      entry.shown[outcome.kind] = outcome;
      if (!saysNothing(outcome)) entry.facts.latest[outcome.kind] = outcome;
      entry.view = this.render(entry);
      changed.add(entry.record.id);
    }
    return changed;
  }

  /** Lets results grow stale. Answers with the ids whose state changed by the passing of time alone. */
  decay(): Set<string> {
    const changed = new Set<string>();
    for (const entry of this.entries.values()) {
      if (assessHealth(entry.facts, this.clock.wallMs()).state === entry.view.state) continue;
      entry.view = this.render(entry);
      changed.add(entry.record.id);
    }
    return changed;
  }

  views(): EndpointView[] {
    return Array.from(this.entries.values(), (entry) => entry.view);
  }

  view(id: string): EndpointView | undefined {
    return this.entries.get(id)?.view;
  }

  freshOutcome(id: string, kind: ProbeKind): Observation | undefined {
    const entry = this.entries.get(id);
    return entry && freshOutcome(entry.facts.intervalMs[kind], entry.shown[kind], this.clock.wallMs());
  }

  /** The last that said something about the endpoint, however old. */
  latestOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.entries.get(id)?.facts.latest[kind];
  }

  intervals(id: string): HealthFacts['intervalMs'] {
    return this.entries.get(id)?.facts.intervalMs ?? {};
  }

  private render(entry: Entry): EndpointView {
    const { record, facts, shown, view: before } = entry;
    const verdict = assessHealth(facts, this.clock.wallMs());
    const outcomes = Object.values(shown);
    const call = facts.latest['sip-call'];
    const reach = facts.latest.icmp ?? facts.latest.tcp;
    const newest = outcomes.reduce<Observation | undefined>((best, one) => (isNewer(one, best) ? one : best), undefined);
    const stateHolds = before.state === verdict.state;
    return {
      ...emptyView(record),
      state: verdict.state,
      reason: verdict.reason,
      signals: verdict.signals,
      since: stateHolds ? before.since : outcomes.length ? new Date(this.clock.wallMs()).toISOString() : null,
      checkedAt: newest ? endedAt(newest) : null,
      mediaCheckedAt: call ? endedAt(call) : null,
      rttMs: call?.rttMs ?? reach?.rttMs ?? rttOf(reach) ?? null,
      lossRatio: worstLoss(call) ?? lossOf(reach) ?? null,
      mos: call?.mos ?? null,
      probes: Object.fromEntries(outcomes.map((one) => [one.kind, summarise(one)])),
    };
  }
}

const isNewer = (one: Observation, than: Observation | undefined): boolean => !than || endedAtMs(one) > endedAtMs(than);
const endedAt = (outcome: Observation): string => new Date(endedAtMs(outcome)).toISOString();

const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const lossOf = (outcome: Observation | undefined): number | undefined => number(outcome?.measures?.lossRatio);
const rttOf = (outcome: Observation | undefined): number | undefined => {
  const rtt = outcome?.measures?.rttMs;
  return typeof rtt === 'object' && rtt !== null ? number((rtt as { median?: unknown }).median) : undefined;
};

function worstLoss(call: Observation | undefined): number | undefined {
  const ratios = Object.values(call?.media ?? {}).flatMap(
    (stream: StreamMeasures | undefined) => number(stream?.lossRatio) ?? [],
  );
  return ratios.length ? Math.max(...ratios) : undefined;
}

function summarise(outcome: Observation): ProbeSummary {
  const rttMs = outcome.rttMs ?? rttOf(outcome);
  const lossRatio = worstLoss(outcome) ?? lossOf(outcome);
  return {
    result: outcome.result,
    reason: outcome.reason,
    at: endedAt(outcome),
    durationMs: outcome.durationMs,
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(lossRatio === undefined ? {} : { lossRatio }),
  };
}

const emptyView = (record: EndpointRecord): EndpointView => ({
  id: record.id,
  siteCode: record.siteCode,
  siteName: record.siteName,
  tier: record.tier,
  area: record.area,
  carrier: record.carrier,
  address: record.address,
  ordinal: record.ordinal,
  lat: record.lat,
  lon: record.lon,
  contactName: record.contactName,
  contactPhone: record.contactPhone,
  state: 'untested',
  reason: null,
  signals: NO_SIGNALS,
  since: null,
  checkedAt: null,
  mediaCheckedAt: null,
  rttMs: null,
  lossRatio: null,
  mos: null,
  probes: {},
  flapping: false,
  unlikeItself: null,
  maintenance: null,
  monitorBlind: false,
});
