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

type Source = keyof Cover;
const SOURCES = ['results', 'hours', 'days'] as const satisfies readonly Source[];
const DAY_AT = `(day::timestamp AT TIME ZONE '${REPORT_ZONE}')`;
/** $1: one endpoint or null; $2: one kind or null. Two more parameters for each source: from and to of its spans. */
const WANTED = '($1::text IS NULL OR endpoint_id = $1) AND ($2::probe_kind IS NULL OR kind = $2)';

type Bucket = (at: string) => string;
const ROWS: Record<Source, (bucket: Bucket, spans: string) => string> = {
  results: (bucket, spans) =>
    `(${countedUp(
      `SELECT ${KEY}, ${bucket('started_at')} AS at, result, reason, rtt_ms, loss_ratio, jitter_ms, mos
     FROM (${resultsIn(spans)}) AS one WHERE ${WANTED}`,
      `${KEY}, at`,
    )})`,
  hours: (bucket, spans) => `SELECT ${KEY}, ${bucket('hour')} AS at, ${FIGURES}
    FROM ${spans} AS span JOIN rollup_hour ON hour >= from_at AND hour < to_at WHERE ${WANTED}`,
  days: (bucket, spans) => `SELECT ${KEY}, ${bucket(DAY_AT)} AS at, ${FIGURES} FROM ${spans} AS span
    JOIN rollup_day ON day >= (from_at AT TIME ZONE '${REPORT_ZONE}')::date AND day < (to_at AT TIME ZONE '${REPORT_ZONE}')::date
    WHERE ${WANTED}`,
};

/** Figures in rows, each with the moment of its bucket, from the sources that are needed: planning a look at every partition takes 30 ms. */
function parts(covers: readonly Cover[], bucket: Bucket): { sql: string; bounds: Date[][] } {
  const bounds: Date[][] = [];
  const selects = SOURCES.flatMap((source) => {
    const spans = covers.flatMap((cover) => cover[source]);
    if (spans.length === 0 && !(source === 'days' && bounds.length === 0)) return [];
    bounds.push(
      spans.map(({ fromMs }) => new Date(fromMs)),
      spans.map(({ toMs }) => new Date(toMs)),
    );
    const [from, to] = [bounds.length + 1, bounds.length + 2];
    return ROWS[source](
      bucket,
      `(SELECT * FROM unnest($${from}::timestamptz[], $${to}::timestamptz[]) AS given (from_at, to_at))`,
    );
  });
  return { sql: selects.join(' UNION ALL '), bounds };
}

const compareBy = (dimension: Dimension, rows: string): string =>
  addedUp(
    `SELECT ${COLUMN[dimension]} AS "of", part.* FROM (${rows}) AS part
     LEFT JOIN endpoint ON endpoint.id = part.endpoint_id LEFT JOIN site ON site.code = endpoint.site_code`,
    '"of", kind',
  ) + ' ORDER BY "of", kind';

@Injectable()
export class FiguresRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** One row for each value of the dimension and each kind that has results. Spans must not overlap. */
  async compare(dimension: Dimension, within: readonly Span[], kind: ProbeKind | undefined): Promise<ComparedSums[]> {
    const notReady = await this.notReady();
    const covers = within.map((span) => coverOf(span, notReady));
    const { sql, bounds } = parts(covers, BUCKET.day);
    const { rows } = await this.pool.query<ComparedSums>(compareBy(dimension, sql), [null, kind ?? null, ...bounds]);
    return rows;
  }

  /** One row for each step that has results. */
  async series(endpointId: string, kind: ProbeKind, within: Span, step: Step): Promise<SeriesSums[]> {
    const cover = fineEnough(coverOf(within, await this.notReady()), step);
    const { sql, bounds } = parts([cover], BUCKET[step]);
    const { rows } = await this.pool.query<SeriesSums>(`${addedUp(sql, 'at')} ORDER BY at`, [endpointId, kind, ...bounds]);
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
