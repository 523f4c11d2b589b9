import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people and programs are told, and what has become of it with each receiver. `key` names the event: told again after a restart
 * or in a replay it is absorbed here.
 */
export class Notices1795305600009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE notice (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_notice PRIMARY KEY,
      key text NOT NULL CONSTRAINT uq_notice_key UNIQUE,
      type text NOT NULL,
      subject text NOT NULL,
      at timestamptz NOT NULL,
      taken_at timestamptz NOT NULL,
      content jsonb NOT NULL
    )`);
    await runner.query('CREATE INDEX ix_notice_subject ON notice (subject, id)');
    await runner.query('CREATE INDEX ix_notice_taken_at ON notice (taken_at)');
    await runner.query(`CREATE TABLE notice_delivery (
      notice_id bigint NOT NULL CONSTRAINT fk_notice_delivery_notice REFERENCES notice (id) ON DELETE CASCADE,
      receiver text NOT NULL,
      state text NOT NULL CONSTRAINT ck_notice_delivery_state CHECK (state IN ('waiting', 'sent', 'dead', 'superseded')),
      digest boolean NOT NULL,
      attempts integer NOT NULL,
      first_due_at timestamptz NOT NULL,
      due_at timestamptz NOT NULL,
      ended_at timestamptz,
      last_error text,
      CONSTRAINT pk_notice_delivery PRIMARY KEY (notice_id, receiver)
    )`);
    await runner.query(`CREATE INDEX ix_notice_delivery_waiting ON notice_delivery (receiver, due_at) WHERE state = 'waiting'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notice_delivery, notice');
  }
}
