import type { AppConfig } from '../config/app-config.js';
import { loadConfig } from '../config/app-config.js';

export const EX_USAGE = 64;

export const log = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs a task that can be interrupted, in its own time, by SIGINT and SIGTERM. @returns the exit code; a failure is one line */
export async function runTask(work: (config: AppConfig, signal: AbortSignal) => Promise<void>): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    await work(loadConfig({ env: process.env, cwd: process.cwd() }), stop.signal);
    return 0;
  } catch (error) {
    log(stop.signal.aborted ? 'stopped half-way: nothing was changed' : inWords(error as NodeJS.ErrnoException));
    return 1;
  }
}

const inWords = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'EACCES' ? `${message}: run this as the account that the daemon runs as` : message;
