import { join } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { VERSION } from '../../common/version.js';
import { BackupFolder } from './backup-folder.js';
import { readCatalogue, readMigrations, type TableShape } from './catalogue.js';
import { type BackupManifest, FORMAT, tableFile, type TableInBackup } from './manifest.js';
import { withSession } from './session.js';

export interface BackupOptions {
  /** the folder in which the backup becomes a folder of its own */
  directory: string;
  /** false: inventory and rollups, not what was measured one by one */
  results: boolean;
  now: Date;
  progress: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * What `results: false` leaves out, beside every table that is partitioned by day. `rollup_due` lists hours whose results wait to be
 * summed up: without the results it would have the rollups of those hours replaced by nothing.
 */
const TABLES_OF_RESULTS = ['probe_result_rejected', 'packed_hour', 'rollup_due'];

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * Copies every table as of one moment, while others write. In COPY's text format: PostgreSQL promises it across major versions, floats
 * come back bit for bit (shortest exact form since version 12), and a person can read it.
 * @returns the path of the backup
 */
export async function writeBackup(url: string, options: BackupOptions): Promise<string> {
  const path = join(options.directory, nameOf(options.now));
  const folder = await BackupFolder.create(path);
  try {
    await withSession(url, 'thong-suot backup', async (client) => {
      const shapes = await openSnapshot(client);
      const tables: TableInBackup[] = [];
      for (const shape of shapes)
        if (options.results || !isOfResults(shape)) tables.push(await copyTable(client, shape, folder, options));
      const manifest = { ...(await describe(client)), results: options.results, takenAt: options.now.toISOString(), tables };
      await client.query('COMMIT');
      await folder.finish(manifest);
    });
    return path;
  } catch (error) {
    await folder.discard();
    throw withoutRoom(error, options.directory) ?? error;
  }
}

/** `thong-suot-YYYYMMDD-HHMMSS`, in UTC: names sort by time. */
const nameOf = (now: Date): string => `thong-suot-${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;

const isOfResults = ({ name, days }: TableShape): boolean => days !== null || TABLES_OF_RESULTS.includes(name);

/**
 * One snapshot for everything. The tables are locked against being altered or dropped (retention, a migration) before it is
 * taken; nobody who reads or writes waits for that lock.
 */
async function openSnapshot(client: pg.Client): Promise<TableShape[]> {
  const seen = await readCatalogue(client);
  if (!seen.length) throw new Error('the database holds no table of ours');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`LOCK TABLE ${seen.map(({ name }) => pg.escapeIdentifier(name)).join(', ')} IN ACCESS SHARE MODE`);
  const shapes = await readCatalogue(client);
  if (columnsOf(shapes) !== columnsOf(seen)) throw new Error('the schema was changed as the backup began: start it again');
  return shapes;
}

const columnsOf = (shapes: readonly TableShape[]): string => JSON.stringify(shapes.map(({ name, columns }) => [name, columns]));

async function copyTable(
  client: pg.Client,
  shape: TableShape,
  folder: BackupFolder,
  { progress, signal }: BackupOptions,
): Promise<TableInBackup> {
  const columns = shape.columns.map(pg.escapeIdentifier).join(', ');
  // a SELECT: COPY TO does not read the partitions of a table by itself
  const copy = client.query(copyTo(`COPY (SELECT ${columns} FROM ${pg.escapeIdentifier(shape.name)}) TO STDOUT`));
  const bytes = await folder.addCompressed(tableFile(shape.name), copy, signal);
  progress(`${shape.name}: ${copy.rowCount} rows, ${(bytes / 1e6).toFixed(1)} MB`);
  return { ...shape, rows: copy.rowCount };
}

async function describe(
  client: pg.Client,
): Promise<Pick<BackupManifest, 'format' | 'migrations' | 'productVersion' | 'serverVersion'>> {
  const migrations = await readMigrations(client);
  if (!migrations.length) throw new Error('the database holds tables, but not of ours: no migration was run in it');
  const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return { format: FORMAT, migrations, productVersion: VERSION, serverVersion: rows[0]?.version ?? '' };
}

function withoutRoom(error: unknown, directory: string): Error | undefined {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return NO_ROOM.includes(code ?? '')
    ? new Error(`no room for the backup in ${directory} (${code})`, { cause: error })
    : undefined;
}
