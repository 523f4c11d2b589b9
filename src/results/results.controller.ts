import { Controller, Get, NotFoundException, Param, Query, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { systemClock } from '../common/clock.js';
import { NeedsRole } from '../common/roles.js';
import { DatabaseHealth } from '../database/database-health.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { PROBE_KINDS } from '../probes/contract.js';
import type { StoredOutcome } from './outcome-row.js';
import { ResultsService } from './results.service.js';

const DAY_MS = 86_400_000;
const MAX_LIMIT = 1_000;
const LIMIT = `a whole number from 1 to ${MAX_LIMIT}`;
const MOMENT = 'an ISO 8601 date and time, as 2026-11-22T01:00:00Z';

const moment = z.iso.datetime({ offset: true, error: MOMENT }).transform((text) => new Date(text));

const resultsQuery = z
  .strictObject({
    from: moment.optional(),
    to: moment.optional(),
    probe: z.enum(PROBE_KINDS, { error: `one of ${PROBE_KINDS.join(', ')}` }).optional(),
    has: z.literal('trace', { error: 'trace' }).optional(),
    limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(MAX_LIMIT, LIMIT).default(200),
  })
  .transform(({ from, to, ...rest }) => {
    const until = to ?? new Date(systemClock.wallMs() + DAY_MS);
    return { ...rest, to: until, from: from ?? new Date((to?.getTime() ?? systemClock.wallMs()) - DAY_MS) };
  })
  .refine(({ from, to }) => from < to, { path: ['from'], error: 'earlier than "to"' });

@Controller('endpoints')
export class ResultsController {
  constructor(
    private readonly results: ResultsService,
    private readonly inventory: InventoryService,
    private readonly database: DatabaseHealth,
  ) {}

  @Get(':id/results')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Outcomes of one endpoint, newest first; without from and to those of the last 24 hours' })
  @ApiQuery({ name: 'from', required: false, description: MOMENT })
  @ApiQuery({ name: 'to', required: false, description: MOMENT })
  @ApiQuery({ name: 'probe', required: false, enum: PROBE_KINDS })
  @ApiQuery({ name: 'has', required: false, enum: ['trace'], description: 'only failed pings whose path was traced' })
  @ApiQuery({ name: 'limit', required: false, description: LIMIT })
  async list(
    @Param('id') id: string,
    @Query({ schema: resultsQuery }) query: z.output<typeof resultsQuery>,
  ): Promise<{ items: StoredOutcome[]; total: number }> {
    if (!this.database.isUp()) throw new ServiceUnavailableException('the database is away; results can be read when it is back');
    if (!(await this.inventory.knowsEndpoint(id))) throw new NotFoundException(`no endpoint "${id}" in the inventory`);
    return this.results.list(id, query);
  }
}
