import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from '../database/tokens.js';

/** "08:12 called, power cut, back 08:30". */
export interface ContactLogEntry {
  id: string;
  siteCode: string;
  at: string;
  by: string;
  note: string;
}

interface Row {
  id: string;
  site_code: string;
  at: Date;
  made_by: string;
  note: string;
}

@Injectable()
export class ContactLogRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async add({ id, siteCode, at, by, note }: ContactLogEntry): Promise<void> {
    const row = [id, siteCode, at, by, note];
    await this.pool.query('INSERT INTO contact_log (id, site_code, at, made_by, note) VALUES ($1, $2, $3, $4, $5)', row);
  }

  async ofSite(siteCode: string, limit: number): Promise<ContactLogEntry[]> {
    const { rows } = await this.pool.query<Row>('SELECT * FROM contact_log WHERE site_code = $1 ORDER BY at DESC LIMIT $2', [
      siteCode,
      limit,
    ]);
    return rows.map(toEntry);
  }

  /** Of these sites from one moment to another; newest first. */
  async ofSites(siteCodes: readonly string[], from: Date, to: Date, limit: number): Promise<ContactLogEntry[]> {
    const { rows } = await this.pool.query<Row>(
      'SELECT * FROM contact_log WHERE site_code = ANY ($1) AND at BETWEEN $2 AND $3 ORDER BY at DESC LIMIT $4',
      [siteCodes, from, to, limit],
    );
    return rows.map(toEntry);
  }

  /** Newest first. */
  async since(at: Date): Promise<ContactLogEntry[]> {
    const { rows } = await this.pool.query<Row>('SELECT * FROM contact_log WHERE at >= $1 ORDER BY at DESC LIMIT 5000', [at]);
    return rows.map(toEntry);
  }
}

const toEntry = (row: Row): ContactLogEntry => ({
  id: row.id,
  siteCode: row.site_code,
  at: row.at.toISOString(),
  by: row.made_by,
  note: row.note,
});
