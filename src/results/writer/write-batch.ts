import type pg from 'pg';
import { ADVISORY_LOCKS } from '../../database/advisory-locks.js';
import { runIsKept } from '../compaction/compact-hour.js';
import type { StorableOutcome } from '../outcome-row.js';
import { dueStatement } from '../rollup/rollup.js';
import { DETAIL_COLUMNS, encodeDetails, encodeResults, RESULT_COLUMNS } from './binary-copy.js';
import { copyIn } from './copy-in.js';

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
 * The fast path: straight into the partitions. Fails as a whole when one row is there already, is refused, or falls into an hour that
 * was packed, where a copy would find nothing to meet.
 */
export function copyBatch(client: pg.ClientBase, batch: Batch): Promise<void> {
  const before = `${beginning(batch)}; ${refusePacked(batch)}`;
  // one message is one transaction: of four round trips, each with its fsync's company, one is left
  if (!hasDetails(batch)) return copyIn(client, 'probe_result', RESULT_COLUMNS, encodeResults(batch), `${before}; `);
  return inTransaction(client, before, async () => {
    await copyIn(client, 'probe_result', RESULT_COLUMNS, encodeResults(batch));
    await copyIn(client, 'probe_result_detail', DETAIL_COLUMNS, encodeDetails(batch));
  });
}

/** The careful path: what was told before is told apart. @returns how many were new */
export function mergeBatch(client: pg.ClientBase, batch: Batch): Promise<number> {
  return inTransaction(client, beginning(batch), async () => {
    await client.query(MAKE_ROOM);
    await copyIn(client, 'arriving_result', RESULT_COLUMNS, encodeResults(batch));
    const { rowCount } = await client.query(TAKE_RESULTS);
    if (hasDetails(batch)) {
      await copyIn(client, 'arriving_detail', DETAIL_COLUMNS, encodeDetails(batch));
      await client.query(TAKE_DETAILS);
    }
    return rowCount ?? 0;
  });
}

const hasDetails = (batch: Batch): boolean => batch.some(({ detail }) => detail !== null);

/** While we hold our share of the lock no hour is packed. */
const beginning = (batch: Batch): string => `SELECT pg_advisory_xact_lock_shared(${ADVISORY_LOCKS.compaction});
  ${dueStatement(batch.map(({ row }) => row.started_at))}`;

/** An error, here a division by zero, is what keeps one message from going on to its COPY; its class (22) leads to the merge. */
function refusePacked(batch: Batch): string {
  const hours = new Set(batch.map(({ row }) => `'${row.started_at.toISOString().slice(0, 13)}:00:00Z'`));
  return `SELECT 1 / (CASE WHEN EXISTS (SELECT FROM packed_hour WHERE hour IN (${[...hours].join(', ')})) THEN 0 ELSE 1 END)`;
}

async function inTransaction<T>(client: pg.ClientBase, first: string, work: () => Promise<T>): Promise<T> {
  try {
    await client.query(`BEGIN; ${first}`);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // what cannot be rolled back has lost its session, and the server rolls back by itself
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
