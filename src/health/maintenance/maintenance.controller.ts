import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsRole } from '../../common/roles.js';
import { DAY_MS, MOST_DAYS, moment, who } from './maintenance-body.js';
import { MAINTENANCE_SCOPES, type MaintenanceWindow } from './maintenance-window.js';
import { type MaintenanceDraft, MaintenanceService } from './maintenance.service.js';

const weekday = z.int().min(1, { error: '1 (Monday) to 7 (Sunday)' }).max(7, { error: '1 (Monday) to 7 (Sunday)' });
const weekly = z.strictObject({
  weekdays: z
    .array(weekday)
    .min(1)
    .transform((days) => [...new Set(days)].sort()),
  until: moment.nullable().default(null),
});

const body = z
  .strictObject({
    scope: z.enum(MAINTENANCE_SCOPES, { error: `one of ${MAINTENANCE_SCOPES.join(', ')}` }),
    target: z.string().trim().min(1).max(200),
    from: moment,
    to: moment,
    weekly: weekly.nullable().default(null),
    note: z.string().trim().max(2_000).default(''),
    by: who,
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'later than "from"' })
  .refine(({ from, to, weekly: repeat }) => to - from <= (repeat ? 7 : MOST_DAYS) * DAY_MS, {
    path: ['to'],
    error: `at most ${MOST_DAYS} days after "from", 7 when it repeats every week`,
  });
type WindowBody = z.output<typeof body>;

const id = z.uuid({ error: 'the id of a maintenance window' });
const deletion = z.strictObject({ by: who });

const draftOf = ({ scope, target, from, to, weekly: repeat, note }: WindowBody): MaintenanceDraft => ({
  ...{ scope, target, note, fromMs: from, toMs: to },
  repeat: repeat && { weekdays: repeat.weekdays, untilMs: repeat.until },
});

export interface MaintenanceView {
  id: string;
  scope: MaintenanceWindow['scope'];
  target: string;
  from: string;
  to: string;
  weekly: { weekdays: number[]; until: string | null } | null;
  note: string;
  open: boolean;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const EXAMPLE = {
  schema: {
    type: 'object' as const,
    required: ['scope', 'target', 'from', 'to'],
    example: {
      ...{ scope: 'carrier', target: 'VNPT', from: '2026-11-22T15:00:00Z', to: '2026-11-22T19:00:00Z' },
      ...{ weekly: { weekdays: [7], until: null }, note: 'bảo trì tuyến', by: 'Lan' },
    },
  },
};

@ApiTags('maintenance')
@Controller('maintenance')
export class MaintenanceController {
  constructor(private readonly maintenance: MaintenanceService) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Windows of planned work; open ones show their endpoints as under maintenance' })
  list(): { items: MaintenanceView[]; total: number } {
    const items = this.maintenance.list().map((window) => this.view(window));
    return { items, total: items.length };
  }

  @Get(':id')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One window, and who changed it' })
  async one(@Param('id', { schema: id }) windowId: string): Promise<MaintenanceView & { history: object[] }> {
    const window = this.maintenance.mustGet(windowId);
    return { ...this.view(window), history: await this.maintenance.history(windowId) };
  }

  @Post()
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Plan work: once, or every week on some days at the same time of day (Asia/Ho_Chi_Minh)' })
  @ApiBody(EXAMPLE)
  async create(@Body({ schema: body }) given: WindowBody): Promise<MaintenanceView> {
    return this.view(await this.maintenance.create(draftOf(given), given.by));
  }

  @Put(':id')
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Change planned work' })
  @ApiBody(EXAMPLE)
  async replace(
    @Param('id', { schema: id }) windowId: string,
    @Body({ schema: body }) given: WindowBody,
  ): Promise<MaintenanceView> {
    return this.view(await this.maintenance.replace(windowId, draftOf(given), given.by));
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Planned work is off' })
  delete(
    @Param('id', { schema: id }) windowId: string,
    @Query({ schema: deletion }) { by }: z.output<typeof deletion>,
  ): Promise<void> {
    return this.maintenance.delete(windowId, by);
  }

  private view(window: MaintenanceWindow): MaintenanceView {
    const { fromMs, toMs, repeat, id: windowId, scope, target, note } = window;
    const until = repeat?.untilMs ?? null;
    return {
      ...{ id: windowId, scope, target, note },
      from: iso(fromMs),
      to: iso(toMs),
      weekly: repeat && { weekdays: repeat.weekdays, until: until === null ? null : iso(until) },
      open: this.maintenance.isOpen(window),
    };
  }
}
