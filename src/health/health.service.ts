import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { Plan } from '../prober/messages.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { ResultsService } from '../results/results.service.js';
import type { EndpointView } from './endpoint-view.js';
import { HealthBoard } from './health-board.js';
import type { DoubtListener, MonitorDoubt } from './monitor-doubt.js';
import { type SiteView, sitesOf } from './site-view.js';
import { FRESH_INTERVALS } from './state-machine.js';

export interface HealthChange {
  changed: EndpointView[];
  removed: string[];
}

const DECAY_CHECK_MS = 5_000;

/** Applies outcomes to the board in memory and tells who listens what changed. */
@Injectable()
export class HealthService {
  private readonly board = new HealthBoard(systemClock);
  private readonly listeners = new Set<(change: HealthChange) => void>();
  private readonly doubtListeners = new Set<DoubtListener>();
  private readonly doubted: MonitorDoubt | null = null;
  private siteViews: Map<string, SiteView> | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly results: ResultsService,
  ) {}

  onChange(listener: (change: HealthChange) => void): void {
    this.listeners.add(listener);
  }

  /** A restart of the core is no reason to forget what was seen a minute ago. */
  async restore(): Promise<void> {
    const longestMs =
      Math.max(...Object.values(this.config.probes).map((probe) => probe.intervalSeconds)) * 1000 * FRESH_INTERVALS;
    this.apply(await this.results.latestPerKind(new Date(systemClock.wallMs() - longestMs)));
  }

  setPlan(records: EndpointRecord[], plan: Plan): void {
    const intervals = new Map<string, Partial<Record<ProbeKind, number>>>();
    for (const item of plan.items) {
      intervals.set(item.endpointId, { ...intervals.get(item.endpointId), [item.kind]: item.intervalMs });
    }
    const removed = this.board.setEndpoints(records, (record) => intervals.get(record.id) ?? {});
    this.announce({ changed: this.board.views(), removed });
  }

  apply(outcomes: Observation[]): void {
    this.announceIds(this.board.apply(outcomes));
  }

  @Interval(DECAY_CHECK_MS)
  decay(): void {
    this.announceIds(this.board.decay());
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
    return this.doubted;
  }

  onDoubt(listener: DoubtListener): void {
    this.doubtListeners.add(listener);
  }

  /** The last outcome of a kind, unless three of its intervals have passed. */
  freshOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.board.freshOutcome(id, kind);
  }

  /** The last outcome of a kind that said something about the endpoint, however old. */
  latestOutcome(id: string, kind: ProbeKind): Observation | undefined {
    return this.board.latestOutcome(id, kind);
  }

  intervals(id: string): Partial<Record<ProbeKind, number>> {
    return this.board.intervals(id);
  }

  private announceIds(ids: Set<string>): void {
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
