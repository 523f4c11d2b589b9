import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../../database/tokens.js';
import type { MaintenanceScope, MaintenanceWindow } from './maintenance-window.js';

export interface MaintenanceWrite {
  window: MaintenanceWindow;
  what: 'created' | 'changed' | 'deleted';
  by: string;
  atMs: number;
}

interface Row {
  id: string;
  scope: MaintenanceScope;
  target: string;
  starts_at: Date;
  ends_at: Date;
  weekdays: number[] | null;
  repeats_until: Date | null;
  note: string;
}

/** One statement: the windows and their lines of history are there together or not at all. */
const WRITE = `WITH given AS (
    SELECT * FROM json_to_recordset($1) AS one (id uuid, scope text, target text, starts_at timestamptz, ends_at timestamptz,
      weekdays smallint[], repeats_until timestamptz, note text, deleted_at timestamptz, at timestamptz, made_by text, what text, picture jsonb)
  ), written AS (
    INSERT INTO maintenance_window (id, scope, target, starts_at, ends_at, weekdays, repeats_until, note, deleted_at)
    SELECT id, scope, target, starts_at, ends_at, weekdays, repeats_until, note, deleted_at FROM given
    ON CONFLICT (id) DO UPDATE SET scope = EXCLUDED.scope, target = EXCLUDED.target, starts_at = EXCLUDED.starts_at,
      ends_at = EXCLUDED.ends_at, weekdays = EXCLUDED.weekdays, repeats_until = EXCLUDED.repeats_until, note = EXCLUDED.note,
      deleted_at = EXCLUDED.deleted_at
    RETURNING id
  )
  INSERT INTO maintenance_change (window_id, at, made_by, what, picture)
  SELECT id, at, made_by, what, picture FROM written JOIN given USING (id)`;

@Injectable()
export class MaintenanceRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async list(): Promise<MaintenanceWindow[]> {
    const { rows } = await this.pool.query<Row>(
      'SELECT * FROM maintenance_window WHERE deleted_at IS NULL ORDER BY starts_at, id',
    );
    return rows.map(fromRow);
  }

  async write(writes: readonly MaintenanceWrite[]): Promise<void> {
    await this.pool.query(WRITE, [JSON.stringify(writes.map(toRow))]);
  }

  async history(id: string): Promise<{ at: string; by: string; what: MaintenanceWrite['what'] }[]> {
    const { rows } = await this.pool.query<{ at: Date; made_by: string; what: MaintenanceWrite['what'] }>(
      'SELECT at, made_by, what FROM maintenance_change WHERE window_id = $1 ORDER BY id',
      [id],
    );
    return rows.map(({ at, made_by: by, what }) => ({ at: at.toISOString(), by, what }));
  }
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const toRow = ({ window, what, by, atMs }: MaintenanceWrite): Record<string, unknown> => ({
  ...{ id: window.id, scope: window.scope, target: window.target, note: window.note },
  ...{ starts_at: isoOrNull(window.fromMs), ends_at: isoOrNull(window.toMs) },
  ...{ weekdays: window.repeat?.weekdays ?? null, repeats_until: isoOrNull(window.repeat?.untilMs ?? null) },
  ...{ deleted_at: what === 'deleted' ? isoOrNull(atMs) : null, at: isoOrNull(atMs), made_by: by, what, picture: window },
});

const fromRow = (row: Row): MaintenanceWindow => ({
  id: row.id,
  scope: row.scope,
  target: row.target,
  fromMs: row.starts_at.getTime(),
  toMs: row.ends_at.getTime(),
  repeat: row.weekdays && { weekdays: row.weekdays, untilMs: row.repeats_until?.getTime() ?? null },
  note: row.note,
});
