import { Worker } from 'node:worker_threads';
import { DescriptorList } from '../net/kernel/descriptor-list.js';
import type { MediaFacts, MediaLeg, MediaSession, OpenMedia } from './contract.js';
import { WorkerHeartbeat } from './worker-heartbeat.js';
import type { FromWorker, ToWorker, WorkerData } from './worker-messages.js';

/** Measured: 148 audio and video calls need 12 to 30 MB. A thread that leaks ends alone, and not the process with it. */
const MOST_HEAP_MB = 256;

/** The thread ended before it answered; another may do better. */
export class WorkerLostError extends Error {}

export interface WorkerOptions {
  entry: URL;
  mostHeapMb?: number | undefined;
  /** it ended under so many calls */
  onLost?: ((why: string, calls: number) => void) | undefined;
}

interface CallState {
  opened?: { resolve(ports: MediaSession['ports']): void; reject(error: Error): void };
  stopped?: (facts: MediaFacts) => void;
  lost?: () => void;
  keyframeMissing?: () => void;
  startedMs?: number;
}

/** The pool's end of one media thread: its calls, its signs of life, and what it leaves behind. */
export class WorkerHandle {
  /** the thread has ended, or is being ended: it gets no more calls */
  dead = false;
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private readonly calls = new Map<number, CallState>();
  private readonly descriptors = new DescriptorList();
  private readonly heartbeat = new WorkerHeartbeat(
    () => this.tell({ type: 'ping' }),
    () => void this.end('it hung'),
  );

  constructor(private readonly options: WorkerOptions) {
    const { entry, mostHeapMb = MOST_HEAP_MB } = options;
    const workerData: WorkerData = { descriptors: this.descriptors.memory };
    this.worker = new Worker(entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: mostHeapMb } });
    // waiting for calls is no reason to keep the process
    this.worker.unref();
    this.worker.on('message', (message: FromWorker) => this.take(message));
    // its exit follows, and with it the end of its sockets
    this.worker.on('error', (error) => this.lose(error.message));
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        this.descriptors.closeAll();
        this.lose(`it ended with code ${code}`);
        resolve();
      });
    });
  }

  get callCount(): number {
    return this.calls.size;
  }

  /** Rejects with WorkerLostError, or with what the thread said. */
  open(call: number, request: OpenMedia): Promise<MediaSession['ports']> {
    return new Promise((resolve, reject) => {
      this.calls.set(call, { opened: { resolve, reject } });
      this.worker.ref();
      this.heartbeat.start();
      this.tell({ type: 'open', call, request });
    });
  }

  start(call: number, legs: MediaLeg[]): void {
    const state = this.calls.get(call);
    if (!state) return;
    state.startedMs ??= performance.now();
    this.tell({ type: 'start', call, legs });
  }

  onLost(call: number, run: () => void): void {
    const state = this.calls.get(call);
    if (this.dead || !state) run();
    else state.lost = run;
  }

  onKeyframeMissing(call: number, run: () => void): void {
    const state = this.calls.get(call);
    if (state) state.keyframeMissing = run;
  }

  stop(call: number): Promise<MediaFacts> {
    const state = this.calls.get(call);
    if (!state) return Promise.resolve(abortedFacts(undefined));
    if (this.dead) {
      this.calls.delete(call);
      return Promise.resolve(abortedFacts(state.startedMs));
    }
    return new Promise((resolve) => {
      state.stopped = resolve;
      this.tell({ type: 'stop', call });
    });
  }

  /** Ends the thread, and waits until its sockets are closed too. */
  close(): Promise<void> {
    return this.end('it was closed');
  }

  private async end(why: string): Promise<void> {
    this.lose(why);
    await this.worker.terminate();
    await this.exited;
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private take(message: FromWorker): void {
    if (this.dead) return;
    this.heartbeat.noteAlive();
    if (message.type === 'alive') return;
    const state = this.calls.get(message.call);
    if (!state) return;
    if (message.type === 'keyframe-missing') state.keyframeMissing?.();
    else if (message.type === 'opened') state.opened?.resolve(message.ports);
    else {
      this.forget(message.call);
      if (message.type === 'stopped') state.stopped?.(message.facts);
      else state.opened?.reject(new Error(message.message));
    }
  }

  private forget(call: number): void {
    this.calls.delete(call);
    if (this.calls.size > 0) return;
    this.heartbeat.stop();
    this.worker.unref();
  }

  /** Its calls cannot be measured any more; each ends with what is true: aborted. Those that still run are told at once. */
  private lose(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.heartbeat.stop();
    if (this.calls.size > 0) this.options.onLost?.(why, this.calls.size);
    for (const [call, state] of this.calls) {
      state.opened?.reject(new WorkerLostError(`the media thread was lost: ${why}`));
      if (state.stopped) {
        this.calls.delete(call);
        state.stopped(abortedFacts(state.startedMs));
      } else state.lost?.();
    }
  }
}

const abortedFacts = (startedMs: number | undefined): MediaFacts => ({
  activeMs: startedMs === undefined ? 0 : performance.now() - startedMs,
  pacingLateMs: 0,
  clock: 'user',
  aborted: true,
});
