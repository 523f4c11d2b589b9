import { parentPort, workerData } from 'node:worker_threads';
import { DgramMediaNetwork } from '../net/dgram-media-network.js';
import { DescriptorList } from '../net/kernel/descriptor-list.js';
import { KernelMediaNetwork } from '../net/kernel-media-network.js';
import { serveMedia } from './serve-media.js';
import { takePriority } from '../net/thread-priority.js';
import type { WorkerData } from './worker-messages.js';

const port = parentPort;
if (!port) throw new Error('a media worker is started by its pool');

takePriority();
const kernel = KernelMediaNetwork.open(new DescriptorList((workerData as WorkerData).descriptors));
serveMedia(port, kernel.ok ? kernel.value : new DgramMediaNetwork());
