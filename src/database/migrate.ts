import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { BoundedClient, sessionOptions } from './bounded-client.js';
import { Inventory1795305600001 } from './migrations/1795305600001-inventory.js';
import { ProbeResults1795305600002 } from './migrations/1795305600002-probe-results.js';
import { ResultBlocks1795305600003 } from './migrations/1795305600003-result-blocks.js';
import { Rollups1795305600004 } from './migrations/1795305600004-rollups.js';
import { PackedHours1795305600005 } from './migrations/1795305600005-packed-hours.js';
import { Sessions1795305600006 } from './migrations/1795305600006-sessions.js';
import { Incidents1795305600007 } from './migrations/1795305600007-incidents.js';
import { Maintenance1795305600008 } from './migrations/1795305600008-maintenance.js';
import { Notices1795305600009 } from './migrations/1795305600009-notices.js';
import { CheckpointRuns1795305600010 } from './migrations/1795305600010-checkpoint-runs.js';
import { CheckpointCalls1795305600011 } from './migrations/1795305600011-checkpoint-calls.js';
import { FormerNames1795305600014 } from './migrations/1795305600014-former-names.js';
import { H323Kinds1795305600013 } from './migrations/1795305600013-h323-kinds.js';

/** Every change of the schema, in order. A change is a new class here; one that was released is never edited. */
export const MIGRATIONS = [
  Inventory1795305600001,
  ProbeResults1795305600002,
  ResultBlocks1795305600003,
  Rollups1795305600004,
  PackedHours1795305600005,
  Sessions1795305600006,
  Incidents1795305600007,
  Maintenance1795305600008,
  Notices1795305600009,
  CheckpointRuns1795305600010,
  CheckpointCalls1795305600011,
  H323Kinds1795305600013,
  FormerNames1795305600014,
];

/** A step may rebuild what years have filled, and another daemon may be at it. */
const LIMITS = { connectMs: 10_000, statementMs: 3_600_000 };

/** Of two daemons that start at once the second waits, then finds nothing left to do. @returns the names of what was run */
export async function migrate(url: string): Promise<string[]> {
  // a session of its own: the lock is held by the connection and ends with it, whatever becomes of us
  const guard = new BoundedClient({ connectionString: url, ...sessionOptions('thong-suot migration', LIMITS) });
  await guard.connect();
  const dataSource = new DataSource({ type: 'postgres', url, poolSize: 1, migrations: MIGRATIONS });
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.migration]);
    await dataSource.initialize();
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await guard.end();
  }
}

/** Runs what is still missing of these, in the transaction that is open. */
export async function migrateWithin(runner: QueryRunner, names: readonly string[]): Promise<void> {
  const executor = new MigrationExecutor(runner.dataSource, runner);
  for (const migration of await executor.getPendingMigrations())
    if (names.includes(migration.name)) await executor.executeMigration(migration);
}
