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

  private announce(change: HealthChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
