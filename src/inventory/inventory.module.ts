import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Contact } from './contact.entity.js';
import { Endpoint } from './endpoint.entity.js';
import { EndpointRecordsController } from './endpoint-records.controller.js';
import { InventoryController } from './inventory.controller.js';
import { InventoryFileWatcher } from './inventory-file.watcher.js';
import { InventoryRepository } from './inventory.repository.js';
import { InventoryService } from './inventory.service.js';
import { Site } from './site.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Site, Endpoint, Contact])],
  controllers: [InventoryController, EndpointRecordsController],
  providers: [InventoryRepository, InventoryService, InventoryFileWatcher],
  exports: [InventoryService],
})
export class InventoryModule {}
