import { availableParallelism } from 'node:os';
import type { MediaFacts, MediaLeg, MediaPool, MediaSession, OpenMedia } from './contract.js';
import { WorkerHandle, WorkerLostError } from './worker-handle.js';

/** Measured on one thread: 300 audio and video calls pace within 0.24 ms at p99, 600 are too many. */
const CALLS_PER_WORKER = 300;

export interface MediaPoolOptions {
  /** most threads; default: all cores but one */
  workers?: number;
  /** how many calls a worker gets before another is started */
  callsPerWorker?: number;
  /** a worker's code; the tests give another */
  entry?: URL;
  /** a worker whose heap grows beyond this is ended and replaced */
  mostHeapMb?: number;
  /** a worker ended under so many calls, and why */
  onWorkerLost?: (why: string, calls: number) => void;
}

/** Media threads, started with their first call and replaced when they die or hang. Their calls then end as `aborted`. */
export function createMediaPool(options: MediaPoolOptions = {}): MediaPool {
  return new ThreadedMediaPool(options);
}

class ThreadedMediaPool implements MediaPool {
  private readonly workers = new Set<WorkerHandle>();
  private readonly most: number;
  private readonly callsPerWorker: number;
  private nextCall = 1;

  constructor(private readonly options: MediaPoolOptions) {
    this.most = Math.max(1, options.workers ?? availableParallelism() - 1);
    this.callsPerWorker = options.callsPerWorker ?? CALLS_PER_WORKER;
  }

  async open(request: OpenMedia): Promise<MediaSession> {
    try {
      return await this.openIn(this.workerForOneMore(), request);
    } catch (error) {
      if (!(error instanceof WorkerLostError)) throw error;
      // it died of another call before it came to ours; a second death is no accident
      return this.openIn(this.workerForOneMore(), request);
    }
  }

  async close(): Promise<void> {
    const workers = [...this.workers];
    this.workers.clear();
    await Promise.all(workers.map((worker) => worker.close()));
  }

  private async openIn(worker: WorkerHandle, request: OpenMedia): Promise<MediaSession> {
    const call = this.nextCall++;
    const ports = await worker.open(call, request);
    let stopped: Promise<MediaFacts> | undefined;
    return {
      ports,
      start: (legs: MediaLeg[]) => worker.start(call, legs),
      onLost: (run: () => void) => worker.onLost(call, run),
      onKeyframeMissing: (run: () => void) => worker.onKeyframeMissing(call, run),
      stop: () => (stopped ??= worker.stop(call)),
    };
  }

  /** The first thread is filled before the next is started, since each beyond the cores disturbs the others. */
  private workerForOneMore(): WorkerHandle {
    for (const worker of this.workers) if (worker.dead) this.workers.delete(worker);
    const idlest = [...this.workers].reduce<WorkerHandle | undefined>(
      (best, one) => (best && best.callCount <= one.callCount ? best : one),
      undefined,
    );
    if (idlest && (idlest.callCount < this.callsPerWorker || this.workers.size >= this.most)) return idlest;
    const { entry = new URL('./media-worker.js', import.meta.url), mostHeapMb, onWorkerLost } = this.options;
    const worker = new WorkerHandle({ entry, mostHeapMb, onLost: onWorkerLost });
    this.workers.add(worker);
    return worker;
  }
}
