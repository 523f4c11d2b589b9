import { Worker } from 'node:worker_threads';
import type { AgreedMedia, CallPorts } from './call-media.js';
import type { MediaEnd, MediaHost } from './media-host.js';
import type { BehaviourSource } from './media-stream.js';
import type { FromMediaThread, MediaThreadData, ToMediaThread } from './media-thread-messages.js';

/**
 * The media of all simulated calls in one thread of real-time priority. Beside the signalling of 148 calls that begin at once
 * the lab's own sending was uneven by 1.4 to 3.3 ms on an idle machine, and whoever measures against it measures that.
 */
export class MediaThread implements MediaHost {
  private readonly worker: Worker;
  private readonly calls = new Map<number, ThreadedCall>();
  private lastCall = 0;

  constructor(seed: number) {
    const workerData: MediaThreadData = { seed };
    this.worker = new Worker(new URL('./media-thread-worker.js', import.meta.url), { workerData });
    this.worker.on('message', (message: FromMediaThread) => this.calls.get(message.call)?.hear(message));
    this.worker.on('error', (error) => {
      throw error;
    });
  }

  async open(address: string, behaviour: BehaviourSource): Promise<MediaEnd> {
    const number = ++this.lastCall;
    const call = new ThreadedCall(
      address,
      behaviour,
      (message) => this.worker.postMessage({ ...message, call: number }),
      () => this.calls.delete(number),
    );
    this.calls.set(number, call);
    return call.opened();
  }

  behaviourChanged(address: string): void {
    for (const call of this.calls.values()) if (call.address === address) call.tellBehaviour();
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

type WithoutCall<T> = T extends { call: number } ? Omit<T, 'call'> : never;

class ThreadedCall implements MediaEnd {
  quietSinceMs: number | undefined;
  private settle: { resolve: (end: MediaEnd) => void; reject: (error: Error) => void } | undefined;
  private openPorts: CallPorts | undefined;

  constructor(
    readonly address: string,
    private readonly behaviour: BehaviourSource,
    private readonly tell: (message: WithoutCall<ToMediaThread>) => void,
    private readonly forget: () => void,
  ) {}

  get ports(): CallPorts {
    if (!this.openPorts) throw new Error('the ports of a call are asked for before they are open');
    return this.openPorts;
  }

  opened(): Promise<MediaEnd> {
    this.tell({ type: 'open', address: this.address, behaviour: this.behaviour() });
    return new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  hear(message: FromMediaThread): void {
    switch (message.type) {
      case 'opened':
        this.openPorts = message.ports;
        // faults may have changed while the ports were being opened
        this.tellBehaviour();
        return this.settle?.resolve(this);
      case 'not-opened':
        this.forget();
        return this.settle?.reject(new Error(message.message));
      case 'quiet':
        this.quietSinceMs = performance.now() - message.forMs;
    }
  }

  tellBehaviour(): void {
    this.tell({ type: 'behaviour', behaviour: this.behaviour() });
  }

  apply(agreed: AgreedMedia): void {
    this.tell({ type: 'apply', agreed });
  }

  requestKeyframe(): void {
    this.tell({ type: 'keyframe' });
  }

  close(): void {
    this.tell({ type: 'close' });
    this.forget();
  }
}
