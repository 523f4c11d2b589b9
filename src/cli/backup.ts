import { join, resolve } from 'node:path';
import { serverToBackUp } from '../database/backup/maintenance-server.js';
import { writeBackup } from '../database/backup/write-backup.js';
import { BACKUP_USAGE, type BackupArguments, parseBackupArguments } from './backup-arguments.js';
import { EX_USAGE, log, runTask } from './maintenance-task.js';

/** `npm run -s backup`: prints the path of what it made. */
async function main(): Promise<number> {
  const parsed = parseBackupArguments(process.argv.slice(2));
  if (parsed.ok) return backUp(parsed.value);
  log(`${parsed.error}\n\n${BACKUP_USAGE}`);
  return EX_USAGE;
}

const backUp = ({ out, results }: BackupArguments): Promise<number> =>
  runTask(async (config, signal) => {
    const directory = out === undefined ? join(config.dataDir, 'backups') : resolve(out);
    const server = await serverToBackUp(config, log);
    try {
      const path = await writeBackup(server.url, { directory, results, signal, now: new Date(), progress: log });
      process.stdout.write(`${path}\n`);
    } finally {
      await server.close();
    }
  });

process.exit(await main());
