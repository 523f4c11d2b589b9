import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { ResultsModule } from '../results/results.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { GlobalStopService } from './global-stop.service.js';
import { LiveGateway } from './live.gateway.js';
import { MonitorController } from './monitor.controller.js';
import { MonitorStatusService } from './monitor-status.service.js';
import { DatabaseFiguresRepository } from './self/database-figures.repository.js';
import { SelfReportService } from './self/self-report.service.js';

@Module({
  imports: [HealthModule, IncidentsModule, NoticesModule, ResultsModule, SessionsModule],
  controllers: [MonitorController],
  providers: [GlobalStopService, LiveGateway, MonitorStatusService, DatabaseFiguresRepository, SelfReportService],
  exports: [GlobalStopService, LiveGateway, MonitorStatusService],
})
export class LiveModule {}
