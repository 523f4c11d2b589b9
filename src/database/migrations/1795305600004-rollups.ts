import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row an hour (a day) for each endpoint, kind and vantage: what reports are made of when the results themselves are gone. */
const figures = `
      total integer NOT NULL,
      passed integer NOT NULL,
      failed integer NOT NULL,
      rtt_count integer NOT NULL,
      rtt_sum_ms double precision NOT NULL,
      rtt_min_ms real,
      rtt_max_ms real,
      rtt_bins smallint[] NOT NULL,
      rtt_counts integer[] NOT NULL,
      loss_count integer NOT NULL,
      loss_sum double precision NOT NULL,
      jitter_count integer NOT NULL,
      jitter_sum_ms double precision NOT NULL,
      jitter_max_ms real,
      mos_count integer NOT NULL,
      mos_sum double precision NOT NULL,
      mos_min real,
      reasons jsonb NOT NULL`;

/**
 * Rollups by UTC hour and by the day of Asia/Ho_Chi_Minh (UTC+7, whole hours, so that a day is 24 rows of the hourly table), and the
 * list of those that have to be made anew because results came.
 */
export class Rollups1795305600004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE rollup_hour (
      hour timestamptz NOT NULL,
      endpoint_id text NOT NULL,
      kind probe_kind NOT NULL,
      vantage text NOT NULL,${figures},
      CONSTRAINT pk_rollup_hour PRIMARY KEY (hour, endpoint_id, kind, vantage)
    )`);
    await runner.query('CREATE INDEX ix_rollup_hour_endpoint ON rollup_hour (endpoint_id, hour)');
    await runner.query(`CREATE TABLE rollup_day (
      day date NOT NULL,
      endpoint_id text NOT NULL,
      kind probe_kind NOT NULL,
      vantage text NOT NULL,${figures},
      CONSTRAINT pk_rollup_day PRIMARY KEY (day, endpoint_id, kind, vantage)
    )`);
    await runner.query(`CREATE TABLE rollup_due (
      unit text NOT NULL CONSTRAINT ck_rollup_due_unit CHECK (unit IN ('hour', 'day')),
      starts_at timestamptz NOT NULL,
      CONSTRAINT pk_rollup_due PRIMARY KEY (unit, starts_at)
    )`);
    // everything stored before there were rollups
    await runner.query(`INSERT INTO rollup_due SELECT DISTINCT 'hour', date_trunc('hour', started_at, 'UTC') FROM probe_result
      UNION SELECT DISTINCT 'hour', hour FROM probe_result_block`);
    // bin b holds (1.06^(b-1), 1.06^b]: see results/rollup/log-histogram.ts
    await runner.query(`CREATE FUNCTION log_bin(value real) RETURNS smallint
      LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ceil(ln(value::double precision) / ln(1.06::double precision))::smallint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION log_bin(real)');
    await runner.query('DROP TABLE rollup_due, rollup_day, rollup_hour');
  }
}
