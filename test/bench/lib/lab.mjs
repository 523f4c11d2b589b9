// The lab as the daemon runs it, in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export async function startLabProcess(sites) {
  const entry = join(import.meta.dirname, '../../../dist/lab/main.js');
  const child = fork(entry, ['--sites', String(sites)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (first !== 'ready') throw new Error('the lab did not start');
  return {
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
