import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../database/tokens.js';
import type { Session } from './session.js';
import type { FieldChanges, SessionChange, StoredSession } from './stored-session.js';

/** One row that is written, with its line of history. */
export interface SessionWrite {
  session: StoredSession;
  by: string;
  what: SessionChange['what'];
  fields: FieldChanges;
}

interface SessionRow {
  id: string;
  starts_at: Date;
  ends_at: Date;
  connect_by: Date;
  title: string;
  invitation_number: string;
  host: string;
  status: Session['status'];
  need: Session['need'];
  rehearsal: boolean;
  participants: Session['participants'];
  counterparts: string[];
  checkpoints: string[];
  calls_stop_before: string;
  rule: Session['rule'];
  calendar: string | null;
  uid: string | null;
  recurrence_id: string | null;
  sequence: number | null;
  revision: number;
  changed_by_person: boolean;
  calendar_says: FieldChanges | null;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `id, starts_at, ends_at, connect_by, title, invitation_number, host, status, need, rehearsal, participants, counterparts,
  checkpoints, calls_stop_before, rule, calendar, uid, recurrence_id, sequence, revision, changed_by_person, calendar_says, created_at, updated_at`;
const NAMES = COLUMNS.split(',').map((name) => name.trim());

const UPSERT = `INSERT INTO session (${COLUMNS}, deleted_at) VALUES (${[...NAMES, ''].map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${NAMES.slice(1)
    .map((name) => `${name} = EXCLUDED.${name}`)
    .join(', ')}, deleted_at = EXCLUDED.deleted_at
  WHERE session.revision = EXCLUDED.revision - 1`;
const ADD_CHANGE = 'INSERT INTO session_change (session_id, revision, at, made_by, what, fields) VALUES ($1, $2, $3, $4, $5, $6)';
/** A calendar's new word about a session that a person changed is no new revision of it. */
const NOTE = 'UPDATE session SET calendar_says = $2, sequence = $3 WHERE id = $1';

/** Sessions and their history. */
@Injectable()
export class SessionRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async list(): Promise<StoredSession[]> {
    const { rows } = await this.pool.query<SessionRow>(
      `SELECT ${COLUMNS} FROM session WHERE deleted_at IS NULL ORDER BY starts_at, id`,
    );
    return rows.map(fromRow);
  }

  /** Occurrences of calendars that a person deleted: they must not come back with the next look at the calendar. */
  async deletedOccurrences(): Promise<StoredSession[]> {
    const { rows } = await this.pool.query<SessionRow>(
      `SELECT ${COLUMNS} FROM session WHERE deleted_at IS NOT NULL AND calendar IS NOT NULL AND ends_at > now()`,
    );
    return rows.map(fromRow);
  }

  /**
   * All or nothing. @throws when one of them was changed meanwhile by somebody else
   * @param notes what calendars say of sessions that stay as they are
   */
  async write(writes: readonly SessionWrite[], notes: readonly StoredSession[] = []): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      for (const write of writes) await writeOne(client, write);
      for (const { id, calendarSays, source } of notes)
        await client.query(NOTE, [id, asJson(calendarSays), source.kind === 'ics' ? source.sequence : null]);
    });
  }

  /** Oldest first. */
  async history(sessionId: string): Promise<SessionChange[]> {
    const { rows } = await this.pool.query<Omit<SessionChange, 'at'> & { at: Date }>(
      `SELECT revision, at, made_by AS by, what, fields FROM session_change WHERE session_id = $1 ORDER BY id`,
      [sessionId],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}

async function writeOne(client: pg.PoolClient, { session, by, what, fields }: SessionWrite): Promise<void> {
  const at = new Date(session.updatedMs);
  const { rowCount } = await client.query(UPSERT, [...valuesOf(session), what === 'deleted' ? at : null]);
  if (rowCount !== 1) throw new Error(`session ${session.id} is not at revision ${session.revision - 1} in the database`);
  await client.query(ADD_CHANGE, [session.id, session.revision, at, by, what, JSON.stringify(fields)]);
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (failure: Error) => client.release(failure),
    );
    throw error;
  }
}

const asJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** In the order of COLUMNS. */
function valuesOf(session: StoredSession): unknown[] {
  const { source } = session;
  const [calendar, uid, recurrenceId, sequence] =
    source.kind === 'ics' ? [source.calendar, source.uid, source.recurrenceId, source.sequence] : [null, null, null, null];
  return [
    ...[session.id, new Date(session.startsMs), new Date(session.endsMs), new Date(session.connectByMs)],
    ...[session.title, session.invitationNumber, session.host, session.status, session.need, session.rehearsal],
    ...[JSON.stringify(session.participants), session.counterparts, session.checkpoints, session.callsStopBefore],
    ...[JSON.stringify(session.rule), calendar, uid, recurrenceId, sequence],
    ...[session.revision, session.changedByPerson, asJson(session.calendarSays)],
    ...[new Date(session.createdMs), new Date(session.updatedMs)],
  ];
}

function fromRow(row: SessionRow): StoredSession {
  const { calendar, uid, recurrence_id: recurrenceId, sequence } = row;
  return {
    id: row.id,
    title: row.title,
    startsMs: row.starts_at.getTime(),
    endsMs: row.ends_at.getTime(),
    connectByMs: row.connect_by.getTime(),
    invitationNumber: row.invitation_number,
    host: row.host,
    participants: row.participants,
    counterparts: row.counterparts,
    checkpoints: row.checkpoints,
    callsStopBefore: row.calls_stop_before,
    rule: row.rule,
    need: row.need,
    rehearsal: row.rehearsal,
    status: row.status,
    source:
      calendar === null || uid === null || sequence === null
        ? { kind: 'api' }
        : { kind: 'ics', calendar, uid, recurrenceId, sequence },
    revision: row.revision,
    createdMs: row.created_at.getTime(),
    updatedMs: row.updated_at.getTime(),
    changedByPerson: row.changed_by_person,
    calendarSays: row.calendar_says,
  };
}
