import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { ReadinessService } from './readiness.service.js';
import type { CheckpointView, ReadinessView } from './readiness-view.js';
import { type Retest, RetestService } from './retest.service.js';
import { SessionsService } from './sessions.service.js';

const siteCodes = z.array(z.string().min(1).max(100)).min(1).max(10_000);
const retestBody = z.union(
  [z.strictObject({ sites: siteCodes, override: z.boolean().default(false) }), z.strictObject({ red: z.literal(true) })],
  {
    error: 'either {"sites": [unit codes]} or {"red": true}',
  },
);

@ApiTags('sessions')
@Controller('sessions/:id')
export class ReadinessController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly readiness: ReadinessService,
    private readonly retests: RetestService,
  ) {}

  @Get('readiness')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Is everybody ready, who is not and why; the sites to see to first come first' })
  @ApiOkResponse({ description: '{sessionId, at, verdict, total, ready, …, sites, predictedFinish, differences}' })
  one(@Param('id') id: string): Promise<ReadinessView> {
    return this.readiness.view(this.sessions.mustGet(id));
  }

  @Get('checkpoints')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Its checkpoints as planned and as they went' })
  @ApiOkResponse({ description: '{items, total}' })
  checkpoints(@Param('id') id: string): { items: CheckpointView[]; total: number } {
    const items = this.readiness.checkpoints(this.sessions.mustGet(id));
    return { items, total: items.length };
  }

  @Post('retest')
  @HttpCode(202)
  @NeedsRole('operator')
  @ApiOperation({
    summary: 'Test some sites, or all that are not ready, once more at once; without calls from the moment on when they stop',
  })
  @ApiBody({
    schema: {
      type: 'object',
      properties: { sites: { type: 'array', items: { type: 'string' } }, override: { type: 'boolean' }, red: { enum: [true] } },
    },
  })
  retest(@Param('id') id: string, @Body({ schema: retestBody }) body: z.output<typeof retestBody>): Retest {
    return this.retests.retest(this.sessions.mustGet(id), body);
  }
}
