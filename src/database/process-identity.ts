import { existsSync, readFileSync } from 'node:fs';

/** Without it (not Linux) processes are known by their number alone, and foreign ones are left to PostgreSQL's own check. */
export const HAS_PROC = existsSync('/proc/self/stat');

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The command line of a living process, '' when there is none (or no /proc). */
export const commandLine = (pid: number): string => read(`/proc/${pid}/cmdline`) ?? '';

/**
 * A pid that cannot be mistaken for a later process with the same number: it carries the start time (proc(5), stat field 22).
 * undefined: not running. A zombie counts as not running.
 */
export function processIdentity(pid: number): string | undefined {
  if (!HAS_PROC) return canSignal(pid) ? String(pid) : undefined;
  const stat = read(`/proc/${pid}/stat`);
  // the command name, in parentheses, may hold blanks and parentheses of its own
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z') return undefined;
  return `${pid} ${fields[19]}`;
}

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
