import { Module } from '@nestjs/common';
import { InventoryModule } from '../inventory/inventory.module.js';
import { CompactionService } from './compaction/compaction.service.js';
import { ResultsController } from './results.controller.js';
import { ResultsRepository } from './results.repository.js';
import { ResultsService } from './results.service.js';
import { RollupService } from './rollup/rollup.service.js';
import { ResultsWriter } from './writer/results-writer.js';

@Module({
  imports: [InventoryModule],
  controllers: [ResultsController],
  providers: [ResultsRepository, ResultsService, ResultsWriter, CompactionService, RollupService],
  exports: [ResultsService],
})
export class ResultsModule {}
