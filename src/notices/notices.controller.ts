import { Body, Controller, Get, HttpCode, NotFoundException, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { DELIVERY_STATES } from './notice.js';
import { NoticesService } from './notices.service.js';
import type { NoticeView } from './notices.repository.js';

const LIMIT = 'a whole number from 1 to 1000';
const STATE = `one of ${DELIVERY_STATES.join(', ')}`;

const listQuery = z.strictObject({
  state: z.enum(DELIVERY_STATES, { error: STATE }).optional(),
  receiver: z.string().max(32).optional(),
  limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(1000, LIMIT).default(100),
});
const testBody = z.strictObject({ receivers: z.array(z.string().max(32)).min(1).max(16).optional() }).default({});

/** A receiver as the API shows it: never where it is, since a URL may hold a token. */
interface ReceiverView {
  name: string;
  kind: string;
  waiting: number;
  /** how long the oldest that is due has been */
  overdueSeconds: number | null;
  sent: number;
  attemptsFailed: number;
  dead: number;
  pausedUntil: string | null;
  lastError: string | null;
  lastSentAt: string | null;
}

@ApiTags('notices')
@Controller('notices')
export class NoticesController {
  constructor(private readonly notices: NoticesService) {}

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Notices, newest first, and what has become of each with each receiver' })
  @ApiQuery({ name: 'state', required: false, enum: DELIVERY_STATES, description: 'dead: given up' })
  @ApiQuery({ name: 'receiver', required: false })
  @ApiQuery({ name: 'limit', required: false, description: LIMIT })
  list(@Query({ schema: listQuery }) query: z.output<typeof listQuery>): Promise<{ items: NoticeView[]; total: number }> {
    return this.notices.list(query);
  }

  @Get('receivers')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Who is told, counted since the start, and why one is paused' })
  receivers(): { items: ReceiverView[]; total: number } {
    const items = this.notices.receivers().map(({ failures: _failures, overdueMs, pausedUntilMs, lastSentMs, ...rest }) => ({
      ...rest,
      overdueSeconds: overdueMs === null ? null : Math.round(overdueMs / 1000),
      pausedUntil: moment(pausedUntilMs),
      lastSentAt: moment(lastSentMs),
    }));
    return { items, total: items.length };
  }

  @Post('test')
  @HttpCode(202)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Send a test notice to all receivers, or to those that are named' })
  @ApiBody({
    required: false,
    schema: { type: 'object', properties: { receivers: { type: 'array', items: { type: 'string' } } } },
  })
  test(@Body({ schema: testBody }) { receivers }: z.infer<typeof testBody>): { id: string; receivers: string[] } {
    const known = this.notices.receivers().map(({ name }) => name);
    const missing = receivers?.find((name) => !known.includes(name));
    if (missing !== undefined) throw new NotFoundException(`no receiver "${missing}" in the settings`);
    if (known.length === 0)
      throw new NotFoundException('no receiver in the settings: notices.webhooks and notices.mail are empty');
    return { ...this.notices.test(receivers ?? known), receivers: receivers ?? known };
  }
}

const moment = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
