import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { CoreLock } from '../database/core-lock.js';
import { PG_POOL } from '../database/tokens.js';
import type { CheckpointRun } from './checkpoint-run.js';
import type { MeasuredDuration } from './duration-book.js';
import type { Verdict } from './readiness.js';

const msOf = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const COLUMNS = `session_id AS "sessionId", checkpoint, ${msOf('planned_at')} AS "plannedMs", suite, state, late,
  ${msOf('started_at')} AS "startedMs", ${msOf('predicted_finish_at')} AS "predictedFinishMs", ${msOf('finished_at')} AS "finishedMs",
  total, done, passed, failed, called, covered_by AS "coveredBy", verdict, counts`;

const SAVE = `INSERT INTO checkpoint_run (session_id, checkpoint, planned_at, suite, state, late, started_at, predicted_finish_at,
    finished_at, total, done, passed, failed, called, covered_by, verdict, counts)
  SELECT "sessionId", checkpoint, to_timestamp("plannedMs" / 1000), suite, state, late, to_timestamp("startedMs" / 1000),
    to_timestamp("predictedFinishMs" / 1000), to_timestamp("finishedMs" / 1000), total, done, passed, failed, called, "coveredBy", verdict, counts
  FROM jsonb_to_recordset($1) AS given ("sessionId" uuid, checkpoint text, "plannedMs" float8, suite text, state text, late boolean,
    "startedMs" float8, "predictedFinishMs" float8, "finishedMs" float8, total int, done int, passed int, failed int, called int, "coveredBy" text,
    verdict text, counts jsonb)
  ON CONFLICT ON CONSTRAINT pk_checkpoint_run DO UPDATE SET suite = excluded.suite, state = excluded.state, late = excluded.late,
    started_at = excluded.started_at, predicted_finish_at = excluded.predicted_finish_at, finished_at = excluded.finished_at,
    total = excluded.total, done = excluded.done, passed = excluded.passed, failed = excluded.failed, called = excluded.called, covered_by = excluded.covered_by,
    verdict = excluded.verdict, counts = excluded.counts`;

/** Calls of a day, light probes of a quarter of an hour: each has some of every endpoint, and both are read in a moment. */
const DURATIONS = `SELECT endpoint_id AS "endpointId", kind, avg(duration_ms)::float8 AS "durationMs" FROM (
    SELECT endpoint_id, kind, duration_ms, reason FROM probe_results($1::timestamptz - interval '1 day', $1) WHERE kind::text LIKE '%-call'
    UNION ALL
    SELECT endpoint_id, kind, duration_ms, reason FROM probe_results($1::timestamptz - interval '15 minutes', $1)
      WHERE kind::text NOT LIKE '%-call'
  ) AS recent
  WHERE endpoint_id IS NOT NULL AND reason NOT IN ('aborted', 'self-overloaded', 'unavailable-here', 'target-not-allowed')
  GROUP BY endpoint_id, kind`;

/** Checkpoints as they went, and the verdict told last. */
@Injectable()
export class CheckpointRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    private readonly lock: CoreLock,
  ) {}

  /** Of sessions whose checkpoints lie after this. */
  async since(from: Date): Promise<CheckpointRun[]> {
    const sessions = 'SELECT session_id FROM checkpoint_run WHERE planned_at >= $1';
    const select = `SELECT ${COLUMNS} FROM checkpoint_run WHERE session_id IN (${sessions}) ORDER BY planned_at, checkpoint`;
    return (await this.pool.query<CheckpointRun>(select, [from])).rows;
  }

  async ofSession(sessionId: string): Promise<CheckpointRun[]> {
    const select = `SELECT ${COLUMNS} FROM checkpoint_run WHERE session_id = $1 ORDER BY planned_at, checkpoint`;
    return (await this.pool.query<CheckpointRun>(select, [sessionId])).rows;
  }

  /** May be told the same as often as one likes: the last word counts. */
  async save(runs: readonly CheckpointRun[]): Promise<void> {
    this.lock.mustHold();
    await this.pool.query(SAVE, [JSON.stringify(runs)]);
  }

  async verdicts(): Promise<Map<string, Verdict>> {
    const { rows } = await this.pool.query<{ id: string; verdict: Verdict }>(
      'SELECT session_id AS id, verdict FROM session_verdict',
    );
    return new Map(rows.map(({ id, verdict }) => [id, verdict]));
  }

  async saveVerdict(sessionId: string, verdict: Verdict, told: Date): Promise<void> {
    this.lock.mustHold();
    const upsert = `INSERT INTO session_verdict VALUES ($1, $2, $3)
      ON CONFLICT ON CONSTRAINT pk_session_verdict DO UPDATE SET verdict = excluded.verdict, told_at = excluded.told_at`;
    await this.pool.query(upsert, [sessionId, verdict, told]);
  }

  /** How long each probe of each endpoint took lately. */
  async durations(until: Date): Promise<MeasuredDuration[]> {
    return (await this.pool.query<MeasuredDuration>(DURATIONS, [until])).rows;
  }
}
