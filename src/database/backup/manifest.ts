import { z } from 'zod';

/** What a reader must know to understand the folder; raised when an older reader would misread it. */
export const FORMAT = 1;

export const MANIFEST_FILE = 'manifest.json';
/** In the format of coreutils, so that `sha256sum -c SHA256SUMS` checks a backup without us. Written last. */
export const SUMS_FILE = 'SHA256SUMS';

/** Names go into file names and statements. */
const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

const tableInBackup = z.strictObject({
  name: identifier,
  columns: z.array(identifier).min(1),
  rows: z.int().min(0),
  /** the UTC days that had a partition; null where the table is whole */
  days: z.array(z.iso.date()).nullable(),
  sequences: z.array(z.strictObject({ column: identifier, lastValue: z.string().regex(/^-?\d{1,19}$/), isCalled: z.boolean() })),
});

export const backupManifest = z.strictObject({
  format: z.literal(FORMAT),
  takenAt: z.iso.datetime(),
  productVersion: z.string(),
  serverVersion: z.string(),
  /** false: made without the single results */
  results: z.boolean(),
  /** the version of the schema: names in the order in which they were run */
  migrations: z.array(z.string()).min(1),
  /** in the order in which they can be loaded */
  tables: z.array(tableInBackup),
});

export type BackupManifest = z.output<typeof backupManifest>;
export type TableInBackup = z.output<typeof tableInBackup>;

export const tableFile = (table: string): string => `${table}.copy.gz`;
