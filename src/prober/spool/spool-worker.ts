import { parentPort, workerData } from 'node:worker_threads';
import type { SpoolRequest } from './spool-messages.js';
import { SpoolService } from './spool-service.js';

const port = parentPort;
if (!port) throw new Error('the spool thread is started by the prober');

const service = new SpoolService((workerData as { directory: string }).directory);
let last: Promise<void> = Promise.resolve();

async function answer(request: SpoolRequest): Promise<void> {
  try {
    port?.postMessage({ ok: true, value: await service.handle(request) });
  } catch (error) {
    const { message, code } = error as Error & { code?: number | string };
    port?.postMessage({ ok: false, error: { message, code } });
  }
}

// one after the other: closing takes a moment
port.on('message', (request: SpoolRequest) => {
  last = last.then(() => answer(request));
});
