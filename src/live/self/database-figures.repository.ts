import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PARTITIONED_TABLES, partitionDays } from '../../database/partitions.js';
import { PG_POOL } from '../../database/tokens.js';
import type { DatabaseFigures } from './self-report.js';

@Injectable()
export class DatabaseFiguresRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** @throws while the database is away */
  async read(): Promise<DatabaseFigures> {
    const askedMs = performance.now();
    await this.pool.query('SELECT 1');
    const latencyMs = performance.now() - askedMs;
    const { rows } = await this.pool.query<{ size: string; rollup: Date | null }>(
      'SELECT pg_database_size(current_database()) AS size, (SELECT max(hour) FROM rollup_hour) AS rollup',
    );
    const days = await partitionDays(this.pool, PARTITIONED_TABLES[0]);
    return {
      latencyMs: Math.round(latencyMs * 10) / 10,
      sizeBytes: Number(rows[0]?.size ?? 0),
      partitions: { count: days.length, first: days[0] ?? null, last: days.at(-1) ?? null },
      lastRollupHour: rows[0]?.rollup?.toISOString() ?? null,
    };
  }
}
