import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS } from '../advisory-locks.js';
import { migrateWithin, MIGRATIONS } from '../migrate.js';
import { createStatement } from '../partitions.js';
import { dropOurs, refuseInUse, refuseOccupied } from './destination.js';
import { tableFile, type TableInBackup } from './manifest.js';
import type { Backup } from './read-backup.js';
import { CONNECT_TIMEOUT_MS, explained, SESSION_SETTINGS } from './session.js';

export interface RestoreOptions {
  /** whether rows that are there may go */
  replace: boolean;
  progress: (line: string) => void;
  signal?: AbortSignal;
  /** every change of the schema that this program knows */
  migrations?: (new () => MigrationInterface)[];
}

/**
 * Puts a backup that was read and found whole into a database. Everything is one transaction, schema and all: whatever fails, and
 * whoever is killed, the database is as it was before.
 */
export async function restoreBackup(url: string, backup: Backup, options: RestoreOptions): Promise<void> {
  const migrations = options.migrations ?? MIGRATIONS;
  refuseNewer(backup, migrations);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations,
    poolSize: 1,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'thong-suot restore',
    poolErrorHandler: () => undefined, // told by the query that fails
  });
  try {
    await dataSource.initialize();
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as pg.PoolClient;
    await client.query(SESSION_SETTINGS);
    await refuseUnlessFree(client, names(migrations)[0] ?? '', options.replace);
    await runner.startTransaction();
    await rebuild(runner, client, backup, names(migrations), options);
    await runner.commitTransaction();
    options.progress('everything is in its place; gathering statistics');
    await client.query('ANALYZE');
    await runner.release();
  } catch (error) {
    throw explained(error, url);
  } finally {
    // what is open on the way out is rolled back by the server
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

const names = (migrations: readonly (new () => MigrationInterface)[]): string[] => migrations.map(({ name }) => name);

function refuseNewer({ path, manifest }: Backup, migrations: readonly (new () => MigrationInterface)[]): void {
  const unknown = manifest.migrations.find((name, index) => names(migrations)[index] !== name);
  if (unknown)
    throw new Error(`${path} was made by a newer version (${manifest.productVersion}): the migration ${unknown} is unknown here`);
}

async function refuseUnlessFree(client: pg.ClientBase, firstMigration: string, mayReplace: boolean): Promise<void> {
  // for the whole session: a daemon that starts meanwhile waits for its migrations
  const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [ADVISORY_LOCKS.migration]);
  if (!rows[0]?.free) throw new Error('a daemon is starting on this database, or another restore is under way');
  await refuseInUse(client);
  await refuseOccupied(client, firstMigration, mayReplace);
}

/** The schema as it was at the time of the backup, its rows, and what later migrations make of them. */
async function rebuild(
  runner: QueryRunner,
  client: pg.ClientBase,
  { path, manifest }: Backup,
  allMigrations: readonly string[],
  { progress, signal }: RestoreOptions,
): Promise<void> {
  await dropOurs(client);
  await migrateWithin(runner, manifest.migrations);
  for (const table of manifest.tables) {
    for (const day of table.days ?? []) await client.query(createStatement(table.name, day));
    await load(client, path, table, signal);
    await setSequences(client, table);
    progress(`${table.name}: ${table.rows} rows`);
  }
  await migrateWithin(runner, allMigrations);
}

async function load(client: pg.ClientBase, path: string, table: TableInBackup, signal?: AbortSignal): Promise<void> {
  const columns = table.columns.map(pg.escapeIdentifier).join(', ');
  const copy = client.query(copyFrom(`COPY ${pg.escapeIdentifier(table.name)} (${columns}) FROM STDIN`));
  await pipeline(createReadStream(join(path, tableFile(table.name))), createGunzip(), copy, { signal });
  if (copy.rowCount !== table.rows)
    throw new Error(`${table.name}: ${copy.rowCount} rows were loaded, the backup has ${table.rows}`);
}

async function setSequences(client: pg.ClientBase, { name, sequences }: TableInBackup): Promise<void> {
  for (const { column, lastValue, isCalled } of sequences)
    await client.query('SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3, $4)', [
      pg.escapeIdentifier(name),
      column,
      lastValue,
      isCalled,
    ]);
}
