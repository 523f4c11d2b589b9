import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { ContactLogRepository } from './contact-log.repository.js';
import { ContactLogService } from './contact-log.service.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsRepository } from './incidents.repository.js';
import { IncidentsService } from './incidents.service.js';

@Module({
  imports: [HealthModule],
  controllers: [IncidentsController],
  providers: [IncidentsRepository, IncidentsService, ContactLogRepository, ContactLogService],
  exports: [IncidentsService, ContactLogService],
})
export class IncidentsModule {}
