import { Module } from '@nestjs/common';
import { ResultsModule } from '../results/results.module.js';
import { ChecksService } from './checks.service.js';
import { ConfirmingService } from './confirming.service.js';
import { DoubtService } from './doubt.service.js';
import { EndpointsController } from './endpoints.controller.js';
import { HealthService } from './health.service.js';
import { MaintenanceController } from './maintenance/maintenance.controller.js';
import { PauseController } from './maintenance/pause.controller.js';
import { MaintenanceRepository } from './maintenance/maintenance.repository.js';
import { MaintenanceService } from './maintenance/maintenance.service.js';
import { SitesController } from './sites.controller.js';
import { ThresholdsController } from './thresholds.controller.js';

@Module({
  imports: [ResultsModule],
  controllers: [EndpointsController, SitesController, MaintenanceController, PauseController, ThresholdsController],
  providers: [HealthService, ChecksService, ConfirmingService, DoubtService, MaintenanceRepository, MaintenanceService],
  exports: [HealthService, ChecksService, DoubtService],
})
export class HealthModule {}
