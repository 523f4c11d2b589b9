import { Module } from '@nestjs/common';
import { ResultsModule } from '../results/results.module.js';
import { ChecksService } from './checks.service.js';
import { EndpointsController } from './endpoints.controller.js';
import { HealthService } from './health.service.js';

@Module({
  imports: [ResultsModule],
  controllers: [EndpointsController],
  providers: [HealthService, ChecksService],
  exports: [HealthService, ChecksService],
})
export class HealthModule {}
