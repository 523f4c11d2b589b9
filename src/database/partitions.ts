import type pg from 'pg';
import { ADVISORY_LOCKS } from './advisory-locks.js';

/** Tables partitioned by RANGE over time, one partition a UTC day. */
export const PARTITIONED_TABLES = ['probe_result', 'probe_result_block', 'probe_result_detail'] as const;

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` of the UTC day. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export const daysFrom = (firstMs: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => dayOf(firstMs + index * DAY_MS));

const partitionName = (table: string, day: string): string => `${table}_${day.replaceAll('-', '')}`;

/** Makes the partition of a UTC day unless it is there. */
export function createStatement(table: string, day: string): string {
  const next = dayOf(Date.parse(day) + DAY_MS);
  return `CREATE TABLE IF NOT EXISTS ${partitionName(table, day)} PARTITION OF ${table}
    FOR VALUES FROM ('${day} 00:00:00+00') TO ('${next} 00:00:00+00')`;
}

/** Makes what is missing; a day that exists costs one look into the catalogue. */
export async function ensurePartitions(pool: pg.Pool, days: Iterable<string>): Promise<void> {
  const wanted = [...new Set(days)].sort();
  const present = await Promise.all(PARTITIONED_TABLES.map((table) => partitionDays(pool, table)));
  const missing = wanted.filter((day) => !present.every((days) => days.includes(day)));
  if (!missing.length) return;
  await withPartitionLock(pool, async (client) => {
    for (const day of missing) for (const table of PARTITIONED_TABLES) await client.query(createStatement(table, day));
  });
}

/** @returns the days dropped */
export async function dropPartitionsBefore(pool: pg.Pool, day: string): Promise<string[]> {
  const present = await Promise.all(PARTITIONED_TABLES.map((table) => partitionDays(pool, table)));
  const old = [...new Set(present.flat())].filter((one) => one < day).sort();
  if (!old.length) return [];
  await withPartitionLock(pool, async (client) => {
    for (const one of old)
      for (const table of PARTITIONED_TABLES) await client.query(`DROP TABLE IF EXISTS ${partitionName(table, one)}`);
  });
  return old;
}

/** The days that have a partition, oldest first. */
export async function partitionDays(db: Pick<pg.ClientBase, 'query'>, table: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    'SELECT child.relname AS name FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid WHERE inhparent = $1::regclass ORDER BY 1',
    [table],
  );
  return rows.map(({ name }) => name.slice(-8).replace(/(\d{4})(\d{2})(\d{2})/, '$1-$2-$3'));
}

async function withPartitionLock(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // a long report must not make every writer queue behind the exclusive lock we wait for
    await client.query("SET LOCAL lock_timeout = '5s'");
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.partitions]);
    await work(client);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}
