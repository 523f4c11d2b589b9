import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../../database/tokens.js';
import type { ProbeKind } from '../../probes/contract.js';
import { REPORT_ZONE } from '../rollup/rollup.js';
import { addedUp, countedUp, FIGURES, KEY, resultsIn } from '../rollup/rollup-sql.js';
import { type Cover, coverOf, type NotReady, type Span } from './cover.js';
import type { FigureSums } from './figures.js';
import { countedBeside, type Rehearsal } from './rehearsals.js';

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
/** $1: one endpoint or null; $2: one kind or null. Three more parameters for each source: from and to of its spans, and whom to leave out. */
const WANTED = '($1::text IS NULL OR endpoint_id = $1) AND ($2::probe_kind IS NULL OR kind = $2)';

type Bucket = (at: string) => string;
/** @param counted a condition on the endpoint */
const ROWS: Record<Source, (bucket: Bucket, spans: string, counted: string) => string> = {
  results: (bucket, spans, counted) =>
    `(${countedUp(
      `SELECT ${KEY}, ${bucket('started_at')} AS at, result, reason, rtt_ms, loss_ratio, jitter_ms, mos
     FROM (${resultsIn(spans)}) AS one WHERE ${WANTED} AND ${counted}`,
      `${KEY}, at`,
    )})`,
  hours: (bucket, spans, counted) => `SELECT ${KEY}, ${bucket('hour')} AS at, ${FIGURES}
    FROM ${spans} AS span JOIN rollup_hour ON hour >= from_at AND hour < to_at WHERE ${WANTED} AND ${counted}`,
  days: (bucket, spans, counted) => `SELECT ${KEY}, ${bucket(DAY_AT)} AS at, ${FIGURES} FROM ${spans} AS span
    JOIN rollup_day ON day >= (from_at AT TIME ZONE '${REPORT_ZONE}')::date AND day < (to_at AT TIME ZONE '${REPORT_ZONE}')::date
    WHERE ${WANTED} AND ${counted}`,
};

/** What is read of one part of the time, and of which endpoints not. */
interface Part {
  covers: Cover[];
  without: readonly string[];
}

/** Figures in rows, each with the moment of its bucket, from the sources that are needed: planning a look at every partition takes 30 ms. */
function rowsOf(parts: readonly Part[], bucket: Bucket): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const wanted = parts.flatMap((part) => SOURCES.map((source) => ({ source, ...part })));
  const selects = wanted.flatMap(({ source, covers, without }) => {
    const spans = covers.flatMap((cover) => cover[source]);
    return spans.length > 0 ? [selectOf(source, bucket, spans, without, values)] : [];
  });
  // of no time at all: the columns, and no row
  if (selects.length === 0) selects.push(selectOf('days', bucket, [], [], values));
  return { sql: selects.join(' UNION ALL '), values };
}

function selectOf(source: Source, bucket: Bucket, spans: readonly Span[], without: readonly string[], values: unknown[]): string {
  values.push(
    spans.map(({ fromMs }) => new Date(fromMs)),
    spans.map(({ toMs }) => new Date(toMs)),
    without,
  );
  // behind $1 and $2
  const [from, to, leftOut] = [values.length, values.length + 1, values.length + 2];
  const given = `(SELECT * FROM unnest($${from}::timestamptz[], $${to}::timestamptz[]) AS given (from_at, to_at))`;
  return ROWS[source](bucket, given, `endpoint_id <> ALL ($${leftOut}::text[])`);
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

  /**
   * One row for each value of the dimension and each kind that has results. Spans must not overlap.
   * @param rehearsals what came of their endpoints meanwhile is not counted
   */
  async compare(
    dimension: Dimension,
    within: readonly Span[],
    kind: ProbeKind | undefined,
    rehearsals: readonly Rehearsal[] = [],
  ): Promise<ComparedSums[]> {
    const notReady = await this.notReady();
    const parts = countedBeside(within, rehearsals).map(({ spans, without }): Part => {
      return { covers: spans.map((span) => coverOf(span, notReady)), without };
    });
    const { sql, values } = rowsOf(parts, BUCKET.day);
    const { rows } = await this.pool.query<ComparedSums>(compareBy(dimension, sql), [null, kind ?? null, ...values]);
    return rows;
  }

  /** One row for each step that has results; what was rehearsed stands in it as it was measured. */
  async series(endpointId: string, kind: ProbeKind, within: Span, step: Step): Promise<SeriesSums[]> {
    const cover = fineEnough(coverOf(within, await this.notReady()), step);
    const { sql, values } = rowsOf([{ covers: [cover], without: [] }], BUCKET[step]);
    const { rows } = await this.pool.query<SeriesSums>(`${addedUp(sql, 'at')} ORDER BY at`, [endpointId, kind, ...values]);
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
