import type { EndpointRecord } from './endpoint-record.js';

export interface FieldChange {
  field: keyof EndpointRecord;
  from: unknown;
  to: unknown;
}

export interface EndpointChange {
  id: string;
  siteName: string;
  fields: FieldChange[];
}

export interface InventoryDiff {
  added: EndpointRecord[];
  changed: EndpointChange[];
  removed: EndpointRecord[];
  unchanged: number;
}

/** What an import would do to the inventory. The id never differs: it is the key. */
export function diffInventory(present: EndpointRecord[], wanted: EndpointRecord[]): InventoryDiff {
  const presentById = new Map(present.map((record) => [record.id, record]));
  const wantedIds = new Set(wanted.map((record) => record.id));
  const diff: InventoryDiff = {
    added: [],
    changed: [],
    removed: present.filter((record) => !wantedIds.has(record.id)),
    unchanged: 0,
  };
  for (const record of wanted) {
    const before = presentById.get(record.id);
    const fields = before ? changedFields(before, record) : [];
    if (!before) diff.added.push(record);
    else if (fields.length) diff.changed.push({ id: record.id, siteName: record.siteName, fields });
    else diff.unchanged += 1;
  }
  return diff;
}

export const hasEffect = (diff: InventoryDiff): boolean => diff.added.length + diff.changed.length + diff.removed.length > 0;

const changedFields = (before: EndpointRecord, after: EndpointRecord): FieldChange[] =>
  (Object.keys(after) as (keyof EndpointRecord)[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, from: before[field], to: after[field] }));
