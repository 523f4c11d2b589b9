import type { MediaFacts, MediaLeg, MediaSession, OpenMedia } from './contract.js';

/** Between the pool and a media worker. `call` is the pool's number of the call. */
export type ToWorker =
  | { type: 'open'; call: number; request: OpenMedia }
  | { type: 'start'; call: number; legs: MediaLeg[] }
  | { type: 'stop'; call: number }
  /** answered with `alive`: a thread that does not is hung */
  | { type: 'ping' };

export type FromWorker =
  | { type: 'opened'; call: number; ports: MediaSession['ports'] }
  | { type: 'not-opened'; call: number; message: string }
  | { type: 'keyframe-missing'; call: number }
  | { type: 'stopped'; call: number; facts: MediaFacts }
  | { type: 'alive' };

/** What a worker is started with. */
export interface WorkerData {
  /** memory of the `DescriptorList` of its sockets */
  descriptors: SharedArrayBuffer;
}
