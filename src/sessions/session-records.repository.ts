import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../database/tokens.js';
import type { AttendanceMark } from './attendance.js';

export interface RecordedMark extends AttendanceMark {
  note: string;
  by: string;
  recordedMs: number;
}

export interface SignOff {
  /** of the session as it was signed */
  revision: number;
  by: string;
  note: string;
  at: string;
}

export interface StoredSnapshot {
  takenAt: Date;
  sha256: Buffer;
  /** canonical JSON */
  picture: string;
}

/** What is only ever added to: the database refuses to change or delete it. */
@Injectable()
export class SessionRecordsRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async addMark(sessionId: string, { siteCode, mark, atMs, note, by, recordedMs }: RecordedMark): Promise<void> {
    await this.pool.query(
      `INSERT INTO session_attendance (session_id, site_code, mark, at, note, made_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [sessionId, siteCode, mark, new Date(atMs), note, by, new Date(recordedMs)],
    );
  }

  /** In the order in which they were made. */
  async marks(sessionId: string): Promise<RecordedMark[]> {
    const { rows } = await this.pool.query<Omit<RecordedMark, 'atMs' | 'recordedMs'> & { at: Date; recorded_at: Date }>(
      `SELECT site_code AS "siteCode", mark, at, note, made_by AS by, recorded_at FROM session_attendance WHERE session_id = $1 ORDER BY id`,
      [sessionId],
    );
    return rows.map(({ at, recorded_at, ...row }) => ({ ...row, atMs: at.getTime(), recordedMs: recorded_at.getTime() }));
  }

  async addSignOff(sessionId: string, { revision, by, note, at }: SignOff): Promise<void> {
    await this.pool.query(
      'INSERT INTO session_sign_off (session_id, revision, signed_by, note, at) VALUES ($1, $2, $3, $4, $5)',
      [...[sessionId, revision, by, note, at]],
    );
  }

  /** Oldest first. */
  async signOffs(sessionId: string): Promise<SignOff[]> {
    const { rows } = await this.pool.query<Omit<SignOff, 'at'> & { at: Date }>(
      `SELECT revision, signed_by AS by, note, at FROM session_sign_off WHERE session_id = $1 ORDER BY id`,
      [sessionId],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** Without effect where there is one. */
  async addSnapshot(sessionId: string, { takenAt, sha256, picture }: StoredSnapshot): Promise<void> {
    await this.pool.query(
      'INSERT INTO session_snapshot (session_id, taken_at, sha256, picture) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [sessionId, takenAt, sha256, picture],
    );
  }

  async snapshot(sessionId: string): Promise<StoredSnapshot | undefined> {
    const { rows } = await this.pool.query<StoredSnapshot>(
      `SELECT taken_at AS "takenAt", sha256, picture FROM session_snapshot WHERE session_id = $1`,
      [sessionId],
    );
    return rows[0];
  }
}
