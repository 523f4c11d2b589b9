import { CsvError, type Info, parse } from 'csv-parse/sync';
import { err, ok, type Result } from '../common/result.js';
import { fileError, type ImportError, MAX_COLUMNS, MAX_ROWS, type RawTable, shown, TOO_MANY_ROWS } from './raw-table.js';

interface CsvRecord {
  record: string[];
  info: Info;
}

/** Comma or semicolon, UTF-8 with or without a byte order mark. Rows of another length than the header are told apart later. */
export function readCsv(bytes: Uint8Array): Result<RawTable, ImportError[]> {
  const text = decode(bytes);
  if (text === undefined) {
    return err([
      fileError(
        'bytes that are no UTF-8',
        'a CSV file in UTF-8',
        'Save it again as "CSV UTF-8" (Excel: Save As, CSV UTF-8), or as .xlsx.',
      ),
    ]);
  }
  try {
    const records = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: 100_000,
      to: MAX_ROWS + 2,
    }) as unknown as CsvRecord[];
    return toTable(records);
  } catch (error) {
    if (error instanceof CsvError) return err([notCsv(error)]);
    throw error;
  }
}

function toTable(records: CsvRecord[]): Result<RawTable, ImportError[]> {
  const [first, ...rest] = records.map(({ record, info }) => ({ line: firstLine(record, info), cells: record }));
  if (!first) return err([fileError('nothing', 'a header line and at least one row', 'Check that this is the right file.')]);
  if (rest.length > MAX_ROWS) return err([TOO_MANY_ROWS]);
  if (first.cells.length > MAX_COLUMNS) {
    return err([
      fileError(`${first.cells.length} columns`, `at most ${MAX_COLUMNS} columns`, 'Remove the columns that are not needed.'),
    ]);
  }
  return ok({ header: first.cells, headerLine: first.line, rows: rest });
}

/** The parser counts the lines read so far; a cell in quotes may hold line breaks. */
const firstLine = (record: string[], info: Info): number =>
  info.lines - record.reduce((breaks, cell) => breaks + (cell.split('\n').length - 1), 0);

function notCsv(error: CsvError): ImportError {
  const line = typeof error.lines === 'number' ? error.lines : 0;
  return {
    line,
    field: 'row',
    found: shown(error.message),
    allowed: 'cells separated by commas or semicolons; a cell with a quote, comma or line break stands in double quotes',
    fix: `Correct the quotes in or before line ${line}.`,
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // UTF-16 without a mark is valid UTF-8 with a NUL beside every letter
    if (text.includes('\0')) return undefined;
    // the parser counts a CR LF inside quotes as two lines
    return text.replace(/\r\n?/g, '\n');
  } catch {
    return undefined;
  }
}

/** What separates the cells of the header line, outside quotes. */
function delimiterOf(text: string): ',' | ';' {
  const header = /^\s*(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const count = (separator: string): number => header.split(separator).length;
  return count(';') > count(',') ? ';' : ',';
}
