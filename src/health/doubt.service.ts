import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { Observation } from '../probes/contract.js';
import { DoubtWatch } from './doubt-watch.js';
import { HealthService } from './health.service.js';

const LOOK_MS = 5_000;

/** Tells health when the monitor does not see, and when it sees again. */
@Injectable()
export class DoubtService {
  private readonly watch: DoubtWatch;

  constructor(
    @Inject(APP_CONFIG) { health: settings }: AppConfig,
    private readonly health: HealthService,
    private readonly prober: ProberHost,
  ) {
    this.watch = new DoubtWatch(settings.references, settings.referenceIntervalSeconds * 1000, settings.overloadLagMs);
  }

  /** Before health is told of them: what fails with the references is held against nobody. */
  outcomesSeen(outcomes: readonly Observation[]): void {
    this.watch.saw(outcomes);
    this.tell();
  }

  @Interval(LOOK_MS)
  look(): void {
    this.watch.sawLag(this.prober.stats()?.loopLagP99Ms ?? null, systemClock.wallMs());
    this.tell();
  }

  private tell(): void {
    const doubt = this.watch.doubtAt(systemClock.wallMs());
    if (doubt?.why !== this.health.doubt()?.why) this.health.setDoubt(doubt);
  }
}
