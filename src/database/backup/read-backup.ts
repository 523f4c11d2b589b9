import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type BackupManifest, backupManifest, FORMAT, MANIFEST_FILE, SUMS_FILE, tableFile } from './manifest.js';

export interface Backup {
  path: string;
  manifest: BackupManifest;
}

/** @throws with the name of the file that is missing, damaged or not understood; every byte was read when this returns */
export async function readBackup(path: string): Promise<Backup> {
  const sums = await readSums(path);
  for (const [name, sum] of sums) await checkFile(path, name, sum);
  const manifest = await readManifest(path);
  for (const name of [MANIFEST_FILE, ...manifest.tables.map((table) => tableFile(table.name))])
    if (!sums.has(name)) throw new Error(`${join(path, SUMS_FILE)} does not list ${name}: it is damaged`);
  return { path, manifest };
}

/** @returns SHA-256 by the name of the file */
async function readSums(path: string): Promise<Map<string, string>> {
  const file = join(path, SUMS_FILE);
  if (!existsSync(file)) throw new Error(`${path} is no finished backup: it has no ${SUMS_FILE}`);
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) {2}([a-z0-9_.]+)$/.exec(line) ?? [];
      if (!sum || !name) throw new Error(`${file} is damaged: "${line.slice(0, 80)}" is no line of it`);
      return [name, sum];
    }),
  );
}

async function checkFile(path: string, name: string, sum: string): Promise<void> {
  const file = join(path, name);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== sum) throw new Error(`${file} is damaged: its SHA-256 is not the one in ${SUMS_FILE}`);
}

async function readManifest(path: string): Promise<BackupManifest> {
  const file = join(path, MANIFEST_FILE);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  const content = JSON.parse(await readFile(file, 'utf8')) as { format?: unknown; productVersion?: unknown };
  if (typeof content.format === 'number' && content.format > FORMAT)
    throw new Error(
      `${path} was made by a newer version (${String(content.productVersion)}): its format ${content.format} is unknown here`,
    );
  const parsed = backupManifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${file} is not understood: ${issue?.path.join('.')}: ${issue?.message}`);
}
