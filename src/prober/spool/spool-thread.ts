import { Worker } from 'node:worker_threads';
import type { SpoolPort, SpoolReply, SpoolRequest } from './spool-messages.js';

type Answer = { ok: true; value: SpoolReply } | { ok: false; error: { message: string; code?: number | string } };
interface Asked {
  resolve(reply: SpoolReply): void;
  reject(error: Error): void;
}

const MOST_HEAP_MB = 64;
/** A disk that answers no more must not keep the process from ending. */
const CLOSE_MS = 300;

/**
 * A spool in a thread of its own: waiting for the disk, and for pages that have to be fetched from it, would be lateness of our
 * measurements. A thread that ends is started anew with the next question.
 */
export class SpoolThread implements SpoolPort {
  private worker: Worker | undefined;
  private readonly asked: Asked[] = [];

  constructor(
    private readonly directory: string,
    private readonly entry: URL = new URL('./spool-worker.js', import.meta.url),
  ) {}

  request(request: SpoolRequest): Promise<SpoolReply> {
    return new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      this.asked.push({ resolve, reject });
      worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.request({ op: 'close' }).catch(() => undefined), late]);
    clearTimeout(timer);
    // a thread within a call to the disk ends with that call: not waited for
    void worker.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.entry, {
      workerData: { directory: this.directory },
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    worker.unref();
    worker.on('message', (answer: Answer) => this.answered(answer));
    worker.on('error', (error) => this.lost(worker, error));
    worker.on('exit', (code) => this.lost(worker, new Error(`the spool thread ended with code ${code}`)));
    return worker;
  }

  private answered(answer: Answer): void {
    const asked = this.asked.shift();
    if (answer.ok) asked?.resolve(answer.value);
    else asked?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }

  private lost(worker: Worker, error: Error): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    for (const asked of this.asked.splice(0)) asked.reject(error);
  }
}
