import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { SessionRepository } from './session.repository.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [InventoryModule, HealthModule],
  controllers: [SessionsController],
  providers: [SessionRepository, SessionsService],
  exports: [SessionsService],
})
export class SessionsModule {}
