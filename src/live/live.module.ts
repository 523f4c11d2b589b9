import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { LiveGateway } from './live.gateway.js';
import { MonitorStatusService } from './monitor-status.service.js';

@Module({
  imports: [HealthModule],
  providers: [LiveGateway, MonitorStatusService],
  exports: [LiveGateway, MonitorStatusService],
})
export class LiveModule {}
