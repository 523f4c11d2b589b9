import { Inject, Injectable, Logger } from '@nestjs/common';
import { join } from 'node:path';
import { type Clock, systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { MonitorStatus, StandingStop } from './feed-events.js';
import { MonitorStatusService } from './monitor-status.service.js';
import { StopFile } from './stop-file.js';

/**
 * The switch that stops all calls: takes effect at once, needs no database, and holds over every restart until somebody lifts it.
 * The prober hears of it before its first plan.
 */
@Injectable()
export class GlobalStopService {
  private readonly logger = new Logger(GlobalStopService.name);
  private readonly file: StopFile;
  private readonly clock: Clock = systemClock;
  private standing: StandingStop | null;

  constructor(
    @Inject(APP_CONFIG) config: Pick<AppConfig, 'dataDir'>,
    private readonly prober: ProberHost,
    private readonly monitor: MonitorStatusService,
  ) {
    this.file = new StopFile(join(config.dataDir, 'stop.json'));
    this.standing = this.file.read();
    if (this.standing) this.logger.warn(`calls are stopped since ${this.standing.since} by ${this.standing.by}`);
    this.apply();
  }

  /** Calls under way end with BYE. A stop upon a stop changes what is stopped, and keeps since when. */
  stop(by: string, note: string, everything: boolean): MonitorStatus {
    const since = this.standing?.since ?? new Date(this.clock.wallMs()).toISOString();
    this.logger.warn(`${everything ? 'everything' : 'calls'} stopped by ${by}: ${note}`);
    return this.set({ level: everything ? 'everything' : 'calls', by, note, since });
  }

  resume(by: string, note: string): MonitorStatus {
    this.logger.warn(`calls resumed by ${by}: ${note}`);
    return this.set(null);
  }

  /** In effect first: what cannot be kept on disk must not keep a call in a room. */
  private set(standing: StandingStop | null): MonitorStatus {
    this.standing = standing;
    this.apply();
    try {
      this.file.write(standing);
    } catch (error) {
      this.logger.error(`not kept on disk, a restart will not know of it: ${String(error)}`);
    }
    return this.monitor.current();
  }

  private apply(): void {
    this.prober.setStop(this.standing?.level ?? 'none');
    this.monitor.update({ calls: this.standing ? 'stopped' : 'running', stop: this.standing });
  }
}
