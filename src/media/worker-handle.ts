import { Worker } from 'node:worker_threads';
import type { MediaFacts, MediaLeg, MediaSession, OpenMedia } from './contract.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** A thread that does not answer for so long is hung: it is ended, its calls with it, and the pool starts another. */
const STOP_WITHIN_MS = 5_000;

interface CallState {
  opened?: { resolve(ports: MediaSession['ports']): void; reject(error: Error): void };
  stopped?: (facts: MediaFacts) => void;
  startedMs?: number;
}

/** The pool's end of one media thread. */
export class WorkerHandle {
  dead = false;
  private readonly worker: Worker;
  private readonly states = new Map<number, CallState>();

  constructor(entry: URL) {
    this.worker = new Worker(entry);
    // waiting for calls is no reason to keep the process
    this.worker.unref();
    this.worker.on('message', (message: FromWorker) => this.take(message));
    this.worker.on('error', () => this.died());
    this.worker.on('exit', () => this.died());
  }

  get calls(): number {
    return this.states.size;
  }

  open(call: number, request: OpenMedia): Promise<MediaSession['ports']> {
    return new Promise((resolve, reject) => {
      this.states.set(call, { opened: { resolve, reject } });
      this.worker.ref();
      this.tell({ type: 'open', call, request });
    });
  }

  start(call: number, legs: MediaLeg[]): void {
    const state = this.states.get(call);
    if (!state) return;
    state.startedMs ??= performance.now();
    this.tell({ type: 'start', call, legs });
  }

  stop(call: number): Promise<MediaFacts> {
    const state = this.states.get(call);
    if (!state) return Promise.resolve(abortedFacts(0));
    return new Promise((resolve) => {
      const hung = setTimeout(() => void this.close(), STOP_WITHIN_MS);
      state.stopped = (facts) => {
        clearTimeout(hung);
        resolve(facts);
      };
      this.tell({ type: 'stop', call });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
    this.died();
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private take(message: FromWorker): void {
    const state = this.states.get(message.call);
    if (!state) return;
    if (message.type === 'opened') state.opened?.resolve(message.ports);
    else {
      this.forget(message.call);
      if (message.type === 'stopped') state.stopped?.(message.facts);
      else state.opened?.reject(new Error(message.message));
    }
  }

  private forget(call: number): void {
    this.states.delete(call);
    if (this.states.size === 0) this.worker.unref();
  }

  /** Its calls cannot be measured any more; each ends with what is true: aborted. */
  private died(): void {
    this.dead = true;
    for (const [call, state] of this.states) {
      state.opened?.reject(new Error('the media thread ended'));
      if (!state.stopped) continue;
      state.stopped(abortedFacts(state.startedMs === undefined ? 0 : performance.now() - state.startedMs));
      this.states.delete(call);
    }
    // calls that still run learn it at their stop
    this.states.clear();
  }
}

const abortedFacts = (activeMs: number): MediaFacts => ({ activeMs, pacingLateMs: 0, clock: 'user', aborted: true });
