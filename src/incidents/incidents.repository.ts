import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../database/tokens.js';
import type { AuditEntry, Incident } from './incident.js';

interface IncidentRow {
  id: string;
  opened_at: Date;
  resolved_at: Date | null;
  state: Incident['state'];
  picture: Incident;
}

interface AuditRow {
  id: string;
  incident_id: string;
  at: Date;
  type: AuditEntry['type'];
  made_by: string;
  note: string;
  joined: string[];
  left_again: string[];
}

/** Those that were open at some moment from `from` up to `to`. */
export interface IncidentPage {
  from: Date;
  to: Date;
  limit: number;
  offset: number;
  /** those that any of these was part of; absent: all */
  endpoints?: readonly string[] | null;
}

/** An older picture, written late after a lost answer, does not replace a newer one. */
const UPSERT = `INSERT INTO incident (id, opened_at, resolved_at, state, cause_kind, cause_name, counted_at, picture)
  SELECT * FROM json_to_recordset($1) AS given (id uuid, opened_at timestamptz, resolved_at timestamptz, state text, cause_kind text,
    cause_name text, counted_at timestamptz, picture jsonb)
  ON CONFLICT (id) DO UPDATE SET resolved_at = EXCLUDED.resolved_at, state = EXCLUDED.state, counted_at = EXCLUDED.counted_at,
    picture = EXCLUDED.picture
  WHERE incident.counted_at <= EXCLUDED.counted_at`;
const ADD_AUDIT = `INSERT INTO incident_audit (id, incident_id, at, type, made_by, note, joined, left_again)
  SELECT id, incident_id, at, type, made_by, note, ARRAY(SELECT json_array_elements_text(joined)), ARRAY(SELECT json_array_elements_text(left_again))
  FROM json_to_recordset($1) AS given (id uuid, incident_id uuid, at timestamptz, type text, made_by text, note text, joined json, left_again json)
  ON CONFLICT (id) DO NOTHING`;

@Injectable()
export class IncidentsRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Both or nothing; may be told the same any number of times. */
  async write(incidents: readonly Incident[], entries: readonly AuditEntry[]): Promise<void> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      if (incidents.length) await client.query(UPSERT, [JSON.stringify(incidents.map(toRow))]);
      if (entries.length) await client.query(ADD_AUDIT, [JSON.stringify(entries.map(toAuditRow))]);
      await client.query('COMMIT');
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      // a connection in an unknown state is not used again
      client.release(broken);
    }
  }

  /** Open ones, and what ended since then: newest first. */
  async lately(since: Date): Promise<Incident[]> {
    const { rows } = await this.pool.query<IncidentRow>(
      `SELECT * FROM incident WHERE resolved_at IS NULL OR resolved_at >= $1 ORDER BY opened_at DESC`,
      [since],
    );
    return rows.map(({ picture }) => picture);
  }

  async list({ from, to, limit, offset, endpoints = null }: IncidentPage): Promise<{ items: Incident[]; total: number }> {
    const filter = `FROM incident WHERE opened_at < $2 AND (resolved_at IS NULL OR resolved_at >= $1)
      AND ($3::text[] IS NULL OR picture->'everMembers' ?| $3)`;
    const given = [from, to, endpoints];
    const [page, count] = await Promise.all([
      this.pool.query<IncidentRow>(`SELECT * ${filter} ORDER BY opened_at DESC, id LIMIT $4 OFFSET $5`, [
        ...given,
        limit,
        offset,
      ]),
      this.pool.query<{ total: number }>(`SELECT count(*)::int AS total ${filter}`, given),
    ]);
    return { items: page.rows.map(({ picture }) => picture), total: count.rows[0]?.total ?? 0 };
  }

  async byId(id: string): Promise<Incident | undefined> {
    const { rows } = await this.pool.query<IncidentRow>('SELECT * FROM incident WHERE id = $1', [id]);
    return rows[0]?.picture;
  }

  async audit(id: string): Promise<AuditEntry[]> {
    const { rows } = await this.pool.query<AuditRow>('SELECT * FROM incident_audit WHERE incident_id = $1 ORDER BY at, id', [id]);
    return rows.map((row) => ({
      id: row.id,
      incidentId: row.incident_id,
      atMs: row.at.getTime(),
      type: row.type,
      by: row.made_by,
      note: row.note,
      joined: row.joined,
      left: row.left_again,
    }));
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const toRow = (incident: Incident): Record<string, unknown> => ({
  id: incident.id,
  opened_at: iso(incident.openedMs),
  resolved_at: iso(incident.resolvedMs),
  state: incident.state,
  cause_kind: incident.cause.kind,
  cause_name: incident.cause.name,
  counted_at: iso(incident.countedMs),
  picture: incident,
});

const toAuditRow = (entry: AuditEntry): Record<string, unknown> => ({
  id: entry.id,
  incident_id: entry.incidentId,
  at: iso(entry.atMs),
  type: entry.type,
  made_by: entry.by,
  note: entry.note,
  joined: entry.joined,
  left_again: entry.left,
});
