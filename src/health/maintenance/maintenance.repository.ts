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

/** One statement: the window and its line of history are there together or not at all. */
const WRITE = `WITH written AS (
    INSERT INTO maintenance_window (id, scope, target, starts_at, ends_at, weekdays, repeats_until, note, deleted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (id) DO UPDATE SET scope = EXCLUDED.scope, target = EXCLUDED.target, starts_at = EXCLUDED.starts_at,
      ends_at = EXCLUDED.ends_at, weekdays = EXCLUDED.weekdays, repeats_until = EXCLUDED.repeats_until, note = EXCLUDED.note,
      deleted_at = EXCLUDED.deleted_at
    RETURNING id
  )
  INSERT INTO maintenance_change (window_id, at, made_by, what, picture) SELECT id, $10, $11, $12, $13 FROM written`;

@Injectable()
export class MaintenanceRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async list(): Promise<MaintenanceWindow[]> {
    const { rows } = await this.pool.query<Row>(
      'SELECT * FROM maintenance_window WHERE deleted_at IS NULL ORDER BY starts_at, id',
    );
    return rows.map(fromRow);
  }

  async write({ window, what, by, atMs }: MaintenanceWrite): Promise<void> {
    const at = new Date(atMs);
    await this.pool.query(WRITE, [
      ...[window.id, window.scope, window.target, new Date(window.fromMs), new Date(window.toMs)],
      ...[window.repeat?.weekdays ?? null, dateOrNull(window.repeat?.untilMs ?? null), window.note],
      ...[what === 'deleted' ? at : null, at, by, what, JSON.stringify(window)],
    ]);
  }

  async history(id: string): Promise<{ at: string; by: string; what: MaintenanceWrite['what'] }[]> {
    const { rows } = await this.pool.query<{ at: Date; made_by: string; what: MaintenanceWrite['what'] }>(
      'SELECT at, made_by, what FROM maintenance_change WHERE window_id = $1 ORDER BY id',
      [id],
    );
    return rows.map(({ at, made_by: by, what }) => ({ at: at.toISOString(), by, what }));
  }
}

const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const fromRow = (row: Row): MaintenanceWindow => ({
  id: row.id,
  scope: row.scope,
  target: row.target,
  fromMs: row.starts_at.getTime(),
  toMs: row.ends_at.getTime(),
  repeat: row.weekdays && { weekdays: row.weekdays, untilMs: row.repeats_until?.getTime() ?? null },
  note: row.note,
});
