import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type { Logger } from 'pino';
import { systemClock } from '../common/clock.js';
import { RecentSet } from '../common/recent-set.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { CoreLock } from '../database/core-lock.js';
import { DatabaseHealth } from '../database/database-health.js';
import { ChecksService } from '../health/checks.service.js';
import { referenceItems } from '../health/doubt-watch.js';
import { DoubtService } from '../health/doubt.service.js';
import { HealthService } from '../health/health.service.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { exceptionsForNobody } from '../inventory/exceptions.js';
import { buildPlan } from '../inventory/probe-plan.js';
import { MonitorStatusService } from '../live/monitor-status.service.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { Plan, QuietWindow } from '../prober/messages.js';
import type { Outcome } from '../probes/contract.js';
import { ResultsService } from '../results/results.service.js';
import { ReadinessService } from '../sessions/readiness.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { quietWindows } from './quiet-plan.js';
import { StoreWatch } from './store-watch.js';
import { LOGGER, SIMULATED } from './tokens.js';

/** More than a prober can hold unacknowledged while the database is away for an hour at 150 sites. */
const REMEMBERED_RUNS = 100_000;

/** Leads outcomes from the prober to everyone who needs them, and the inventory to the prober as its plan. */
@Injectable()
export class PipelineService implements OnApplicationBootstrap {
  private planRevision = 0;
  private planned: { endpoints: EndpointRecord[]; plan: Plan } | null = null;
  private readonly store: StoreWatch;
  private readonly counted = new RecentSet(REMEMBERED_RUNS);

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(SIMULATED) private readonly simulated: boolean,
    private readonly prober: ProberHost,
    private readonly inventory: InventoryService,
    private readonly results: ResultsService,
    private readonly health: HealthService,
    private readonly incidents: IncidentsService,
    private readonly doubt: DoubtService,
    private readonly checks: ChecksService,
    private readonly readiness: ReadinessService,
    private readonly metrics: MetricsService,
    private readonly monitor: MonitorStatusService,
    private readonly database: DatabaseHealth,
    private readonly lock: CoreLock,
    private readonly sessions: SessionsService,
  ) {
    this.store = new StoreWatch(log, () => this.tellDatabase());
  }

  async onApplicationBootstrap(): Promise<void> {
    this.monitor.update({ simulated: this.simulated });
    this.tellDatabase();
    this.database.onChange(() => this.tellDatabase());
    this.lock.onChange(() => this.tellDatabase());
    this.results.onWritten((tookMs) => this.metrics.storeWritten(tookMs));
    this.prober.onStatus((status) => this.monitor.update({ prober: status }));
    this.prober.onOutcomes((outcomes) => this.take(outcomes));
    this.inventory.onChanged(() => this.replanSoon());
    this.readiness.onLightPhase(() => this.replanSoon());
    this.sessions.onChanged(() => this.renewQuiet());
    await this.replan();
    await this.health.restore();
    await this.incidents.start();
    await this.readiness.restore();
    this.prober.start();
    this.health.restoreUsual().catch((error: unknown) => this.log.warn({ err: error }, 'usual round trips not restored'));
  }

  /**
   * Memory first, so that the board goes on while the database is away. A rejection of the store leaves the outcomes with
   * the prober, which offers them again; what is told twice here changes nothing the second time.
   */
  private async take(outcomes: Outcome[]): Promise<void> {
    this.doubt.outcomesSeen(outcomes);
    this.health.apply(outcomes);
    this.checks.outcomesSeen(outcomes);
    this.readiness.outcomesSeen(outcomes);
    this.metrics.outcomesSeen(outcomes.filter((outcome) => this.counted.add(outcome.runId)));
    try {
      await this.results.store(outcomes);
      this.metrics.storeWrite(true);
      this.store.succeeded();
    } catch (error) {
      this.metrics.storeWrite(false);
      this.store.failed(error, outcomes.length);
      throw error;
    }
  }

  /** For the board one thing counts: is what is measured now kept? */
  private tellDatabase(): void {
    const up = this.database.isUp() && this.lock.isHeld && this.store.works;
    this.monitor.update({ database: up ? 'up' : 'down' });
  }

  private replanSoon(): void {
    this.replan().catch((error: unknown) => this.log.error({ err: error }, 'no new plan'));
  }

  private async replan(): Promise<void> {
    const endpoints = await this.inventory.listEndpoints();
    const { exceptions } = this.config;
    for (const index of exceptionsForNobody(endpoints, exceptions))
      this.log.warn({ exception: index, for: exceptions[index]?.for }, 'an exception in the settings fits no endpoint');
    const planned = buildPlan(endpoints, this.config, ++this.planRevision);
    this.readiness.setPlan(endpoints, planned);
    const light = this.readiness.withLightProbes(planned);
    const items = [...light.items, ...referenceItems(this.config)];
    const plan = { ...light, items, quiet: this.quietFor(endpoints) };
    this.planned = { endpoints, plan };
    this.health.setPlan(endpoints, plan);
    this.prober.setPlan(plan);
    this.log.info({ endpoints: endpoints.length, probes: plan.items.length, revision: plan.revision }, 'plan made');
  }

  /** Sessions change, and days go by: the prober is told when that changes anything for it. Needs no database. */
  @Cron('0 3 * * * *', { name: 'quiet-windows', timeZone: 'UTC' })
  renewQuiet(): void {
    if (!this.planned) return;
    const { endpoints, plan } = this.planned;
    const quiet = this.quietFor(endpoints);
    if (JSON.stringify(quiet) === JSON.stringify(plan.quiet)) return;
    this.planned = { endpoints, plan: { ...plan, revision: ++this.planRevision, quiet } };
    this.prober.setPlan(this.planned.plan);
  }

  private quietFor(endpoints: readonly EndpointRecord[]): QuietWindow[] {
    return quietWindows(endpoints, this.config, this.sessions, systemClock.wallMs());
  }
}
