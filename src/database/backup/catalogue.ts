import pg from 'pg';
import { partitionDays } from '../partitions.js';
import type { TableInBackup } from './manifest.js';

/** Kept by TypeORM: which migrations were run. The manifest holds it, and a restore runs them. */
export const MIGRATIONS_TABLE = 'migrations';

/** A table as the catalogue knows it, before its rows were counted. */
export type TableShape = Omit<TableInBackup, 'rows'>;

interface CatalogueRow {
  name: string;
  columns: string[];
  partitioned: boolean;
  parents: string[];
  serials: string[];
}

/** No list kept by hand: what a migration adds is in the next backup. Partitions are read by way of their parent. */
const TABLES = `
SELECT class.relname::text AS name, class.relkind = 'p' AS partitioned,
  ARRAY(SELECT attname::text FROM pg_attribute
    WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
  ARRAY(SELECT DISTINCT parent.relname::text FROM pg_constraint JOIN pg_class AS parent ON parent.oid = confrelid
    WHERE conrelid = class.oid AND contype = 'f' AND confrelid <> conrelid) AS parents,
  ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped
    AND pg_get_serial_sequence(quote_ident(class.relname), attname) IS NOT NULL ORDER BY attnum) AS serials
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE namespace.nspname = current_schema() AND class.relkind IN ('r', 'p') AND NOT class.relispartition
  AND class.relname <> '${MIGRATIONS_TABLE}'
ORDER BY 1`;

/** Every table of ours, each after those that its foreign keys point at. */
export async function readCatalogue(client: pg.ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<CatalogueRow>(TABLES);
  const shapes: TableShape[] = [];
  for (const { name, columns, partitioned, serials } of parentsFirst(rows)) {
    const sequences = [];
    for (const column of serials) sequences.push(await readSequence(client, name, column));
    shapes.push({ name, columns, days: partitioned ? await partitionDays(client, name) : null, sequences });
  }
  return shapes;
}

/** Names of the migrations that made this schema, in their order; none when the schema is not ours. */
export async function readMigrations(client: pg.ClientBase): Promise<string[]> {
  const known = await client.query<{ found: boolean }>(`SELECT to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS found`);
  if (!known.rows[0]?.found) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}

async function readSequence(client: pg.ClientBase, table: string, column: string): Promise<TableShape['sequences'][number]> {
  const { rows: named } = await client.query<{ sequence: string }>('SELECT pg_get_serial_sequence($1, $2) AS sequence', [
    pg.escapeIdentifier(table),
    column,
  ]);
  // the server has quoted it already
  const { rows } = await client.query<{ lastValue: string; isCalled: boolean }>(
    `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${named[0]?.sequence}`,
  );
  const [state] = rows;
  if (!state) throw new Error(`the sequence of ${table}.${column} cannot be read`);
  return { column, ...state };
}

function parentsFirst(tables: readonly CatalogueRow[]): CatalogueRow[] {
  const ordered: CatalogueRow[] = [];
  let waiting = [...tables];
  while (waiting.length) {
    const placed = new Set(ordered.map(({ name }) => name));
    const next = waiting.filter(({ parents }) => parents.every((parent) => placed.has(parent)));
    if (!next.length) throw new Error(`the foreign keys of ${waiting.map(({ name }) => name).join(', ')} go in a circle`);
    ordered.push(...next);
    waiting = waiting.filter((table) => !next.includes(table));
  }
  return ordered;
}
