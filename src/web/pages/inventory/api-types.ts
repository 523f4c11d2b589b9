import type { EndpointRecord } from '../../../inventory/endpoint-record.js';

/** `GET /inventory` */
export interface InventoryList {
  items: EndpointRecord[];
  total: number;
  /** the configured file: whenever it is imported it takes back what was changed by hand */
  file: string | null;
}

/** In the order in which a person fills them in; what is of the site first. */
export const EDITABLE_FIELDS = [
  'siteName',
  'formerNames',
  'tier',
  'area',
  'contactName',
  'contactPhone',
  'deputyName',
  'deputyPhone',
  'lat',
  'lon',
  'address',
  'sipUri',
  'h323',
  'carrier',
  'circuitId',
  'model',
  'note',
] as const satisfies readonly (keyof EndpointRecord)[];
export type EditableField = (typeof EDITABLE_FIELDS)[number];

/** What is wrong with one field or cell, in the server's words. */
export interface FieldFault {
  field: string;
  found: string;
  allowed: string;
  fix: string;
  /** of a file, from 1; 0: the file itself */
  line?: number;
}

/** `POST /inventory/import` */
export interface ImportReport {
  dryRun: boolean;
  ignoredColumns: string[];
  added: EndpointRecord[];
  changed: { id: string; siteName: string; fields: { field: keyof EndpointRecord; from: unknown; to: unknown }[] }[];
  removed: EndpointRecord[];
  unchanged: number;
}

export const SCOPES = ['endpoint', 'site', 'area', 'carrier'] as const;
export type Scope = (typeof SCOPES)[number];

/** `GET /maintenance` */
export interface MaintenanceWindow {
  id: string;
  scope: Scope;
  target: string;
  from: string;
  to: string;
  weekly: { weekdays: number[]; until: string | null } | null;
  note: string;
  open: boolean;
}
