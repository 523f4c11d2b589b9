import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was tested for a session and when, and the verdict that was told last. */
export class CheckpointRuns1795305600010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE checkpoint_run (
      session_id uuid NOT NULL CONSTRAINT fk_checkpoint_run_session REFERENCES session,
      checkpoint text NOT NULL,
      planned_at timestamptz NOT NULL,
      suite text NOT NULL CONSTRAINT ck_checkpoint_run_suite CHECK (suite IN ('full', 'light')),
      state text NOT NULL CONSTRAINT ck_checkpoint_run_state CHECK (state IN ('running', 'done', 'missed')),
      late boolean NOT NULL,
      started_at timestamptz,
      predicted_finish_at timestamptz,
      finished_at timestamptz,
      total integer NOT NULL,
      done integer NOT NULL,
      passed integer NOT NULL,
      failed integer NOT NULL,
      covered_by text,
      verdict text CONSTRAINT ck_checkpoint_run_verdict CHECK (verdict IN ('GO', 'AT_RISK', 'NO_GO')),
      counts jsonb,
      CONSTRAINT pk_checkpoint_run PRIMARY KEY (session_id, planned_at, checkpoint)
    )`);
    await runner.query('CREATE INDEX ix_checkpoint_run_planned ON checkpoint_run (planned_at)');
    await runner.query(`CREATE TABLE session_verdict (
      session_id uuid NOT NULL CONSTRAINT pk_session_verdict PRIMARY KEY CONSTRAINT fk_session_verdict_session REFERENCES session,
      verdict text NOT NULL CONSTRAINT ck_session_verdict CHECK (verdict IN ('GO', 'AT_RISK', 'NO_GO')),
      told_at timestamptz NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session_verdict, checkpoint_run');
  }
}
