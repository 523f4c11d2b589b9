import { readFileSync } from 'node:fs';

export const PROBER_TITLE = 'thong-suot-prober';

/** Is that process a prober, or at least alive where nobody can tell what it is? A number is soon given to another process. */
export function isProberProcess(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(PROBER_TITLE);
  } catch {
    return process.platform !== 'linux' && isAlive(pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
