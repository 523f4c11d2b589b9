import { Inject, Injectable, Optional } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import { profileReader } from '../inventory/profiles.js';
import type { Plan } from '../prober/messages.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { ResultsService } from '../results/results.service.js';
import { SLOT_MS, SLOTS } from './baseline.js';
import type { EndpointView } from './endpoint-view.js';
import { type Confirmation, HealthBoard } from './health-board.js';
import type { MaintenanceWindow } from './maintenance/maintenance-window.js';
import type { DoubtListener, MonitorDoubt } from './monitor-doubt.js';
import { KEPT } from './probe-history.js';
import { type SiteView, sitesOf } from './site-view.js';
import { FRESH_INTERVALS } from './state-machine.js';

export interface HealthChange {
  changed: EndpointView[];
  removed: string[];
}

const DECAY_CHECK_MS = 5_000;
/** In one go: at 1,000 a part held the loop for 14-36 ms on a busy machine. */
const AT_ONCE = 250;

/** Applies outcomes to the board in memory and tells who listens what changed. */
@Injectable()
export class HealthService {
  private readonly board: HealthBoard;
  private readonly listeners = new Set<(change: HealthChange) => void>();
  private readonly doubtListeners = new Set<DoubtListener>();
  private readonly confirmListeners = new Set<(wanted: Confirmation[]) => void>();
  private waiting: Observation[] = [];
  private siteViews: Map<string, SiteView> | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly results: ResultsService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {
    const { failures, ofLast, confirmWithinSeconds, recoverAfter, flapping, unlikeItself } = config.health;
    const confirmWithinMs = confirmWithinSeconds * 1000;
    this.board = new HealthBoard(clock, { failures, of: ofLast, confirmWithinMs, recoverAfter, flapping }, unlikeItself);
  }

  onChange(listener: (change: HealthChange) => void): void {
    this.listeners.add(listener);
  }

  /** A restart of the core is no reason to forget what was seen a minute ago. */
  async restore(): Promise<void> {
    await this.relive();
    const longestMs =
      Math.max(...Object.values(this.config.probes).map((probe) => probe.intervalSeconds)) * 1000 * FRESH_INTERVALS;
    const stored = await this.results.latestPerKind(new Date(this.clock.wallMs() - longestMs));
    this.announceIds(this.board.apply(stored, true));
  }

  /** An interval of one kind at a time: of 10,000 endpoints each is 10,000 results. */
  private async relive(): Promise<void> {
    const nowMs = this.clock.wallMs();
    for (const [kind, intervalMs] of this.board.decisiveKinds()) {
      for (let ago = KEPT; ago > 0; ago--) {
        const fromMs = nowMs - ago * intervalMs;
        this.board.relive(await this.results.ofKind(kind, new Date(fromMs), new Date(fromMs + intervalMs)));
      }
    }
  }

  /** A part at a time, the newest first: a week of 10,000 endpoints is 420,000 figures. */
  async restoreUsual(): Promise<void> {
    const thisSlotMs = Math.floor(this.clock.wallMs() / SLOT_MS) * SLOT_MS;
    for (let ago = 1; ago < SLOTS; ago++) {
      const fromMs = thisSlotMs - ago * SLOT_MS;
      const means = await this.results.meanRoundTrips('icmp', new Date(fromMs), new Date(fromMs + SLOT_MS));
      for (const { endpointId, rttMs } of means) this.board.learnUsual(endpointId, fromMs, rttMs);
    }
  }

  setPlan(records: EndpointRecord[], plan: Plan): void {
    const intervals = new Map<string, Partial<Record<ProbeKind, number>>>();
    for (const item of plan.items) {
      intervals.set(item.endpointId, { ...intervals.get(item.endpointId), [item.kind]: item.intervalMs });
    }
    const removed = this.board.setEndpoints(records, (record) => intervals.get(record.id) ?? {}, profileReader(this.config));
    this.announce({ changed: this.board.views(), removed });
  }

  /** A burst is applied in parts, so that pages and metrics are served between them: 10,000 outcomes take 110-150 ms. */
  apply(outcomes: readonly Observation[]): void {
    this.waiting.push(...outcomes);
    if (this.waiting.length === outcomes.length) this.applyPart();
  }

  @Interval(DECAY_CHECK_MS)
  decay(): void {
    this.decayPart(this.board.size);
  }

  setMaintenance(windows: readonly MaintenanceWindow[]): void {
    this.announceIds(this.board.setMaintenance(windows));
  }

  /** While there is a doubt every endpoint is unknown, and no failure is held against any. */
  setDoubt(doubt: MonitorDoubt | null): void {
    const ids = this.board.setDoubt(doubt);
    for (const listener of this.doubtListeners) listener(doubt);
    this.announceIds(ids);
  }

  /** Somebody has to order these probes. */
  onConfirmationWanted(listener: (wanted: Confirmation[]) => void): void {
    this.confirmListeners.add(listener);
  }

  views(): EndpointView[] {
    return this.board.views();
  }

  view(id: string): EndpointView | undefined {
    return this.board.view(id);
  }

  /** Rolled up anew after a change, when somebody asks. */
  sites(): SiteView[] {
    return [...this.rolledUp().values()];
  }

  site(code: string): SiteView | undefined {
    return this.rolledUp().get(code);
  }

  /** null: the monitor trusts what it sees */
  doubt(): MonitorDoubt | null {
    return this.board.doubt;
  }

  onDoubt(listener: DoubtListener): void {
    this.doubtListeners.add(listener);
  }

  /** The last outcome of a kind, unless three of its intervals have passed. */
  freshOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.board.freshOutcome(id, kind);
  }

  /** The last call of whatever protocol, unless three of its intervals have passed. */
  freshCall(id: string): Observation | undefined {
    return this.board.freshCall(id);
  }

  /** The last outcome of a kind that said something about the endpoint, however old. */
  latestOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.board.latestOutcome(id, kind);
  }

  /** The last call that said something about the endpoint, of whatever protocol and however old. */
  latestCall(id: string): Observation | undefined {
    return this.board.latestCall(id);
  }

  intervals(id: string): Partial<Record<ProbeKind, number>> {
    return this.board.intervals(id);
  }

  private applyPart(): void {
    const part = this.waiting.splice(0, AT_ONCE);
    if (this.waiting.length) setImmediate(() => this.applyPart());
    this.announceIds(this.board.apply(part));
  }

  private decayPart(left: number): void {
    this.announceIds(this.board.decay(Math.min(left, AT_ONCE)));
    if (left > AT_ONCE) setImmediate(() => this.decayPart(left - AT_ONCE));
  }

  private announceIds(ids: Set<string>): void {
    const wanted = this.board.takeConfirmations();
    if (wanted.length) for (const listener of this.confirmListeners) listener(wanted);
    const changed = [...ids].flatMap((id) => this.board.view(id) ?? []);
    if (changed.length) this.announce({ changed, removed: [] });
  }

  private rolledUp(): Map<string, SiteView> {
    this.siteViews ??= new Map(sitesOf(this.board.views()).map((site) => [site.siteCode, site]));
    return this.siteViews;
  }

  private announce(change: HealthChange): void {
    this.siteViews = null;
    for (const listener of this.listeners) listener(change);
  }
}
