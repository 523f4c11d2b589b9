import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE incident (
    id uuid NOT NULL CONSTRAINT pk_incident PRIMARY KEY,
    opened_at timestamptz NOT NULL,
    resolved_at timestamptz,
    state text NOT NULL CONSTRAINT ck_incident_state CHECK (state IN ('open', 'acknowledged', 'resolved', 'merged')),
    cause_kind text NOT NULL,
    cause_name text NOT NULL,
    counted_at timestamptz NOT NULL,
    picture jsonb NOT NULL
  )`,
  'CREATE INDEX ix_incident_resolved_at ON incident (resolved_at)',
  'CREATE INDEX ix_incident_opened_at ON incident (opened_at)',
  `CREATE TABLE incident_audit (
    id uuid NOT NULL CONSTRAINT pk_incident_audit PRIMARY KEY,
    incident_id uuid NOT NULL CONSTRAINT fk_incident_audit_incident REFERENCES incident,
    at timestamptz NOT NULL,
    type text NOT NULL,
    made_by text NOT NULL,
    note text NOT NULL,
    joined text[] NOT NULL,
    left_again text[] NOT NULL
  )`,
  'CREATE INDEX ix_incident_audit_incident ON incident_audit (incident_id)',
  `CREATE TABLE contact_log (
    id uuid NOT NULL CONSTRAINT pk_contact_log PRIMARY KEY,
    site_code text NOT NULL,
    at timestamptz NOT NULL,
    made_by text NOT NULL,
    note text NOT NULL
  )`,
  'CREATE INDEX ix_contact_log_site ON contact_log (site_code, at)',
];

/** Incidents as pictures (what is searched stands in columns of its own), their audit, and what was said on the phone. */
export class Incidents1795305600007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE contact_log, incident_audit, incident');
  }
}
