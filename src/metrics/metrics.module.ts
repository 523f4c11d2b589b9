import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { LiveModule } from '../live/live.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { ResultsModule } from '../results/results.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({
  imports: [HealthModule, IncidentsModule, SessionsModule, NoticesModule, LiveModule, ResultsModule],
  controllers: [MetricsController],
  providers: [MetricsService],
  exports: [MetricsService],
})
export class MetricsModule {}
