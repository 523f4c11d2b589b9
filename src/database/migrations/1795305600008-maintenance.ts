import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE maintenance_window (
    id uuid NOT NULL CONSTRAINT pk_maintenance_window PRIMARY KEY,
    scope text NOT NULL CONSTRAINT ck_maintenance_window_scope CHECK (scope IN ('endpoint', 'site', 'area', 'carrier')),
    target text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    weekdays smallint[],
    repeats_until timestamptz,
    note text NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT ck_maintenance_window_time CHECK (starts_at < ends_at),
    CONSTRAINT ck_maintenance_window_repeat CHECK (weekdays IS NOT NULL OR repeats_until IS NULL)
  )`,
  `CREATE TABLE maintenance_change (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_maintenance_change PRIMARY KEY,
    window_id uuid NOT NULL CONSTRAINT fk_maintenance_change_window REFERENCES maintenance_window,
    at timestamptz NOT NULL,
    made_by text NOT NULL,
    what text NOT NULL CONSTRAINT ck_maintenance_change_what CHECK (what IN ('created', 'changed', 'deleted')),
    picture jsonb NOT NULL
  )`,
  'CREATE INDEX ix_maintenance_change_window ON maintenance_change (window_id)',
];

/** Planned work, and who planned it; a window that was deleted stays with its history. */
export class Maintenance1795305600008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE maintenance_change, maintenance_window');
  }
}
