import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../embedded-postgres.js';

export interface MaintenanceServer {
  url: string;
  /** Stops the server when it was started for this task. */
  close(): Promise<void>;
}

export interface WhereTheDatabaseIs {
  databaseUrl?: string;
  dataDir: string;
}

/** One transaction drops and makes the tables of every day: 91 days took 6,200 locks, and 64 x 60 connections are all by default. */
const SETTINGS = { max_locks_per_transaction: '512' };

/** The server of DATABASE_URL, the embedded one of the daemon that runs, or else the embedded one started for this task. */
export async function serverToBackUp(where: WhereTheDatabaseIs, log: (line: string) => void): Promise<MaintenanceServer> {
  if (where.databaseUrl) return foreign(where.databaseUrl);
  const directory = folderOf(where);
  if (!existsSync(directory))
    throw new Error(
      `there is no database in ${directory}: name its DATA_DIR (of simulated results: DATA_DIR/simulation) or DATABASE_URL`,
    );
  const running = EmbeddedPostgres.urlOfRunning(directory);
  return running === undefined ? start(directory, log) : foreign(running);
}

/** @throws while a daemon runs on the embedded server */
export async function serverToRestore(where: WhereTheDatabaseIs, log: (line: string) => void): Promise<MaintenanceServer> {
  return where.databaseUrl ? foreign(where.databaseUrl) : start(folderOf(where), log);
}

const folderOf = ({ dataDir }: WhereTheDatabaseIs): string => join(dataDir, 'database');

const foreign = (url: string): MaintenanceServer => ({ url, close: () => Promise.resolve() });

async function start(directory: string, log: (line: string) => void): Promise<MaintenanceServer> {
  const postgres = new EmbeddedPostgres({
    directory,
    settings: SETTINGS,
    log: (level, line) => (level === 'warn' ? log(line) : undefined),
  });
  await postgres.start();
  return { url: postgres.url, close: () => postgres.stop() };
}
