import { Module } from '@nestjs/common';
import { InventoryModule } from '../inventory/inventory.module.js';
import { CompactionService } from './compaction/compaction.service.js';
import { FiguresController } from './figures/figures.controller.js';
import { FiguresRepository } from './figures/figures.repository.js';
import { Rehearsals } from './figures/rehearsals.js';
import { ResultsController } from './results.controller.js';
import { ResultsRepository } from './results.repository.js';
import { ResultsService } from './results.service.js';
import { RollupService } from './rollup/rollup.service.js';
import { ResultsWriter } from './writer/results-writer.js';

@Module({
  imports: [InventoryModule],
  controllers: [ResultsController, FiguresController],
  providers: [ResultsRepository, ResultsService, ResultsWriter, CompactionService, RollupService, FiguresRepository, Rehearsals],
  exports: [ResultsService, FiguresRepository, Rehearsals],
})
export class ResultsModule {}
