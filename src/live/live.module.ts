import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { GlobalStopService } from './global-stop.service.js';
import { LiveGateway } from './live.gateway.js';
import { MonitorController } from './monitor.controller.js';
import { MonitorStatusService } from './monitor-status.service.js';

@Module({
  imports: [HealthModule, IncidentsModule, SessionsModule],
  controllers: [MonitorController],
  providers: [GlobalStopService, LiveGateway, MonitorStatusService],
  exports: [GlobalStopService, LiveGateway, MonitorStatusService],
})
export class LiveModule {}
