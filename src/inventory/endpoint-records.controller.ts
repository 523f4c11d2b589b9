import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  NotFoundException,
  Param,
  Patch,
  PreconditionFailedException,
  Res,
  ServiceUnavailableException,
  UnprocessableEntityException,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { NeedsRole } from '../common/roles.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { DatabaseHealth } from '../database/database-health.js';
import { EDITABLE_FIELDS, type EditableField } from './edit-endpoint.js';
import type { EndpointRecord } from './endpoint-record.js';
import { InventoryService } from './inventory.service.js';

/** What a response lets us say besides its body. */
interface Headed {
  setHeader(name: string, value: string): unknown;
}

/** As a person would write it into a file: a number is taken as its text, null takes the value away. */
const written = z
  .union([z.string().max(2_000), z.number().transform(String), z.null().transform(() => '')], {
    error: 'a text, a number or null',
  })
  .optional();
const patch = z.strictObject(
  Object.fromEntries(EDITABLE_FIELDS.map((field) => [field, written])) as Record<EditableField, typeof written>,
);

@ApiTags('inventory')
@Controller('inventory')
export class EndpointRecordsController {
  private readonly file: string | null;

  constructor(
    private readonly inventory: InventoryService,
    private readonly database: DatabaseHealth,
    @Inject(APP_CONFIG) { inventoryPath }: Pick<AppConfig, 'inventoryPath'>,
  ) {
    this.file = inventoryPath === undefined ? null : basename(inventoryPath);
  }

  @Get()
  @NeedsRole('viewer')
  @ApiOperation({
    summary:
      'Every endpoint with all that the inventory knows of it. `file`: the configured file, which wins whenever it is imported',
  })
  async list(): Promise<{ items: EndpointRecord[]; total: number; file: string | null }> {
    const items = await this.inventory.listEndpoints();
    return { items, total: items.length, file: this.file };
  }

  @Get('endpoints/:id')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One endpoint as the inventory has it, with the ETag for a change' })
  async one(@Param('id') id: string, @Res({ passthrough: true }) response: Headed): Promise<EndpointRecord> {
    const record = (await this.inventory.listEndpoints()).find((one) => one.id === id);
    if (!record) throw missing(id);
    response.setHeader('ETag', etagOf(record));
    return record;
  }

  @Patch('endpoints/:id')
  @NeedsRole('admin')
  @ApiOperation({
    summary: 'Change fields of one endpoint, by the rules of an import; what is of the site changes for all of it',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'the ETag that was read: refused with 412 when it was changed since',
  })
  @ApiBody({ schema: { type: 'object', example: { address: '10.25.3.14', contactPhone: '0912 345 678' } } })
  async change(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: patch }) given: z.output<typeof patch>,
    @Res({ passthrough: true }) response: Headed,
  ): Promise<EndpointRecord> {
    if (!this.database.isUp())
      throw new ServiceUnavailableException('the database is away; nothing was changed, try again later');
    const edited = await this.inventory.edit(id, given, (present) => fits(ifMatch, present));
    if (edited.ok) {
      response.setHeader('ETag', etagOf(edited.value));
      return edited.value;
    }
    const refusal = edited.error;
    if (refusal.why === 'missing') throw missing(id);
    if (refusal.why === 'stale')
      throw new PreconditionFailedException('If-Match: the endpoint was changed meanwhile; read it again. Nothing was changed');
    const message = `nothing was changed: ${refusal.errors.map(({ field, allowed }) => `${field}: ${allowed}`).join('; ')}`;
    throw new UnprocessableEntityException({ message, errors: refusal.errors });
  }
}

const missing = (id: string): NotFoundException => new NotFoundException(`no endpoint "${id}" in the inventory`);

/** Without `If-Match` the last one wins (RFC 9110, section 13.1.1). */
const fits = (ifMatch: string | undefined, present: EndpointRecord): boolean =>
  ifMatch === undefined || ifMatch.split(',').some((tag) => ['*', etagOf(present)].includes(tag.trim()));

/** Of the content itself, whoever changed it: the file, an import or a person. */
const etagOf = (record: EndpointRecord): string =>
  `"${createHash('sha256').update(JSON.stringify(record)).digest('base64url').slice(0, 22)}"`;
