import type { Clock } from '../common/clock.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import { type EndpointProfile, VIDEO_ROOM } from '../inventory/profiles.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { SELF_LAG } from '../probes/call/media-call.verdict.js';
import { Baseline, BASELINE_RULES, type BaselineRules } from './baseline.js';
import { emptyView } from './empty-view.js';
import type { EndpointView } from './endpoint-view.js';
import type { MaintenanceWindow } from './maintenance/maintenance-window.js';
import { covers, openOccurrence } from './maintenance/maintenance-window.js';
import type { MonitorDoubt } from './monitor-doubt.js';
import { rttOf } from './figures.js';
import { renderView, summarise, type ViewSource } from './render-view.js';
import { counted, heard, NOTHING_KNOWN, settle, type SettleRules } from './settle.js';
import {
  assessHealth,
  endedAtMs,
  freshOutcome,
  type HealthFacts,
  latestCall,
  plannedCallKind,
  saysNothing,
} from './state-machine.js';

/** What is to be probed once more, at once. */
export interface Confirmation {
  endpointId: string;
  kind: ProbeKind;
}

interface Entry extends ViewSource {
  /** of its pings, once one was answered */
  baseline?: Baseline;
}

/** The live state of every endpoint, in memory: it goes on while the database is away. No I/O; time comes in. */
export class HealthBoard {
  private readonly entries = new Map<string, Entry>();

