import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { ensurePartitions } from '../database/partitions.js';
import { PG_POOL } from '../database/tokens.js';
import type { ProbeKind } from '../probes/contract.js';
import { fromRow, type ResultDetail, type StoredOutcome, type StoredRow } from './outcome-row.js';
import { RESULT_COLUMNS } from './writer/binary-copy.js';

export interface ResultQuery {
  from: Date;
  to: Date;
  probe?: ProbeKind | undefined;
  /** only those whose evidence has a traced path: failed pings */
  has?: 'trace' | undefined;
  limit: number;
}

export interface RejectedOutcome {
  reason: string;
  /** as text: what cannot be stored may be no JSON for PostgreSQL either */
  outcome: string;
}

export interface MeanRoundTrip {
  endpointId: string;
  rttMs: number;
}

type ReadRow = StoredRow & { stored_detail: ResultDetail | null };

const INSERT_REJECTED = `INSERT INTO probe_result_rejected (fingerprint, reason, outcome)
  SELECT decode(fingerprint, 'hex'), reason, outcome FROM json_to_recordset($1) AS given (fingerprint text, reason text, outcome text)
  ON CONFLICT DO NOTHING`;

const withDetail = (results: string): string =>
  `SELECT found.*, kept.detail AS stored_detail FROM (${results}) found
   LEFT JOIN probe_result_detail kept USING (run_id, started_at)`;

/** Looked up one by one: as a join the planner reads the details of every endpoint. A ping that passed was never traced. */
const HAS_TRACE = `result <> 'pass' AND (SELECT kept.detail #> '{evidence,trace,0}' IS NOT NULL FROM probe_result_detail kept
  WHERE kept.run_id = one.run_id AND kept.started_at = one.started_at)`;
/** Rows and blocks alike. */
const OF_ENDPOINT = `probe_results($2, $3) AS one
  WHERE endpoint_id = $1 AND ($4::probe_kind IS NULL OR kind = $4) AND ($5::text IS NULL OR ${HAS_TRACE})`;
/** A check is looked up among the rows; later its detail still knows when it was. */
const OF_RUN = `SELECT ${RESULT_COLUMNS} FROM probe_result WHERE run_id = $1
  UNION ALL
  SELECT every.* FROM probe_result_detail kept, probe_results(kept.started_at, kept.started_at + interval '1 millisecond') every
  WHERE kept.run_id = $1 AND every.run_id = $1
  ORDER BY started_at DESC LIMIT 1`;

@Injectable()
export class ResultsRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  ensureDays(days: Iterable<string>): Promise<void> {
    return ensurePartitions(this.pool, days);
  }

  async setAside(rejected: RejectedOutcome[]): Promise<void> {
    const rows = rejected.map((one) => ({ ...one, fingerprint: createHash('sha256').update(one.outcome).digest('hex') }));
    await this.pool.query(INSERT_REJECTED, [JSON.stringify(rows)]);
  }

  async list(
    endpointId: string,
    { from, to, probe, has, limit }: ResultQuery,
  ): Promise<{ items: StoredOutcome[]; total: number }> {
    const filter = [endpointId, from, to, probe ?? null, has ?? null];
    const newest = `SELECT ${RESULT_COLUMNS} FROM ${OF_ENDPOINT} ORDER BY started_at DESC LIMIT $6`;
    const [page, count] = await Promise.all([
      this.pool.query<ReadRow>(`${withDetail(newest)} ORDER BY started_at DESC`, [...filter, limit]),
      this.pool.query<{ total: number }>(`SELECT count(*)::int AS total FROM ${OF_ENDPOINT}`, filter),
    ]);
    return { items: page.rows.map(toOutcome), total: count.rows[0]?.total ?? 0 };
  }

  async byRunId(runId: string): Promise<StoredOutcome | undefined> {
    const { rows } = await this.pool.query<ReadRow>(withDetail(OF_RUN), [runId]);
    return rows.map(toOutcome)[0];
  }

  /** The last outcome of each endpoint, kind and reason since then, oldest first. */
  async latest(since: Date): Promise<StoredOutcome[]> {
    const latest = `SELECT DISTINCT ON (endpoint_id, kind, reason) ${RESULT_COLUMNS} FROM probe_results($1, 'infinity')
      WHERE endpoint_id IS NOT NULL ORDER BY endpoint_id, kind, reason, started_at DESC`;
    const { rows } = await this.pool.query<ReadRow>(`${withDetail(latest)} ORDER BY started_at`, [since]);
    return rows.map(toOutcome);
  }

  async ofKind(kind: ProbeKind, from: Date, to: Date): Promise<StoredOutcome[]> {
    const { rows } = await this.pool.query<StoredRow>(
      `SELECT ${RESULT_COLUMNS} FROM probe_results($2, $3) WHERE kind = $1 AND endpoint_id IS NOT NULL ORDER BY started_at`,
      [kind, from, to],
    );
    return rows.map((row) => fromRow(row, null));
  }

  /** From the rollups of whole hours; one row for each endpoint that was measured then. */
  async meanRoundTrips(kind: ProbeKind, from: Date, to: Date): Promise<MeanRoundTrip[]> {
    const { rows } = await this.pool.query<MeanRoundTrip>(
      `SELECT endpoint_id AS "endpointId", sum(rtt_sum_ms) / sum(rtt_count) AS "rttMs" FROM rollup_hour
       WHERE hour >= $2 AND hour < $3 AND kind = $1 AND rtt_count > 0 GROUP BY endpoint_id`,
      [kind, from, to],
    );
    return rows;
  }
}

const toOutcome = ({ stored_detail: detail, ...row }: ReadRow): StoredOutcome => fromRow(row, detail);
