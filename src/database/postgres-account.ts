import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Account {
  uid: number;
  gid: number;
}

/** Where root keeps what another account must be able to reach. */
export const STATE_DIR = '/var/lib/thong-suot';

/** PostgreSQL refuses to run as root; `nobody` is on every Linux. undefined: it runs as whoever runs us. */
export const postgresAccount = (): Account | undefined => (process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined);

/**
 * Makes the folder of the cluster, owned by the account that runs it. When that account cannot pass one of the folders above
 * (a checkout under a 0700 home), the cluster stands below STATE_DIR instead, and the folder asked for says where.
 */
export function prepareDirectory(wanted: string, account: Account | undefined): string {
  const asked = resolve(wanted);
  mkdirSync(dirname(asked), { recursive: true });
  if (!existsSync(asked)) mkdirSync(asked, { mode: 0o700 });
  if (!account) return asked;
  const directory = canPass(dirname(asked), account) ? asked : elsewhere(asked);
  chownSync(directory, account.uid, account.gid);
  return directory;
}

function elsewhere(asked: string): string {
  const directory = join(STATE_DIR, `database-${createHash('sha256').update(asked).digest('hex').slice(0, 12)}`);
  mkdirSync(STATE_DIR, { recursive: true, mode: 0o755 });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(asked, 'location.txt'), `${directory}\n`);
  return directory;
}

function canPass(directory: string, account: Account): boolean {
  const { mode, uid } = statSync(directory);
  const passable = (mode & (uid === account.uid ? 0o100 : 0o001)) !== 0;
  const above = dirname(directory);
  return passable && (above === directory || canPass(above, account));
}
