import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { LiveModule } from '../live/live.module.js';
import { ResultsModule } from '../results/results.module.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({
  imports: [HealthModule, LiveModule, ResultsModule],
  controllers: [MetricsController],
  providers: [MetricsService],
  exports: [MetricsService],
})
export class MetricsModule {}
