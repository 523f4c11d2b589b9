import { BadRequestException, Body, Controller, HttpCode, NotFoundException, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { systemClock } from '../../common/clock.js';
import { NeedsRole } from '../../common/roles.js';
import { HealthService } from '../health.service.js';
import { DAY_MS, MOST_DAYS, moment, who } from './maintenance-body.js';
import type { MaintenanceWindow } from './maintenance-window.js';
import { MaintenanceService } from './maintenance.service.js';

/** Every window is looked at for every endpoint: what is larger is an area or a carrier, and one window. */
const MOST_ENDPOINTS = 500;
const endpoints = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(MOST_ENDPOINTS, { error: `at most ${MOST_ENDPOINTS}: plan larger work for an area or a carrier` })
  .transform((ids) => [...new Set(ids)]);
const pauseBody = z.strictObject({ endpoints, until: moment, note: z.string().trim().max(2_000).default(''), by: who });
const resumeBody = z.strictObject({ endpoints, by: who });

/** An endpoint that is still paused by a window that is not its alone. */
interface StillPaused {
  endpointId: string;
  window: Pick<MaintenanceWindow, 'id' | 'scope' | 'target'>;
}

const EXAMPLE = { endpoints: ['04792-1', '04795-1'], by: 'Lan' };

@ApiTags('maintenance')
@Controller('maintenance')
export class PauseController {
  constructor(
    private readonly maintenance: MaintenanceService,
    private readonly health: HealthService,
  ) {}

  @Post('pause')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Pause these endpoints from now on until a moment: a window for each, all or none' })
  @ApiBody({ schema: { type: 'object', example: { ...EXAMPLE, until: '2026-11-22T19:00:00Z', note: 'thay thiết bị' } } })
  async pause(@Body({ schema: pauseBody }) given: z.output<typeof pauseBody>): Promise<{ paused: string[]; until: string }> {
    const nowMs = systemClock.wallMs();
    if (given.until <= nowMs || given.until - nowMs > MOST_DAYS * DAY_MS)
      throw new BadRequestException(`until: allowed: later than now, by at most ${MOST_DAYS} days`);
    this.mustKnow(given.endpoints);
    const drafts = given.endpoints.map((target) => ({
      ...{ scope: 'endpoint' as const, target, fromMs: nowMs, toMs: given.until, repeat: null, note: given.note },
    }));
    await this.maintenance.createAll(drafts, given.by);
    return { paused: given.endpoints, until: new Date(given.until).toISOString() };
  }

  @Post('resume')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({
    summary: 'End what pauses these endpoints alone; windows of a site, area or carrier, and weekly ones, are told and stay',
  })
  @ApiBody({ schema: { type: 'object', example: EXAMPLE } })
  async resume(
    @Body({ schema: resumeBody }) given: z.output<typeof resumeBody>,
  ): Promise<{ ended: number; stillPaused: StillPaused[] }> {
    this.mustKnow(given.endpoints);
    const ended = await this.maintenance.endPauses(given.endpoints, given.by);
    const stillPaused = given.endpoints.flatMap((endpointId): StillPaused[] => {
      const id = this.health.view(endpointId)?.maintenance?.id;
      const window = id === undefined ? undefined : this.maintenance.find(id);
      return window ? [{ endpointId, window: { id: window.id, scope: window.scope, target: window.target } }] : [];
    });
    return { ended, stillPaused };
  }

  private mustKnow(ids: readonly string[]): void {
    const missing = ids.find((id) => !this.health.view(id));
    if (missing !== undefined) throw new NotFoundException(`no endpoint "${missing}" in the inventory; nothing was changed`);
  }
}
