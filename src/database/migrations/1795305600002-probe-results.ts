import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Results by UTC day. A province of 150 endpoints writes some 900,000 rows a day, so a row holds fixed-width columns only and
 * what is worth reading later (media, evidence) stands in a table beside it, for calls and failures alone. Kind, result and
 * reason are enums: 4 bytes like a code of our own, but the server refuses a wrong word and a person can read the table.
 */
export class ProbeResults1795305600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TYPE probe_kind AS ENUM ('icmp', 'tcp', 'sip-options', 'sip-call')`);
    await runner.query(`CREATE TYPE probe_outcome_result AS ENUM ('pass', 'fail', 'inconclusive')`);
    await runner.query(`CREATE TYPE probe_reason AS ENUM (
      'ok', 'no-answer', 'refused', 'no-route', 'resolve-failed',
      'signalling-hung', 'busy', 'declined', 'not-auto-answering', 'not-found', 'auth-required', 'auth-failed', 'codec-mismatch',
      'encryption-required', 'redirected', 'gatekeeper-policy', 'resource-limit', 'server-error', 'protocol-error',
      'h245-blocked', 'peer-hung-up',
      'no-media', 'one-way-in', 'one-way-out', 'audio-only', 'poor-quality', 'silent', 'frozen',
      'self-overloaded', 'unavailable-here', 'target-not-allowed', 'aborted', 'out-unconfirmed'
    )`);
    // wide columns first: no padding between them
    await runner.query(`CREATE TABLE probe_result (
      started_at timestamptz NOT NULL,
      run_id uuid NOT NULL,
      duration_ms real NOT NULL,
      self_lag_ms real NOT NULL,
      rtt_ms real,
      loss_ratio real,
      jitter_ms real,
      mos real,
      setup_ms real,
      kind probe_kind NOT NULL,
      result probe_outcome_result NOT NULL,
      reason probe_reason NOT NULL,
      signals smallint,
      kernel_clock boolean,
      endpoint_id text,
      vantage text NOT NULL,
      target text NOT NULL,
      CONSTRAINT pk_probe_result PRIMARY KEY (run_id, started_at)
    ) PARTITION BY RANGE (started_at)`);
    await runner.query('CREATE INDEX ix_probe_result_endpoint ON probe_result (endpoint_id, started_at)');
    await runner.query(`CREATE TABLE probe_result_detail (
      started_at timestamptz NOT NULL,
      run_id uuid NOT NULL,
      detail jsonb NOT NULL,
      CONSTRAINT pk_probe_result_detail PRIMARY KEY (run_id, started_at)
    ) PARTITION BY RANGE (started_at)`);
    await runner.query(`CREATE TABLE probe_result_rejected (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_probe_result_rejected PRIMARY KEY,
      received_at timestamptz NOT NULL DEFAULT now(),
      fingerprint bytea NOT NULL CONSTRAINT uq_probe_result_rejected_fingerprint UNIQUE,
      reason text NOT NULL,
      outcome text NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE probe_result_rejected, probe_result_detail, probe_result');
    await runner.query('DROP TYPE probe_reason, probe_outcome_result, probe_kind');
  }
}