  private order: string[] = [];
  private cursor = 0;
  private confirmations: Confirmation[] = [];
  private windows: readonly MaintenanceWindow[] = [];
  private doubted: MonitorDoubt | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly rules: SettleRules,
    private readonly baselineRules: BaselineRules = BASELINE_RULES,
  ) {}

  /** Takes over a new inventory; what is known of endpoints that stay is kept. Answers with the ids that left. */
  setEndpoints(
    records: EndpointRecord[],
    intervalsOf: (record: EndpointRecord) => HealthFacts['intervalMs'],
    profileOf: (record: EndpointRecord) => EndpointProfile = () => VIDEO_ROOM,
  ): string[] {
    const ids = new Set(records.map((record) => record.id));
    const removed = [...this.entries.keys()].filter((id) => !ids.has(id));
    for (const id of removed) this.entries.delete(id);
    this.order = [...ids];
    for (const record of records) {
      const known = this.entries.get(record.id);
      const profile = profileOf(record);
      const facts = { latest: known?.facts.latest ?? {}, intervalMs: intervalsOf(record), needs: profile.needs };
      const {
        shown = {},
        probes = {},
        standing = NOTHING_KNOWN,
        view = emptyView(record, profile),
        baseline,
        unlike = null,
      } = known ?? {};
      const entry: Entry = { record, profile, facts, shown, probes, standing, baseline, unlike, view };
      this.judge(entry, this.rules);
      this.entries.set(record.id, entry);
    }
    return removed;
  }

  /**
   * Outcomes may come twice and late: one older than what is known changes nothing. Answers with the ids that changed.
   * @param stored they were seen before a restart: what they say was confirmed then
   */
  apply(outcomes: readonly Observation[], stored = false): Set<string> {
    const changed = new Set<string>();
    const rules = stored ? { ...this.rules, failures: 1 } : this.rules;
    for (const outcome of outcomes) {
      const entry = outcome.endpointId === null ? undefined : this.entries.get(outcome.endpointId);
      if (!entry || !isNewer(outcome, entry.shown[outcome.kind])) continue;
      entry.shown[outcome.kind] = outcome;
      entry.probes = { ...entry.probes, [outcome.kind]: summarise(outcome) };
      if (!saysNothing(outcome) && !(this.doubted && outcome.result === 'fail')) {
        entry.facts.latest[outcome.kind] = outcome;
        entry.standing = heard(entry.standing, outcome, entry.facts, rules);
      }
      if (!stored && !this.doubted) this.compareWithUsual(entry, outcome);
      this.judge(entry, rules);
      changed.add(entry.record.id);
    }
    return changed;
  }

  /** Kinds whose results decide whether an endpoint is down or flapping, each with its longest interval. */
  decisiveKinds(): Map<ProbeKind, number> {
    const kinds = new Map<ProbeKind, number>();
    for (const { facts } of this.entries.values()) {
      for (const kind of counted(facts.intervalMs)) {
        const intervalMs = facts.intervalMs[kind];
        if (intervalMs !== undefined) kinds.set(kind, Math.max(intervalMs, kinds.get(kind) ?? 0));
      }
    }
    return kinds;
  }

  /** Results of before a restart, oldest first: what N of M, recovery and flapping look back on. The state comes of what is applied. */
  relive(outcomes: readonly Observation[]): void {
    for (const outcome of outcomes) {
      const entry = outcome.endpointId === null ? undefined : this.entries.get(outcome.endpointId);
      if (entry && !saysNothing(outcome)) entry.standing = heard(entry.standing, outcome, entry.facts, this.rules);
    }
  }

  /** What the round trip of an endpoint's pings was on its last days. @param atMs within the time that the mean is of */
  learnUsual(id: string, atMs: number, rttMs: number): void {
    const entry = this.entries.get(id);
    if (entry) (entry.baseline ??= new Baseline(this.baselineRules)).learn(atMs, rttMs);
  }

  /** Lets time pass for at most so many endpoints, going round. Answers with the ids whose state changed by that alone. */
  decay(most = Infinity): Set<string> {
    const changed = new Set<string>();
    for (let count = Math.min(most, this.order.length); count > 0; count--) {
      this.cursor = (this.cursor + 1) % this.order.length;
      const entry = this.entries.get(this.order[this.cursor] ?? '');
      if (!entry) continue;
      const before = entry.view;
      if (this.judge(entry, this.rules, true)) changed.add(before.id);
    }
    return changed;
  }

  get size(): number {
    return this.order.length;
  }

  /** Probes that would settle what is in question; each is given once. */
  takeConfirmations(): Confirmation[] {
    const taken = this.confirmations;
    this.confirmations = [];
    return taken;
  }

  setMaintenance(windows: readonly MaintenanceWindow[]): Set<string> {
    this.windows = windows;
    return this.decay();
  }

  get doubt(): MonitorDoubt | null {
    return this.doubted;
  }

  /** What failed since the doubt began is not held against anybody, neither while it lasts nor when it is over. */
  setDoubt(doubt: MonitorDoubt | null): Set<string> {
    const sinceMs = Math.min(doubt?.sinceMs ?? Infinity, this.doubted?.sinceMs ?? Infinity);
    this.doubted = doubt;
    const changed = new Set<string>();
    for (const entry of this.entries.values()) {
      forgetFailuresSince(entry, sinceMs);
      this.judge(entry, this.rules);
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

  /** The last call of whatever protocol, while it is fresh. */
  freshCall(id: string): Observation | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    const kind = plannedCallKind(entry.facts);
    return freshOutcome(kind && entry.facts.intervalMs[kind], latestCall({ latest: entry.shown }), this.clock.wallMs());
  }

  /** The last that said something about the endpoint, however old. */
  latestOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.entries.get(id)?.facts.latest[kind];
  }

  latestCall(id: string): Observation | undefined {
    const entry = this.entries.get(id);
    return entry && latestCall(entry.facts);
  }

  intervals(id: string): HealthFacts['intervalMs'] {
    return this.entries.get(id)?.facts.intervalMs ?? {};
  }

  /** Pings alone: of all probes they come most often, and no software of the device has a part in their time. */
  private compareWithUsual(entry: Entry, outcome: Observation): void {
    if (outcome.kind !== 'icmp' || saysNothing(outcome)) return;
    const rttMs = outcome.rttMs ?? rttOf(outcome);
    if (rttMs === undefined) entry.unlike = null;
    else if (outcome.selfLagMs <= SELF_LAG.everythingMs)
      entry.unlike = (entry.baseline ??= new Baseline(this.baselineRules)).hear(rttMs, endedAtMs(outcome));
  }

  /** @returns whether its view was made anew */
  private judge(entry: Entry, rules: SettleRules, onlyWhenChanged = false): boolean {
    const nowMs = this.clock.wallMs();
    const before = entry.standing;
    const { standing, confirm } = settle(before, assessHealth(entry.facts, nowMs), entry.facts, nowMs, rules);
    entry.standing = standing;
    if (confirm && !this.doubted) this.confirmations.push({ endpointId: entry.record.id, kind: confirm });
    const planned = this.openWindow(entry.record, nowMs);
    if (!freshOutcome(entry.facts.intervalMs.icmp, entry.shown.icmp, nowMs)) entry.unlike = null;
    const isSame =
      standing.verdict.state === before.verdict.state &&
      planned?.until === entry.view.maintenance?.until &&
      (entry.unlike !== null || entry.view.unlikeItself === null);
    if (onlyWhenChanged && isSame) return false;
    entry.view = renderView(entry, planned, this.doubted !== null, nowMs);
    return true;
  }

  private openWindow(record: EndpointRecord, nowMs: number): EndpointView['maintenance'] {
    for (const window of this.windows) {
      const open = covers(window, record) ? openOccurrence(window, nowMs) : null;
      if (open) return { id: window.id, until: new Date(open.toMs).toISOString(), note: window.note };
    }
    return null;
  }
}

function forgetFailuresSince(entry: Entry, sinceMs: number): void {
  const latest = Object.values(entry.facts.latest);
  const spoilt = latest.filter((outcome) => outcome.result === 'fail' && endedAtMs(outcome) >= sinceMs);
  for (const { kind } of spoilt) delete entry.facts.latest[kind];
  if (spoilt.length) entry.standing = { ...NOTHING_KNOWN, sinceMs: entry.standing.sinceMs };
}

const isNewer = (one: Observation, than: Observation | undefined): boolean => !than || endedAtMs(one) > endedAtMs(than);
