import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../common/clock.js';
import { VERSION } from '../../common/version.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { CoreLock } from '../../database/core-lock.js';
import { DatabaseHealth } from '../../database/database-health.js';
import { HealthService } from '../../health/health.service.js';
import { clockDiscipline } from '../../net/kernel/clock-discipline.js';
import { NoticesService } from '../../notices/notices.service.js';
import { ProberHost } from '../../prober/host/prober-host.js';
import { LoopLag } from '../../prober/loop-lag.js';
import type { ProberStats } from '../../prober/messages.js';
import { ResultsService } from '../../results/results.service.js';
import { LiveGateway } from '../live.gateway.js';
import { DatabaseFiguresRepository } from './database-figures.repository.js';
import type { SelfReport } from './self-report.js';
import { settingsInForce } from './settings-in-force.js';

/** Asks everybody who knows something of the monitor itself; keeps nothing but its own event loop's lag. */
@Injectable()
export class SelfReportService implements OnApplicationShutdown {
  private readonly loopLag = new LoopLag();
  private readonly startedAt = new Date(systemClock.wallMs()).toISOString();

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly prober: ProberHost,
    private readonly results: ResultsService,
    private readonly health: HealthService,
    private readonly notices: NoticesService,
    private readonly databaseHealth: DatabaseHealth,
    private readonly lock: CoreLock,
    private readonly figures: DatabaseFiguresRepository,
    private readonly live: LiveGateway,
  ) {}

  async read(): Promise<SelfReport> {
    const stats = this.prober.stats();
    return {
      ...{
        at: new Date(systemClock.wallMs()).toISOString(),
        version: VERSION,
        node: process.version,
        vantage: this.config.vantage,
      },
      core: {
        startedAt: this.startedAt,
        loopLagP99Ms: rounded(this.loopLag.p99Ms()),
        memoryBytes: process.memoryUsage.rss(),
        feedClients: this.live.clientCount(),
      },
      prober: this.proberPart(stats),
      spool: await this.spoolPart(stats),
      database: await this.databasePart(),
      clock: { steps: stats?.clockSteps ?? null, discipline: clockDiscipline() },
      doubt: this.doubtPart(),
      references: [...this.config.health.references],
      notices: this.noticesPart(),
      settings: settingsInForce(this.config),
    };
  }

  onApplicationShutdown(): void {
    this.loopLag.close();
  }

  private proberPart(stats: ProberStats | null): SelfReport['prober'] {
    const { restarts, upSinceMs } = this.prober.life();
    return {
      ...{ status: this.prober.status(), pid: this.prober.pid ?? null, restarts },
      upSince: upSinceMs === null ? null : new Date(upSinceMs).toISOString(),
      figures: stats && {
        ...{ planRevision: stats.planRevision, queued: sum(stats.queued), running: sum(stats.running) },
        ...{ startDelayP99Ms: rounded(stats.startDelayP99Ms), loopLagP99Ms: rounded(stats.loopLagP99Ms) },
        ...{ skippedRounds: stats.skippedRounds, icmpEngine: stats.icmpEngine },
      },
    };
  }

  private async spoolPart(stats: ProberStats | null): Promise<SelfReport['spool']> {
    const { waiting, setAside } = this.results.counts();
    const sizeBytes = await folderBytes(join(this.config.dataDir, 'spool'));
    return { waiting: stats?.unacknowledged ?? null, sizeBytes, dropped: stats?.dropped ?? {}, waitingInCore: waiting, setAside };
  }

  /** A database that goes away between the look and the question is away, which is what the page is for. */
  private async databasePart(): Promise<SelfReport['database']> {
    const up = this.databaseHealth.isUp();
    const figures = up ? await this.figures.read().catch(() => null) : null;
    return { up, writer: this.lock.isHeld, lastError: this.databaseHealth.lastError ?? null, figures };
  }

  private doubtPart(): SelfReport['doubt'] {
    const doubt = this.health.doubt();
    return doubt && { since: new Date(doubt.sinceMs).toISOString(), why: doubt.why, targets: [...doubt.targets] };
  }

  private noticesPart(): SelfReport['notices'] {
    const { waiting: unstored, dropped } = this.notices.unstored();
    const receivers = this.notices
      .receivers()
      .map(({ name, kind, waiting, overdueMs, sent, dead, attemptsFailed, lastError }) => ({
        ...{ name, kind, waiting, sent, dead, attemptsFailed, lastError },
        overdueSeconds: overdueMs === null ? null : Math.round(overdueMs / 1000),
      }));
    return { unstored, dropped, receivers };
  }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
const sum = (counts: Partial<Record<string, number>>): number =>
  Object.values(counts).reduce<number>((all, one) => all + (one ?? 0), 0);

/** null: there is none yet */
async function folderBytes(path: string): Promise<number | null> {
  try {
    const sizes = await Promise.all((await readdir(path)).map(async (name) => (await stat(join(path, name))).size));
    return sizes.reduce((all, one) => all + one, 0);
  } catch {
    return null;
  }
}
