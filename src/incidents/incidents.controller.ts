import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { systemClock } from '../common/clock.js';
import { NeedsRole } from '../common/roles.js';
import { HealthService } from '../health/health.service.js';
import type { ContactLogEntry } from './contact-log.repository.js';
import { ContactLogService } from './contact-log.service.js';
import { toIncidentView, type IncidentView } from './incident-view.js';
import { IncidentsRepository } from './incidents.repository.js';
import { IncidentsService } from './incidents.service.js';

const MOMENT = 'an ISO 8601 date and time, as 2026-11-22T01:00:00Z';
const DAY_MS = 86_400_000;
const moment = z.iso.datetime({ offset: true, error: MOMENT }).transform((text) => new Date(text));
const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const offset = z.coerce.number().int().min(0).max(1_000_000).default(0);
const times = { from: moment.optional(), to: moment.optional() };
const siteCode = z.string().min(1).max(64);
const listQuery = z.strictObject({ state: z.enum(['open']).optional(), site: siteCode.optional(), ...times, limit, offset });
const logQuery = z.strictObject({ limit });
const who = z.string().trim().min(1).max(100);
const acknowledgement = z.strictObject({ by: who, note: z.string().trim().max(2_000).default('') });
const logEntry = z.strictObject({ by: who, note: z.string().trim().min(1).max(2_000) });
const id = z.uuid({ error: 'the id of an incident' });

const WHO_AND_NOTE = {
  schema: { type: 'object' as const, required: ['by'], properties: { by: { type: 'string' }, note: { type: 'string' } } },
};

export interface AuditLine {
  at: string;
  type: string;
  by: string;
  note: string;
  joined: string[];
  left: string[];
}

@ApiTags('incidents')
@Controller()
export class IncidentsController {
  constructor(
    private readonly incidents: IncidentsService,
    private readonly repository: IncidentsRepository,
    private readonly contactLog: ContactLogService,
    private readonly health: HealthService,
  ) {}

  @Get('incidents')
  @NeedsRole('viewer')
  @ApiOperation({
    summary: 'Incidents: those open now with `state=open`, else those of a time (by default the last 7 days), newest first',
  })
  @ApiQuery({ name: 'state', required: false, enum: ['open'] })
  @ApiQuery({ name: 'from', required: false, description: MOMENT })
  @ApiQuery({ name: 'to', required: false, description: MOMENT })
  @ApiQuery({ name: 'site', required: false, description: 'its code: those that any of its devices was part of' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({
    name: 'offset',
    required: false,
    description: 'so many of the newest are left out; with a fixed `to` pages do not shift',
  })
  async list(@Query({ schema: listQuery }) query: z.output<typeof listQuery>): Promise<{ items: IncidentView[]; total: number }> {
    if (query.state === 'open') {
      const items = this.incidents.open().filter(({ sites }) => query.site === undefined || sites.includes(query.site));
      return { items: items.slice(query.offset, query.offset + query.limit), total: items.length };
    }
    const to = query.to ?? new Date(systemClock.wallMs());
    const from = query.from ?? new Date(to.getTime() - 7 * DAY_MS);
    const { items, total } = await this.repository.list({
      from,
      to,
      limit: query.limit,
      offset: query.offset,
      endpoints: this.devicesOf(query.site),
    });
    return { items: items.map(toIncidentView), total };
  }

  @Get('incidents/:id')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'One incident with its audit' })
  async one(@Param('id', { schema: id }) incidentId: string): Promise<IncidentView & { audit: AuditLine[] }> {
    const view = await this.mustFind(incidentId);
    const audit = await this.repository.audit(incidentId);
    return {
      ...view,
      audit: audit.map(({ atMs, type, by, note, joined, left }) => ({
        at: new Date(atMs).toISOString(),
        type,
        by,
        note,
        joined,
        left,
      })),
    };
  }

  @Get('incidents/:id/contact-log')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'What was said on the phone with its sites while it lasted, newest first' })
  async contactsOf(
    @Param('id', { schema: id }) incidentId: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
  ): Promise<{ items: ContactLogEntry[]; total: number }> {
    const items = await this.contactLog.ofIncident(await this.mustFind(incidentId), query.limit);
    return { items, total: items.length };
  }

  @Post('incidents/:id/acknowledgement')
  @HttpCode(200)
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Somebody looks after it' })
  @ApiBody(WHO_AND_NOTE)
  acknowledge(
    @Param('id', { schema: id }) incidentId: string,
    @Body({ schema: acknowledgement }) body: z.output<typeof acknowledgement>,
  ): Promise<IncidentView> {
    return this.incidents.acknowledge(incidentId, body);
  }

  @Get('sites/:code/contact-log')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'What was said on the phone with a site, newest first' })
  async contacts(
    @Param('code', { schema: siteCode }) code: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
  ): Promise<{ items: ContactLogEntry[]; total: number }> {
    const items = await this.contactLog.ofSite(code, query.limit);
    return { items, total: items.length };
  }

  @Post('sites/:code/contact-log')
  @NeedsRole('operator')
  @ApiOperation({ summary: 'Note what was said on the phone' })
  @ApiBody(WHO_AND_NOTE)
  addContact(
    @Param('code', { schema: siteCode }) code: string,
    @Body({ schema: logEntry }) body: z.output<typeof logEntry>,
  ): Promise<ContactLogEntry> {
    return this.contactLog.add(code, body);
  }

  /**
   * null: of all sites
   * @throws NotFoundException
   */
  private devicesOf(code: string | undefined): string[] | null {
    if (code === undefined) return null;
    const site = this.health.site(code);
    if (!site) throw new NotFoundException(`no site "${code}" in the inventory`);
    return site.endpoints;
  }

  /** @throws NotFoundException */
  private async mustFind(incidentId: string): Promise<IncidentView> {
    const open = this.incidents.open().find((one) => one.id === incidentId);
    const stored = open ? undefined : await this.repository.byId(incidentId);
    const view = open ?? (stored && toIncidentView(stored));
    if (!view) throw new NotFoundException(`no incident "${incidentId}"`);
    return view;
  }
}
