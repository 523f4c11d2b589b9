import type pg from 'pg';
import { ADVISORY_LOCKS } from '../../database/advisory-locks.js';

const FIGURES = ['duration_ms', 'self_lag_tenths', 'rtt_ms', 'loss_ratio', 'jitter_ms', 'mos', 'setup_ms'] as const;
/** what all results of one block have in common */
const COMMON = 'endpoint_id, kind, vantage, target, result, reason, signals, kernel_clock';
const ORDER = 'ORDER BY started_at';

/** Calls and failures are looked up again, by their detail; a ping that came back is not. */
export const runIsKept = (row: '' | 'new.'): string => `(${row}kind IN ('sip-call', 'h323-call') OR ${row}result <> 'pass')`;
const KEPT_RUN = `CASE WHEN ${runIsKept('')} THEN run_id END`;

/** A figure that none of the block has costs nothing. */
const packed = (column: string): string => `CASE WHEN count(${column}) > 0 THEN array_agg(${column} ${ORDER}) END AS ${column}`;

/**
 * One statement, so that every result is at each moment in one of the two tables. Blocks of the same endpoint, kind and vantage are
 * opened again for what came late. One endpoint runs one probe of a kind at a time: what agrees in the millisecond (and in the run,
 * where it is kept) is the same outcome offered twice.
 */
const COMPACT_HOUR = `
WITH moved AS (
  DELETE FROM probe_result WHERE started_at >= $1 AND started_at < $1 + interval '1 hour' RETURNING *
), touched AS (
  SELECT DISTINCT endpoint_id, kind, vantage FROM moved
), opened AS (
  DELETE FROM probe_result_block AS block USING touched
  WHERE block.hour = $1 AND block.endpoint_id IS NOT DISTINCT FROM touched.endpoint_id
    AND block.kind = touched.kind AND block.vantage = touched.vantage
  RETURNING block.*
), every AS (
  SELECT started_at, ${KEPT_RUN} AS run_id, ${FIGURES.join(', ')}, ${COMMON}
  FROM moved, LATERAL (SELECT round(self_lag_ms * 10)::smallint AS self_lag_tenths) AS rounded
  UNION ALL
  SELECT opened.hour + one.offset_ms * interval '1 millisecond', one.run_id, ${FIGURES.map((name) => `one.${name}`).join(', ')}, ${COMMON}
  FROM opened, unnest(offset_ms, run_id, ${FIGURES.map((name) => `opened.${name}`).join(', ')}) AS one (offset_ms, run_id, ${FIGURES.join(', ')})
), once AS (
  SELECT DISTINCT ON (endpoint_id, kind, vantage, started_at, run_id) * FROM every
)
INSERT INTO probe_result_block (hour, ${COMMON}, offset_ms, run_id, ${FIGURES.join(', ')})
SELECT $1, ${COMMON}, array_agg(round(extract(epoch FROM started_at - $1) * 1000)::integer ${ORDER}),
  ${packed('run_id')}, ${FIGURES.map(packed).join(', ')}
FROM once GROUP BY ${COMMON}`;

/** Moves the results of one UTC hour from rows into blocks. Idempotent; late rows are merged by the next call. @returns blocks written */
export async function compactHour(client: pg.ClientBase, hour: Date): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.compaction]);
    const { rowCount } = await client.query(COMPACT_HOUR, [hour]);
    await client.query('INSERT INTO packed_hour VALUES ($1) ON CONFLICT DO NOTHING', [hour]);
    await client.query('COMMIT');
    return rowCount ?? 0;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Hours that have rows and are over by then, oldest first. */
export async function hoursToCompact(client: pg.ClientBase, before: Date): Promise<Date[]> {
  const { rows } = await client.query<{ hour: Date }>(
    `SELECT DISTINCT date_trunc('hour', started_at, 'UTC') AS hour FROM probe_result WHERE started_at < $1 ORDER BY 1`,
    [before],
  );
  return rows.map(({ hour }) => hour);
}
