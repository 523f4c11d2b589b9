import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { DgramMediaNetwork } from '../net/dgram-media-network.js';
import { DescriptorList } from '../net/kernel/descriptor-list.js';
import { KernelMediaNetwork } from '../net/kernel-media-network.js';
import { serveMedia } from './serve-media.js';
import type { WorkerData } from './worker-messages.js';

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
serveMedia(port, kernel.ok ? kernel.value : new DgramMediaNetwork());
