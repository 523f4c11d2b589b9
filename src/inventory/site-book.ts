import type { Column } from './columns.js';
import { type ImportError, shown } from './raw-table.js';

/** What belongs to the site, not to one endpoint of it: every row of the site says the same, or nothing. */
export const SITE_COLUMNS = [
  'site_name',
  'former_names',
  'tier',
  'area',
  'contact_name',
  'contact_phone',
  'deputy_name',
  'deputy_phone',
  'lat',
  'lon',
] as const satisfies readonly Column[];
type SiteColumn = (typeof SITE_COLUMNS)[number];

type Given = Partial<Record<Column, unknown>>;

interface Site {
  rows: number;
  values: Partial<Record<SiteColumn, { value: unknown; line: number }>>;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** Counts the endpoints of each site and sees that its rows agree. */
export class SiteBook {
  private readonly sites = new Map<unknown, Site>();

  add(line: number, row: Given): { ordinal: number; conflicts: ImportError[] } {
    const site = this.sites.get(row.site_code) ?? { rows: 0, values: {} };
    this.sites.set(row.site_code, site);
    site.rows += 1;
    const conflicts: ImportError[] = [];
    for (const column of SITE_COLUMNS) {
      const value = row[column];
      const known = site.values[column];
      if (!isGiven(value)) continue;
      if (!known) site.values[column] = { value, line };
      else if (known.value !== value) conflicts.push(conflict(line, column, value, known));
    }
    return { ordinal: site.rows, conflicts };
  }

  /** A later row of a site may leave out what an earlier one said. */
  withSiteValues<V extends Given>(row: V): V {
    const values = this.sites.get(row.site_code)?.values ?? {};
    const filled = SITE_COLUMNS.flatMap((column) => {
      const known = values[column];
      return known && !isGiven(row[column]) ? [[column, known.value] as const] : [];
    });
    return { ...row, ...Object.fromEntries(filled) };
  }
}

const conflict = (line: number, column: SiteColumn, value: unknown, known: { value: unknown; line: number }): ImportError => ({
  line,
  field: column,
  found: shown(String(value)),
  allowed: `"${shown(String(known.value))}", as in line ${known.line} of the same site, or nothing`,
  fix: 'Give both rows of the site the same value, or correct the site code.',
});
