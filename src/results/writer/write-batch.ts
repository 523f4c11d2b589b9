import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { COMPACTION_LOCK, runIsKept } from '../compaction/compact-hour.js';
import type { StorableOutcome } from '../outcome-row.js';
import { dueStatement } from '../rollup/rollup.js';
import { DETAIL_COLUMNS, encodeDetails, encodeResults, RESULT_COLUMNS } from './binary-copy.js';

type Batch = readonly StorableOutcome[];

/** One session's waiting room, empty again after each transaction; no indexes, no partitions. */
const MAKE_ROOM = `
  CREATE TEMPORARY TABLE IF NOT EXISTS arriving_result (LIKE probe_result) ON COMMIT DELETE ROWS;
  CREATE TEMPORARY TABLE IF NOT EXISTS arriving_detail (LIKE probe_result_detail) ON COMMIT DELETE ROWS`;

/** What is stored already is absorbed by the key, and by the block when its hour was packed meanwhile. */
const TAKE_RESULTS = `INSERT INTO probe_result (${RESULT_COLUMNS}) SELECT ${RESULT_COLUMNS} FROM arriving_result AS new
  WHERE NOT EXISTS (SELECT FROM probe_result_block AS block
    WHERE block.hour = date_trunc('hour', new.started_at, 'UTC') AND block.endpoint_id IS NOT DISTINCT FROM new.endpoint_id
      AND block.kind = new.kind AND block.vantage = new.vantage
      AND round(extract(epoch FROM new.started_at - block.hour) * 1000)::integer = ANY (block.offset_ms)
      AND CASE WHEN ${runIsKept('new.')} THEN new.run_id = ANY (block.run_id) ELSE block.run_id IS NULL END)
  ON CONFLICT DO NOTHING`;
const TAKE_DETAILS = `INSERT INTO probe_result_detail (${DETAIL_COLUMNS}) SELECT ${DETAIL_COLUMNS} FROM arriving_detail ON CONFLICT DO NOTHING`;

/**
 * The fast path: straight into the partitions. Fails as a whole when one row is there already or is refused.
 * Only for results of the last hour, whose hour cannot have been packed.
 */
export function copyBatch(client: pg.ClientBase, batch: Batch): Promise<void> {
  const due = dueOf(batch);
  // one message is one transaction: of four round trips, each with its fsync's company, one is left
  if (!hasDetails(batch)) return copy(client, 'probe_result', RESULT_COLUMNS, encodeResults(batch), `${due}; `);
  return inTransaction(client, due, async () => {
    await copy(client, 'probe_result', RESULT_COLUMNS, encodeResults(batch));
    await copy(client, 'probe_result_detail', DETAIL_COLUMNS, encodeDetails(batch));
  });
}

/** The careful path: what was told before is told apart. @returns how many were new */
export function mergeBatch(client: pg.ClientBase, batch: Batch): Promise<number> {
  return inTransaction(client, dueOf(batch), async () => {
    await client.query(MAKE_ROOM);
    await client.query('SELECT pg_advisory_xact_lock_shared($1)', [COMPACTION_LOCK]);
    await copy(client, 'arriving_result', RESULT_COLUMNS, encodeResults(batch));
    const { rowCount } = await client.query(TAKE_RESULTS);
    if (hasDetails(batch)) {
      await copy(client, 'arriving_detail', DETAIL_COLUMNS, encodeDetails(batch));
      await client.query(TAKE_DETAILS);
    }
    return rowCount ?? 0;
  });
}

const hasDetails = (batch: Batch): boolean => batch.some(({ detail }) => detail !== null);

const dueOf = (batch: Batch): string => dueStatement(batch.map(({ row }) => row.started_at));

async function copy(client: pg.ClientBase, table: string, columns: string, rows: Iterable<Buffer>, before = ''): Promise<void> {
  await pipeline(rows, client.query(copyFrom(`${before}COPY ${table} (${columns}) FROM STDIN (FORMAT binary)`)));
}

async function inTransaction<T>(client: pg.ClientBase, due: string, work: () => Promise<T>): Promise<T> {
  try {
    await client.query(`BEGIN; ${due}`);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
