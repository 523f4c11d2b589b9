import {
  Controller,
  Get,
  HttpCode,
  PayloadTooLargeException,
  Post,
  Query,
  Req,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { NeedsRole } from '../../common/roles.js';
import type { CalendarReport } from './calendar-changes.js';
import { CalendarsService, type CalendarStatus } from './calendars.service.js';
import { MAX_CALENDAR_BYTES } from './content-lines.js';

const ICS = 'text/calendar';

const importQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'], { error: 'true or false' })
    .default('false')
    .transform((text) => text === 'true'),
});

@ApiTags('sessions')
@Controller('sessions')
export class CalendarsController {
  constructor(private readonly calendars: CalendarsService) {}

  @Get('calendars')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'The calendars of the settings: when each was last taken, what was wrong, what it may not change' })
  @ApiOkResponse({ description: '{items, total}' })
  status(): { items: CalendarStatus[]; total: number } {
    const items = this.calendars.status();
    return { items, total: items.length };
  }

  @Post('import')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Sessions of an .ics file of at most 1 MB, 90 days ahead; dryRun=true only tells what would change' })
  @ApiConsumes(ICS)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'dryRun', required: false, enum: ['true', 'false'] })
  async import(
    @Query({ schema: importQuery }) { dryRun }: z.output<typeof importQuery>,
    @Req() request: IncomingMessage,
  ): Promise<CalendarReport & { dryRun: boolean }> {
    const answer = await this.calendars.import(await readBody(request), { dryRun });
    if (answer.ok) return { dryRun, ...answer.value };
    const message = `nothing was changed: the file has ${answer.error.length} error(s)`;
    throw new UnprocessableEntityException({ message, errors: answer.error });
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== ICS) throw new UnsupportedMediaTypeException(`Content-Type: found "${type ?? ''}", allowed: ${ICS}`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_CALENDAR_BYTES)
      throw new PayloadTooLargeException(`the file is too large: at most ${MAX_CALENDAR_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
