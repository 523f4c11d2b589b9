import { err, ok, type Result } from '../common/result.js';
import type { Column } from './columns.js';
import type { EndpointRecord } from './endpoint-record.js';
import { checkCell, isSameDevice } from './parse-rows.js';
import type { ImportError } from './raw-table.js';
import { SITE_COLUMNS } from './site-book.js';

/** The field of an endpoint that each column of a file fills. */
const FIELDS = {
  site_name: 'siteName',
  former_names: 'formerNames',
  tier: 'tier',
  area: 'area',
  carrier: 'carrier',
  circuit_id: 'circuitId',
  address: 'address',
  sip_uri: 'sipUri',
  h323: 'h323',
  contact_name: 'contactName',
  contact_phone: 'contactPhone',
  deputy_name: 'deputyName',
  deputy_phone: 'deputyPhone',
  model: 'model',
  lat: 'lat',
  lon: 'lon',
  note: 'note',
} as const satisfies Record<Exclude<Column, 'site_code'>, keyof EndpointRecord>;

type EditableColumn = keyof typeof FIELDS;
export type EditableField = (typeof FIELDS)[EditableColumn];
export type FieldError = Omit<ImportError, 'line' | 'field'> & { field: EditableField };

const EDITABLE = Object.entries(FIELDS) as [EditableColumn, EditableField][];
export const EDITABLE_FIELDS: readonly EditableField[] = EDITABLE.map(([, field]) => field);
const OF_SITE: ReadonlySet<string> = new Set<Column>(SITE_COLUMNS);

/**
 * The inventory as it would be with one endpoint edited, by the very rules of an import. What belongs to the site changes for all of its
 * endpoints. Pure.
 *
 * @param given texts as a person would write them into a file; '' takes the value away
 */
export function editEndpoint(
  present: readonly EndpointRecord[],
  endpoint: EndpointRecord,
  given: Partial<Record<EditableField, string>>,
): Result<EndpointRecord[], FieldError[]> {
  const own: Partial<Record<EditableField, unknown>> = {};
  const ofSite: Partial<Record<EditableField, unknown>> = {};
  const errors: FieldError[] = [];
  for (const [column, field] of EDITABLE) {
    const text = given[field];
    if (text === undefined) continue;
    const checked = checkCell(column, text);
    if (checked.ok) (OF_SITE.has(column) ? ofSite : own)[field] = checked.value;
    else errors.push({ ...checked.error, field });
  }
  const edited = { ...endpoint, ...ofSite, ...own } as EndpointRecord;
  errors.push(...clashes(present, edited));
  if (errors.length) return err(errors);
  return ok(
    present.map((record) => {
      if (record.id === endpoint.id) return edited;
      return record.siteCode === endpoint.siteCode ? ({ ...record, ...ofSite } as EndpointRecord) : record;
    }),
  );
}

function clashes(present: readonly EndpointRecord[], edited: EndpointRecord): FieldError[] {
  const same = present.find(
    (record) => record.id !== edited.id && record.address === edited.address && isSameDevice(record, edited),
  );
  if (!same) return [];
  return [
    {
      field: 'address',
      found: edited.address,
      allowed: `an address that no other endpoint has (${same.id} has it), or one with another sipUri in each`,
      fix: 'Correct the address, or give each of the two its own SIP address.',
    },
  ];
}
