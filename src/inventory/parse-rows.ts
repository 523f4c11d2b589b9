import { err, type Result } from '../common/result.js';
import { type Column, columnOf, COLUMN_NAMES, NEEDED_COLUMNS } from './columns.js';
import { type EndpointRecord, endpointId } from './endpoint-record.js';
import * as rules from './field-rules.js';
import { fileError, type ImportError, type RawRow, type RawTable, shown } from './raw-table.js';
import { SiteBook } from './site-book.js';

export interface ParsedInventory {
  /** complete only when there are no errors */
  drafts: EndpointRecord[];
  errors: ImportError[];
  /** headers that are no column of ours: told, since a mistyped one switches something off */
  ignoredColumns: string[];
}

const RULES = {
  site_code: rules.siteCode,
  site_name: rules.neededText(200),
  former_names: rules.plainText(300),
  tier: rules.tier,
  area: rules.plainText(200),
  carrier: rules.plainText(100),
  circuit_id: rules.plainText(100),
  address: rules.address,
  sip_uri: rules.sipUri,
  h323: rules.h323,
  contact_name: rules.plainText(200),
  contact_phone: rules.phone,
  deputy_name: rules.plainText(200),
  deputy_phone: rules.phone,
  model: rules.plainText(200),
  lat: rules.coordinate(90, 'latitude'),
  lon: rules.coordinate(180, 'longitude'),
  note: rules.plainText(1000),
} satisfies { [C in Column]: rules.Rule<unknown> };

type Values = { [C in Column]: (typeof RULES)[C] extends rules.Rule<infer T> ? T : never };

/** Cells in, endpoints and every error out. Pure: the same file gives the same answer. */
export function parseRows(table: RawTable): ParsedInventory {
  const { columns, errors, ignoredColumns } = readHeader(table);
  if (errors.length) return { drafts: [], errors, ignoredColumns };
  if (!table.rows.length) {
    errors.push(fileError('a header without rows', 'at least one endpoint', 'Check that this is the right file.'));
  }
  const drafts: EndpointRecord[] = [];
  const sites = new SiteBook();
  const rowsAtAddress = new Map<string, AddressedRow[]>();
  for (const row of table.rows) {
    const { values, refused } = readRow(row, columns, table.header.length);
    errors.push(...refused);
    if (values.address !== undefined)
      errors.push(...repeated(values.address, { line: row.line, sipUri: values.sip_uri }, rowsAtAddress));
    if (values.site_code === undefined) continue;
    const { ordinal, conflicts } = sites.add(row.line, values);
    errors.push(...conflicts);
    if (!refused.length) drafts.push(toRecord(sites.withSiteValues(values as Values), ordinal));
  }
  return { drafts: errors.length ? [] : drafts, errors, ignoredColumns };
}

function readHeader({ header, headerLine }: RawTable): {
  columns: Map<Column, number>;
  errors: ImportError[];
  ignoredColumns: string[];
} {
  const columns = new Map<Column, number>();
  const errors: ImportError[] = [];
  const ignoredColumns: string[] = [];
  for (const [index, name] of header.entries()) {
    const column = columnOf(name);
    if (!column) {
      if (name.trim()) ignoredColumns.push(shown(name));
    } else if (columns.has(column)) {
      const fix = 'Keep one of them.';
      errors.push({
        line: headerLine,
        field: column,
        found: `the column "${shown(name)}" again`,
        allowed: 'each column once',
        fix,
      });
    } else {
      columns.set(column, index);
    }
  }
  for (const column of NEEDED_COLUMNS.filter((needed) => !columns.has(needed))) {
    errors.push({
      line: headerLine,
      field: column,
      found: 'no such column',
      allowed: `a column named ${COLUMN_NAMES[column].map((name) => `"${name}"`).join(', ')}`,
      fix: 'Add the column, or correct its name in the header line.',
    });
  }
  return { columns, errors, ignoredColumns };
}

function readRow(row: RawRow, columns: Map<Column, number>, width: number): { values: Partial<Values>; refused: ImportError[] } {
  if (row.cells.slice(width).some((cell) => cell.trim())) return { values: {}, refused: [tooManyCells(row, width)] };
  const values: Partial<Record<Column, unknown>> = {};
  const refused: ImportError[] = [];
  for (const column of Object.keys(RULES) as Column[]) {
    const index = columns.get(column);
    const text = (index === undefined ? undefined : row.cells[index]) ?? '';
    const checked = checkCell(column, text);
    if (checked.ok) values[column] = checked.value;
    else refused.push({ line: row.line, ...checked.error });
  }
  return { values: values as Partial<Values>, refused };
}

/** The value of one cell as it was written, or what is wrong with it. */
export function checkCell(column: Column, written: string): Result<unknown, Omit<ImportError, 'line'>> {
  const text = rules.cleanText(written);
  const checked: Result<unknown, rules.Refusal> = RULES[column](text);
  return checked.ok ? checked : err({ field: column, found: text === '' ? 'nothing' : shown(text), ...checked.error });
}

const tooManyCells = (row: RawRow, width: number): ImportError => ({
  line: row.line,
  field: 'row',
  found: `${row.cells.length} cells`,
  allowed: `${width} cells, as in the header`,
  fix: 'Put a cell that holds a comma or semicolon in double quotes.',
});

interface SipAddressed {
  sipUri: string | null | undefined;
}

interface AddressedRow extends SipAddressed {
  line: number;
}

/** Of two at one address: rooms behind one MCU are told apart by their SIP URIs; anything else is one device written twice. */
export const isSameDevice = (a: SipAddressed, b: SipAddressed): boolean => !a.sipUri || !b.sipUri || a.sipUri === b.sipUri;

function repeated(address: string, row: AddressedRow, rowsAtAddress: Map<string, AddressedRow[]>): ImportError[] {
  const earlier = rowsAtAddress.get(address) ?? [];
  rowsAtAddress.set(address, [...earlier, row]);
  const same = earlier.find((one) => isSameDevice(one, row));
  if (!same) return [];
  return [
    {
      line: row.line,
      field: 'address',
      found: address,
      allowed: `an address that no other row has (line ${same.line} has it), or one with another sip_uri in each row`,
      fix: 'Correct the address in one of the two rows, give each its own sip_uri, or remove one of them.',
    },
  ];
}

const toRecord = (values: Values, ordinal: number): EndpointRecord => ({
  id: endpointId(values.site_code, ordinal),
  siteCode: values.site_code,
  siteName: values.site_name,
  formerNames: values.former_names,
  tier: values.tier,
  area: values.area,
  carrier: values.carrier,
  circuitId: values.circuit_id,
  address: values.address,
  sipUri: values.sip_uri,
  h323: values.h323,
  ordinal,
  contactName: values.contact_name,
  contactPhone: values.contact_phone,
  deputyName: values.deputy_name,
  deputyPhone: values.deputy_phone,
  model: values.model,
  lat: values.lat,
  lon: values.lon,
  note: values.note,
});
