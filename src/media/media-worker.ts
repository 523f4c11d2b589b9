import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { DgramMediaNetwork } from '../net/dgram-media-network.js';
import { DescriptorList } from '../net/kernel/descriptor-list.js';
import { KernelMediaNetwork } from '../net/kernel-media-network.js';
import type { MediaSession } from './contract.js';
import { MediaEngine } from './media-engine.js';
import type { FromWorker, ToWorker, WorkerData } from './worker-messages.js';

const port = parentPort;
if (!port) throw new Error('a media worker is started by its pool');

/** Beside a busy neighbour a paced loop of normal priority was 79 ms late at p99, one of this priority 3 ms. */
const NICE = -10;
try {
  // of this thread alone: Linux keeps priorities per thread
  setPriority(NICE);
} catch {
  // only root or CAP_SYS_NICE may; without it the figures say how late we were
}

const kernel = KernelMediaNetwork.open(new DescriptorList((workerData as WorkerData).descriptors));
const engine = new MediaEngine(kernel.ok ? kernel.value : new DgramMediaNetwork());
const sessions = new Map<number, MediaSession>();
const tell = (message: FromWorker): void => port.postMessage(message);

port.on('message', (message: ToWorker) => {
  if (message.type === 'ping') return tell({ type: 'alive' });
  const { call } = message;
  switch (message.type) {
    case 'open':
      engine.open(message.request).then(
        (session) => {
          sessions.set(call, session);
          tell({ type: 'opened', call, ports: session.ports });
        },
        (error: unknown) => tell({ type: 'not-opened', call, message: error instanceof Error ? error.message : String(error) }),
      );
      return;
    case 'start':
      sessions.get(call)?.start(message.legs);
      return;
    case 'stop':
      void sessions
        .get(call)
        ?.stop()
        .then((facts) => tell({ type: 'stopped', call, facts }));
      sessions.delete(call);
  }
});
