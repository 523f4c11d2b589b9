import type pg from 'pg';
import { MAKE_DAY, MAKE_HOUR } from './rollup-sql.js';

/** The zone whose days reports are about. It has no summer time. */
export const REPORT_ZONE = 'Asia/Ho_Chi_Minh';

const TAKE_DUE = 'DELETE FROM rollup_due WHERE unit = $1 AND starts_at = $2';
const DAY_DUE = `INSERT INTO rollup_due VALUES ('day', date_trunc('day', $1::timestamptz, '${REPORT_ZONE}')) ON CONFLICT DO NOTHING`;

/**
 * Makes anew what is due: hours first, then their days. Each in one transaction with its entry of the list: the entry goes first, and
 * a writer that puts it back waits for us (see `dueStatement`), so that no result can slip in between unseen.
 * @returns how many of each
 */
export async function makeDueRollups(client: pg.ClientBase): Promise<{ hours: number; days: number }> {
  const hours = await dueOf(client, 'hour');
  for (const hour of hours) {
    await once(client, 'hour', hour, async () => {
      await client.query('DELETE FROM rollup_hour WHERE hour = $1', [hour]);
      await client.query(MAKE_HOUR, [hour]);
      await client.query(DAY_DUE, [hour]);
    });
  }
  const days = await dueOf(client, 'day');
  for (const day of days) {
    await once(client, 'day', day, async () => {
      await client.query(`DELETE FROM rollup_day WHERE day = ($1::timestamptz AT TIME ZONE '${REPORT_ZONE}')::date`, [day]);
      await client.query(MAKE_DAY, [day]);
    });
  }
  return { hours: hours.length, days: days.length };
}

/**
 * For the transaction that stores results of these moments. DO UPDATE, not DO NOTHING: it locks the entry (and with WHERE false
 * writes no new one), so that whoever makes the rollup sees these results or finds the entry again.
 */
export function dueStatement(moments: Iterable<Date>): string {
  const hours = new Set(Array.from(moments, (at) => `${at.toISOString().slice(0, 13)}:00:00Z`));
  const values = [...hours].sort().map((hour) => `('hour', '${hour}')`);
  return `INSERT INTO rollup_due VALUES ${values.join(', ')} ON CONFLICT (unit, starts_at) DO UPDATE SET unit = EXCLUDED.unit WHERE false`;
}

async function dueOf(client: pg.ClientBase, unit: 'hour' | 'day'): Promise<Date[]> {
  const { rows } = await client.query<{ at: Date }>('SELECT starts_at AS at FROM rollup_due WHERE unit = $1 ORDER BY 1', [unit]);
  return rows.map(({ at }) => at);
}

async function once(client: pg.ClientBase, unit: 'hour' | 'day', at: Date, make: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query(TAKE_DUE, [unit, at]);
    // somebody else made it meanwhile
    if (rowCount === 1) await make();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
