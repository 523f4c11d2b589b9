import {
  Controller,
  HttpCode,
  PayloadTooLargeException,
  Post,
  Query,
  Req,
  ServiceUnavailableException,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { DatabaseHealth } from '../database/database-health.js';
import { type ImportReport, InventoryService, isRefusal } from './inventory.service.js';
import { MAX_FILE_BYTES } from './raw-table.js';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const importQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'], { error: 'true or false' })
    .default('false')
    .transform((text) => text === 'true'),
});

@Controller('inventory')
export class InventoryController {
  constructor(
    private readonly inventory: InventoryService,
    private readonly database: DatabaseHealth,
  ) {}

  @Post('import')
  @HttpCode(200)
  @NeedsRole('admin')
  @ApiOperation({ summary: 'Replace the inventory by a CSV or XLSX file; dryRun=true only tells what would change' })
  @ApiConsumes(CSV, XLSX)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'dryRun', required: false, enum: ['true', 'false'] })
  async import(
    @Query({ schema: importQuery }) { dryRun }: z.output<typeof importQuery>,
    @Req() request: IncomingMessage,
  ): Promise<ImportReport> {
    if (!this.database.isUp())
      throw new ServiceUnavailableException('the database is away; nothing was changed, try again later');
    const answer = await this.inventory.import(await readBody(request), { dryRun });
    if (!isRefusal(answer)) return answer;
    const message = `nothing was changed: the file has ${answer.errors.length} error(s)`;
    throw new UnprocessableEntityException({ message, errors: answer.errors });
  }
}

/** Read here and not by a body parser: who may not import does not make us hold 5 MB. */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== CSV && type !== XLSX) {
    throw new UnsupportedMediaTypeException(`Content-Type: found "${type ?? ''}", allowed: ${CSV} or ${XLSX}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_FILE_BYTES) throw new PayloadTooLargeException(`the file is too large: at most ${MAX_FILE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
