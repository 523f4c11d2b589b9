import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../../database/tokens.js';
import type { ProbeKind } from '../../probes/contract.js';
import { REPORT_ZONE } from '../rollup/rollup.js';
import { addedUp, countedUp, FIGURES, KEY, resultsIn } from '../rollup/rollup-sql.js';
import { type Cover, coverOf, type NotReady, type Span } from './cover.js';
import type { FigureSums } from './figures.js';

/** What figures can be compared by. */
export const DIMENSIONS = ['endpoint', 'carrier', 'area', 'tier', 'all'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const STEPS = ['5min', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

export type ComparedSums = FigureSums & { of: string; kind: ProbeKind };
export type SeriesSums = FigureSums & { at: Date };

const COLUMN: Record<Dimension, string> = {
  endpoint: 'part.endpoint_id',
  carrier: "coalesce(endpoint.carrier, '')",
  area: "coalesce(site.area, '')",
  tier: "coalesce(site.tier, '')",
  all: "'all'::text",
};

const BUCKET: Record<Step, (at: string) => string> = {
  '5min': (at) => `date_bin('5 minutes', ${at}, timestamptz '2000-01-01 00:00:00Z')`,
  hour: (at) => `date_trunc('hour', ${at}, 'UTC')`,
  day: (at) => `date_trunc('day', ${at}, '${REPORT_ZONE}')`,
};

/** $1 to $6: from and to of the spans read from results, hours and days. $7: one endpoint or null; $8: one kind or null. */
const spans = (from: number): string =>
  `(SELECT * FROM unnest($${from}::timestamptz[], $${from + 1}::timestamptz[]) AS given (from_at, to_at))`;
const WANTED = '($7::text IS NULL OR endpoint_id = $7) AND ($8::probe_kind IS NULL OR kind = $8)';
const DAY_AT = `(day::timestamp AT TIME ZONE '${REPORT_ZONE}')`;

/** Rows of figures from all three sources, each with the moment of its bucket. */
const parts = (bucket: (at: string) => string): string => `
  (${countedUp(`SELECT ${KEY}, ${bucket('started_at')} AS at, result, reason, rtt_ms, loss_ratio, jitter_ms, mos FROM (${resultsIn(spans(1))}) AS one WHERE ${WANTED}`, `${KEY}, at`)})
  UNION ALL
  SELECT ${KEY}, ${bucket('hour')}, ${FIGURES} FROM ${spans(3)} AS span JOIN rollup_hour ON hour >= from_at AND hour < to_at WHERE ${WANTED}
  UNION ALL
  SELECT ${KEY}, ${bucket(DAY_AT)}, ${FIGURES} FROM ${spans(5)} AS span
    JOIN rollup_day ON day >= (from_at AT TIME ZONE '${REPORT_ZONE}')::date AND day < (to_at AT TIME ZONE '${REPORT_ZONE}')::date
    WHERE ${WANTED}`;

const compareBy = (dimension: Dimension): string =>
  addedUp(
    `SELECT ${COLUMN[dimension]} AS "of", part.* FROM (${parts(BUCKET.day)}) AS part
     LEFT JOIN endpoint ON endpoint.id = part.endpoint_id LEFT JOIN site ON site.code = endpoint.site_code`,
    '"of", kind',
  ) + ' ORDER BY "of", kind';

const seriesBy = (step: Step): string => `${addedUp(parts(BUCKET[step]), 'at')} ORDER BY at`;

@Injectable()
export class FiguresRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** One row for each value of the dimension and each kind that has results. Spans must not overlap. */
  async compare(dimension: Dimension, within: readonly Span[], kind: ProbeKind | undefined): Promise<ComparedSums[]> {
    const notReady = await this.notReady();
    const covers = within.map((span) => coverOf(span, notReady));
    const { rows } = await this.pool.query<ComparedSums>(compareBy(dimension), [...bounds(covers), null, kind ?? null]);
    return rows;
  }

  /** One row for each step that has results. */
  async series(endpointId: string, kind: ProbeKind, within: Span, step: Step): Promise<SeriesSums[]> {
    const cover = fineEnough(coverOf(within, await this.notReady()), step);
    const { rows } = await this.pool.query<SeriesSums>(seriesBy(step), [...bounds([cover]), endpointId, kind]);
    return rows;
  }

  private async notReady(): Promise<NotReady> {
    const { rows } = await this.pool.query<{ unit: 'hour' | 'day'; at: Date }>('SELECT unit, starts_at AS at FROM rollup_due');
    const of = (wanted: string): Set<number> => new Set(rows.filter(({ unit }) => unit === wanted).map(({ at }) => at.getTime()));
    return { hours: of('hour'), days: of('day') };
  }
}

/** A day's row cannot be divided into hours, nor an hour's into minutes. */
function fineEnough({ days, hours, results }: Cover, step: Step): Cover {
  if (step === 'day') return { days, hours, results };
  if (step === 'hour') return { days: [], hours: [...days, ...hours], results };
  return { days: [], hours: [], results: [...days, ...hours, ...results] };
}

const bounds = (covers: readonly Cover[]): Date[][] =>
  (['results', 'hours', 'days'] as const).flatMap((source) => {
    const all = covers.flatMap((cover) => cover[source]);
    return [all.map(({ fromMs }) => new Date(fromMs)), all.map(({ toMs }) => new Date(toMs))];
  });
