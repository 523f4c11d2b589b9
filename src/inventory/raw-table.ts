/** A file as text cells, whatever its format was. Lines count from 1, the header included, as a person sees them. */
export interface RawTable {
  header: string[];
  headerLine: number;
  rows: RawRow[];
}

export interface RawRow {
  line: number;
  cells: string[];
}

/** What is wrong with one cell (or with the file: line 0), and what to do about it. */
export interface ImportError {
  line: number;
  field: string;
  found: string;
  allowed: string;
  fix: string;
}

export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_ROWS = 20_000;
export const MAX_COLUMNS = 100;

const SHOWN_CHARACTERS = 80;

/** Found values go into answers and logs: short, on one line. */
export function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line;
}

export const fileError = (found: string, allowed: string, fix: string): ImportError => ({
  line: 0,
  field: 'file',
  found,
  allowed,
  fix,
});

export const TOO_MANY_ROWS = fileError(
  `more than ${MAX_ROWS} rows`,
  `at most ${MAX_ROWS} rows`,
  'Split the inventory, or remove the rows that are no endpoints.',
);
