import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { Logger } from 'pino';
import { AccessModule } from '../access/access.module.js';
import { Denials } from '../common/denials.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { DatabaseModule } from '../database/database.module.js';
import { HealthModule } from '../health/health.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { LiveModule } from '../live/live.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { ProberHost } from '../prober/host/prober-host.js';
import { ResultsModule } from '../results/results.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { NoticeSourcesService } from './notice-sources.service.js';
import { PipelineService } from './pipeline.service.js';
import { SelfController } from './self.controller.js';
import { LOGGER, SIMULATED } from './tokens.js';

export interface CoreParts {
  config: AppConfig;
  simulated: boolean;
  log: Logger;
  prober: ProberHost;
}

/** What every module may ask for. */
@Module({})
class CoreModule {
  static with({ config, simulated, log, prober }: CoreParts): DynamicModule {
    const providers = [
      { provide: APP_CONFIG, useValue: config },
      { provide: LOGGER, useValue: log },
      { provide: SIMULATED, useValue: simulated },
      { provide: ProberHost, useValue: prober },
      { provide: Denials, useValue: new Denials() },
    ];
    return { module: CoreModule, global: true, providers, exports: providers.map((one) => one.provide) };
  }
}

@Module({})
export class AppModule {
  static with(parts: CoreParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.with(parts),
        ScheduleModule.forRoot(),
        DatabaseModule,
        AccessModule,
        InventoryModule,
        ResultsModule,
        HealthModule,
        IncidentsModule,
        SessionsModule,
        LiveModule,
        NoticesModule,
        MetricsModule,
      ],
      controllers: [SelfController],
      providers: [PipelineService, NoticeSourcesService],
    };
  }
}
