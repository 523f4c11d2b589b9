import { resolve } from 'node:path';
import { serverToRestore } from '../database/backup/maintenance-server.js';
import { readBackup } from '../database/backup/read-backup.js';
import { restoreBackup } from '../database/backup/restore-backup.js';
import { parseRestoreArguments, RESTORE_USAGE, type RestoreArguments } from './backup-arguments.js';
import { EX_USAGE, log, runTask } from './maintenance-task.js';

/** `npm run -s restore -- BACKUP` */
async function main(): Promise<number> {
  const parsed = parseRestoreArguments(process.argv.slice(2));
  if (parsed.ok) return restore(parsed.value);
  log(`${parsed.error}\n\n${RESTORE_USAGE}`);
  return EX_USAGE;
}

const restore = ({ path, replace }: RestoreArguments): Promise<number> =>
  runTask(async (config, signal) => {
    const backup = await readBackup(resolve(path));
    log(`${backup.path} is whole: ${backup.manifest.tables.length} tables, taken at ${backup.manifest.takenAt}`);
    const server = await serverToRestore(config, log);
    try {
      await restoreBackup(server.url, backup, { replace, signal, progress: log });
      log('restored');
    } finally {
      await server.close();
    }
  });

process.exit(await main());
