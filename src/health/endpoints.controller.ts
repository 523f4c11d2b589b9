import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { HEALTH_STATES, TIERS } from '../common/states.js';
import { PROBE_KINDS } from '../probes/contract.js';
import { type Check, ChecksService } from './checks.service.js';
import type { EndpointView } from './endpoint-view.js';
import { HealthService } from './health.service.js';

const listQuery = z.strictObject({
  state: z.enum(HEALTH_STATES).optional(),
  tier: z.enum(TIERS).optional(),
  area: z.string().max(200).optional(),
  carrier: z.string().max(200).optional(),
});
const checkBody = z
  .strictObject({ probes: z.array(z.enum(PROBE_KINDS)).min(1).optional(), override: z.boolean().optional() })
  .default({});

@ApiTags('endpoints')
@Controller()
export class EndpointsController {
  constructor(
    private readonly health: HealthService,
    private readonly checks: ChecksService,
  ) {}

  @Get('endpoints')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'All endpoints with their present state' })
  @ApiOkResponse({ description: '{items, total}' })
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>): { items: EndpointView[]; total: number } {
    const wanted = Object.entries(query) as [keyof EndpointView, string][];
    const items = this.health.views().filter((view) => wanted.every(([field, value]) => view[field] === value));
    return { items, total: items.length };
  }

  @Get('endpoints/:id')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One endpoint' })
  one(@Param('id') id: string): EndpointView {
    const view = this.health.view(id);
    if (!view) throw new NotFoundException(`no endpoint "${id}" in the inventory`);
    return view;
  }

  @Post('endpoints/:id/checks')
  @HttpCode(202)
  @NeedsRole('operator')
  @ApiOperation({
    summary:
      'Check now, ahead of the routine; every probe of the endpoint unless `probes` names some. `override`: call in spite of a back-off',
  })
  @ApiBody({
    required: false,
    schema: {
      type: 'object',
      properties: { probes: { type: 'array', items: { enum: [...PROBE_KINDS] } }, override: { type: 'boolean' } },
    },
  })
  check(@Param('id') id: string, @Body({ schema: checkBody }) body: z.infer<typeof checkBody>): { runIds: string[] } {
    return { runIds: this.checks.request(id, body.probes, body.override) };
  }

  @Get('checks/:runId')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'A requested check: queued, running, or done with its outcome' })
  follow(@Param('runId') runId: string): Promise<Check> {
    return this.checks.find(runId);
  }
}
