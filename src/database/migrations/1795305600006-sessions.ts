import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  `CREATE TABLE session (
    id uuid NOT NULL CONSTRAINT pk_session PRIMARY KEY,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    connect_by timestamptz NOT NULL,
    title text NOT NULL,
    invitation_number text NOT NULL,
    host text NOT NULL,
    status text NOT NULL CONSTRAINT ck_session_status CHECK (status IN ('planned', 'cancelled')),
    need text NOT NULL CONSTRAINT ck_session_need CHECK (need IN ('audio-video', 'audio')),
    rehearsal boolean NOT NULL,
    participants jsonb NOT NULL,
    counterparts text[] NOT NULL,
    checkpoints text[] NOT NULL,
    calls_stop_before text NOT NULL,
    rule jsonb NOT NULL,
    calendar text,
    uid text,
    recurrence_id text,
    sequence integer,
    revision integer NOT NULL,
    changed_by_person boolean NOT NULL,
    calendar_says jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT ck_session_time CHECK (starts_at < ends_at),
    CONSTRAINT ck_session_source CHECK ((calendar IS NULL) = (uid IS NULL) AND (calendar IS NULL) = (sequence IS NULL))
  )`,
  'CREATE INDEX ix_session_ends_at ON session (ends_at)',
  // one occurrence of a calendar is one session, also after a person deleted it
  `CREATE UNIQUE INDEX ux_session_occurrence ON session (calendar, uid, coalesce(recurrence_id, '')) WHERE calendar IS NOT NULL`,
  `CREATE TABLE session_change (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_session_change PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_session_change_session REFERENCES session,
    revision integer NOT NULL,
    at timestamptz NOT NULL,
    made_by text NOT NULL,
    what text NOT NULL CONSTRAINT ck_session_change_what CHECK (what IN ('created', 'changed', 'deleted')),
    fields jsonb NOT NULL
  )`,
  'CREATE INDEX ix_session_change_session ON session_change (session_id)',
  `CREATE TABLE session_attendance (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_session_attendance PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_session_attendance_session REFERENCES session,
    site_code text NOT NULL,
    mark text NOT NULL CONSTRAINT ck_session_attendance_mark CHECK (mark IN ('present', 'late', 'absent', 'dropped', 'undo')),
    at timestamptz NOT NULL,
    note text NOT NULL,
    made_by text NOT NULL,
    recorded_at timestamptz NOT NULL
  )`,
  'CREATE INDEX ix_session_attendance_session ON session_attendance (session_id)',
  `CREATE TABLE session_sign_off (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_session_sign_off PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_session_sign_off_session REFERENCES session,
    revision integer NOT NULL,
    signed_by text NOT NULL,
    note text NOT NULL,
    at timestamptz NOT NULL
  )`,
  'CREATE INDEX ix_session_sign_off_session ON session_sign_off (session_id)',
  `CREATE TABLE session_snapshot (
    session_id uuid NOT NULL CONSTRAINT pk_session_snapshot PRIMARY KEY CONSTRAINT fk_session_snapshot_session REFERENCES session,
    taken_at timestamptz NOT NULL,
    sha256 bytea NOT NULL CONSTRAINT ck_session_snapshot_sha256 CHECK (length(sha256) = 32),
    picture text NOT NULL
  )`,
  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% keeps what was written: % is refused', TG_TABLE_NAME, TG_OP;
  END $$`,
  // what was decided upon must be what is read later
  ...['session_snapshot', 'session_sign_off', 'session_attendance', 'session_change'].map(
    (table) =>
      `CREATE TRIGGER tr_${table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  ),
];

/** Sessions with the history of each, and what is only ever added to: attendance, sign-off, the picture frozen at the start. */
export class Sessions1795305600006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE session_snapshot, session_sign_off, session_attendance, session_change, session');
    await runner.query('DROP FUNCTION refuse_change');
  }
}
