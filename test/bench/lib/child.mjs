// A peer of ours in its own process (so that its work is not in our figures), which says when it is ready.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export async function startChild(file, ...args) {
  const child = fork(join(import.meta.dirname, file), args.map(String));
  const [ready] = await once(child, 'message');
  return {
    ...ready,
    /** for a child that answers each message with one */
    async ask(message) {
      child.send(message);
      const [{ answer }] = await once(child, 'message');
      return answer;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
