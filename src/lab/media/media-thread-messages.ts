import type { Behaviour } from '../faults/behaviour.js';
import type { AgreedMedia, CallPorts } from './call-media.js';

export interface MediaThreadData {
  seed: number;
}

/** `call` is a number that the starter gives; every message is about one call. */
export type ToMediaThread =
  | { type: 'open'; call: number; address: string; behaviour: Readonly<Behaviour> }
  | { type: 'apply'; call: number; agreed: AgreedMedia }
  | { type: 'behaviour'; call: number; behaviour: Readonly<Behaviour> }
  | { type: 'keyframe'; call: number }
  | { type: 'close'; call: number };

export type FromMediaThread =
  | { type: 'opened'; call: number; ports: CallPorts }
  | { type: 'not-opened'; call: number; message: string }
  /** an age and no time: each thread has a monotonic clock of its own */
  | { type: 'quiet'; call: number; forMs: number };
