import { Controller, Get, NotFoundException, Param, Query, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { z } from 'zod';
import { systemClock } from '../../common/clock.js';
import { NeedsRole } from '../../common/roles.js';
import { DatabaseHealth } from '../../database/database-health.js';
import { InventoryService } from '../../inventory/inventory.service.js';
import { PROBE_KINDS } from '../../probes/contract.js';
import { merged, type Span } from './cover.js';
import { type Figures, type FiguresOf, figuresOf } from './figures.js';
import { Rehearsals } from './rehearsals.js';
import { DIMENSIONS, FiguresRepository, type Step, STEPS } from './figures.repository.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_WINDOWS = 500;
/** Beyond this a graph has more points than a screen. */
const MOST_POINTS = 3_000;
const STEP_MS: Record<Step, number> = { '5min': 300_000, hour: HOUR_MS, day: DAY_MS };

const MOMENT = 'an ISO 8601 date and time, as 2026-11-22T01:00:00Z';
const WITHIN = `at most ${MOST_WINDOWS} intervals from/to with commas between them, as 2026-11-22T01:00:00Z/2026-11-22T03:00:00Z`;
const instant = z.iso.datetime({ offset: true, error: MOMENT });
const moment = instant.transform((text) => Date.parse(text));
const kind = z.enum(PROBE_KINDS, { error: `one of ${PROBE_KINDS.join(', ')}` });

const windows = z
  .string()
  .transform((text) => text.split(',').map((one) => one.split('/').map((edge) => instant.safeParse(edge))))
  .refine(
    (all) => all.length <= MOST_WINDOWS && all.every((edges) => edges.length === 2 && edges.every(({ success }) => success)),
    {
      error: WITHIN,
    },
  )
  .transform((all) => all.map(([from, to]): Span => ({ fromMs: Date.parse(from?.data ?? ''), toMs: Date.parse(to?.data ?? '') })))
  .refine((all) => all.every(({ fromMs, toMs }) => fromMs < toMs), { error: 'each interval with its start before its end' });

const range = { from: moment.optional(), to: moment.optional() };
const spanOf = (given: { from?: number | undefined; to?: number | undefined }, backMs: number): Span => {
  const toMs = given.to ?? systemClock.wallMs();
  return { fromMs: given.from ?? toMs - backMs, toMs };
};
const inOrder = { path: ['from'], error: 'earlier than "to"' };

const availabilityQuery = z
  .strictObject({
    ...range,
    by: z.enum(DIMENSIONS, { error: `one of ${DIMENSIONS.join(', ')}` }).default('endpoint'),
    probe: kind.optional(),
    within: windows.optional(),
    rehearsals: z.enum(['without', 'with'], { error: 'without or with' }).default('without'),
  })
  .transform(({ from, to, ...rest }) => ({ ...rest, span: spanOf({ from, to }, 30 * DAY_MS) }))
  .refine(({ span }) => span.fromMs < span.toMs, inOrder);

const seriesQuery = z
  .strictObject({ ...range, probe: kind, step: z.enum(STEPS, { error: `one of ${STEPS.join(', ')}` }).optional() })
  .transform(({ from, to, step, probe }) => {
    const span = spanOf({ from, to }, DAY_MS);
    return { probe, span, step: step ?? stepFor(span) };
  })
  .refine(({ span }) => span.fromMs < span.toMs, inOrder)
  .refine(({ span, step }) => (span.toMs - span.fromMs) / STEP_MS[step] <= MOST_POINTS, {
    path: ['step'],
    error: `at most ${MOST_POINTS} points: a longer step or a shorter time`,
  });

/** The finest step that a screen can show. */
function stepFor({ fromMs, toMs }: Span): Step {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= 2 * DAY_MS) return '5min';
  return lengthMs <= 60 * DAY_MS ? 'hour' : 'day';
}

const iso = (atMs: number): string => new Date(atMs).toISOString();

export interface Availability {
  from: string;
  to: string;
  by: string;
  /** figures of the intervals given with `within` alone; otherwise of the whole time */
  within?: { from: string; to: string }[];
  /** left out with their endpoints: faults were made there on purpose */
  withoutRehearsals: { sessionId: string; from: string; to: string; endpoints: number }[];
  items: (FiguresOf & { of: string })[];
}

export interface Series {
  step: Step;
  items: (Figures & { at: string })[];
}

@Controller()
export class FiguresController {
  constructor(
    private readonly figures: FiguresRepository,
    private readonly rehearsals: Rehearsals,
    private readonly inventory: InventoryService,
    private readonly database: DatabaseHealth,
  ) {}

  @Get('reports/availability')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Availability and quality of any time, by endpoint, carrier, area, tier or all; by default 30 days' })
  @ApiQuery({ name: 'from', required: false, description: MOMENT })
  @ApiQuery({ name: 'to', required: false, description: MOMENT })
  @ApiQuery({ name: 'by', required: false, enum: DIMENSIONS })
  @ApiQuery({ name: 'probe', required: false, enum: PROBE_KINDS })
  @ApiQuery({ name: 'within', required: false, description: `session windows alone: ${WITHIN}` })
  @ApiQuery({
    name: 'rehearsals',
    required: false,
    enum: ['without', 'with'],
    description: 'by default what was rehearsed is left out',
  })
  async availability(@Query({ schema: availabilityQuery }) query: z.output<typeof availabilityQuery>): Promise<Availability> {
    this.needDatabase();
    const { span, by, probe } = query;
    const windows = query.within && merged(query.within.map((one) => cut(one, span)));
    const rehearsals = query.rehearsals === 'with' ? [] : this.rehearsals.during(span);
    const sums = await this.figures.compare(by, windows ?? [span], probe, rehearsals);
    return {
      from: iso(span.fromMs),
      to: iso(span.toMs),
      by,
      ...(windows && { within: windows.map(isoSpan) }),
      withoutRehearsals: rehearsals.map(({ sessionId, endpoints, ...times }) => ({
        sessionId,
        ...isoSpan(times),
        endpoints: endpoints.length,
      })),
      items: sums.map((one) => ({ of: one.of, kind: one.kind, ...figuresOf(one) })),
    };
  }

  @Get('endpoints/:id/series')
  @NeedsRole('viewer')
  @ApiOperation({ summary: 'Figures of one endpoint over time, from results or rollups as the step needs' })
  @ApiQuery({ name: 'probe', required: true, enum: PROBE_KINDS })
  @ApiQuery({ name: 'from', required: false, description: MOMENT })
  @ApiQuery({ name: 'to', required: false, description: MOMENT })
  @ApiQuery({ name: 'step', required: false, enum: STEPS })
  async series(
    @Param('id') id: string,
    @Query({ schema: seriesQuery }) { probe, span, step }: z.output<typeof seriesQuery>,
  ): Promise<Series> {
    this.needDatabase();
    if (!(await this.inventory.knowsEndpoint(id))) throw new NotFoundException(`no endpoint "${id}" in the inventory`);
    const sums = await this.figures.series(id, probe, span, step);
    return { step, items: sums.map((one) => ({ at: one.at.toISOString(), ...figuresOf(one) })) };
  }

  private needDatabase(): void {
    if (!this.database.isUp()) throw new ServiceUnavailableException('the database is away; figures can be read when it is back');
  }
}

const isoSpan = ({ fromMs, toMs }: Span): { from: string; to: string } => ({ from: iso(fromMs), to: iso(toMs) });
const cut = (one: Span, to: Span): Span => ({ fromMs: Math.max(one.fromMs, to.fromMs), toMs: Math.min(one.toMs, to.toMs) });
