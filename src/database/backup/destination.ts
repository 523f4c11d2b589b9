import pg from 'pg';
import { MIGRATIONS_TABLE, readCatalogue, readMigrations } from './catalogue.js';

/** Every session of ours names itself like this: daemons, migrations, backups. */
const OUR_SESSIONS = 'thong-suot%';

/** @throws while a daemon, a backup or another restore has a session on this database */
export async function refuseInUse(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; pid: number }>(
    `SELECT application_name AS name, pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE $1 ORDER BY pid`,
    [OUR_SESSIONS],
  );
  const [first] = rows;
  if (first) throw new Error(`the database is in use ("${first.name}", server process ${first.pid}): stop the daemon first`);
}

/** @throws when the tables there are somebody else's, or hold rows that nobody said may be replaced */
export async function refuseOccupied(client: pg.ClientBase, firstMigration: string, mayReplace: boolean): Promise<void> {
  const tables = (await readCatalogue(client)).map(({ name }) => name);
  const [oldest] = await readMigrations(client);
  if (tables.length && oldest !== firstMigration)
    throw new Error(
      `the database belongs to another program (it has the table ${tables[0]}): give the backup a database of its own`,
    );
  if (mayReplace) return;
  for (const name of tables) {
    const { rows } = await client.query<{ filled: boolean }>(
      `SELECT EXISTS (SELECT FROM ${pg.escapeIdentifier(name)}) AS filled`,
    );
    if (rows[0]?.filled)
      throw new Error(`the database is not empty (${name} has rows): --replace puts the backup in their place`);
  }
}

const FUNCTIONS = `SELECT p.oid::regprocedure::text AS name FROM pg_proc AS p
  WHERE p.pronamespace = current_schema()::text::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')`;
/** They hold functions, as functions hold tables. */
const TRIGGERS = `SELECT format('%I ON %s', tgname, tgrelid::regclass) AS name FROM pg_trigger
  WHERE NOT tgisinternal AND tgparentid = 0
    AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::text::regnamespace)`;
const ENUMS = `SELECT t.oid::regtype::text AS name FROM pg_type AS t
  WHERE t.typnamespace = current_schema()::text::regnamespace AND t.typtype = 'e'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')`;

/**
 * Makes room for the schema of the backup. Without CASCADE: a view that somebody built on our tables stops it, and is named.
 */
export async function dropOurs(client: pg.ClientBase): Promise<void> {
  const tables = (await readCatalogue(client)).map(({ name }) => pg.escapeIdentifier(name));
  const triggers = await client.query<{ name: string }>(TRIGGERS);
  for (const { name } of triggers.rows) await client.query(`DROP TRIGGER ${name}`);
  await drop(client, 'FUNCTION', FUNCTIONS);
  await client.query(`DROP TABLE IF EXISTS ${[...tables, MIGRATIONS_TABLE].join(', ')}`);
  await drop(client, 'TYPE', ENUMS);
}

/** The server has quoted the names already. */
async function drop(client: pg.ClientBase, what: 'FUNCTION' | 'TYPE', list: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(list);
  if (rows.length) await client.query(`DROP ${what} ${rows.map(({ name }) => name).join(', ')}`);
}
