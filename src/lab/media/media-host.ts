import { systemScheduler, type Scheduler } from '../../common/clock.js';
import { systemRandom } from '../../common/random.js';
import { DgramMediaNetwork } from '../../net/dgram-media-network.js';
import type { MediaNetwork } from '../../net/media-sockets.js';
import { seededFractions } from '../faults/seeded-random.js';
import { CallMedia, type AgreedMedia, type CallPorts } from './call-media.js';
import { loadMediaLibrary } from './library.js';
import type { BehaviourSource, MediaTools } from './media-stream.js';
import { PacedLoop } from './paced-loop.js';

/** The media of a call, as far as its signalling needs to know. */
export interface MediaEnd {
  readonly ports: CallPorts;
  /** since when nothing at all has come from the caller; undefined while no stream runs */
  readonly quietSinceMs: number | undefined;
  apply(agreed: AgreedMedia): void;
  requestKeyframe(): void;
  close(): void;
}

/** Where the media of the simulated calls runs. */
export interface MediaHost {
  /** @param behaviour of the endpoint, asked again and again: faults come and go during a call */
  open(address: string, behaviour: BehaviourSource): Promise<MediaEnd>;
  /** The faults of the endpoint at this address have changed. */
  behaviourChanged(address: string): void;
  close(): Promise<void>;
}

/** @param seed losses and jitter repeat with the same one */
export function mediaTools(seed: number, scheduler: Scheduler, network: MediaNetwork): MediaTools {
  return {
    loop: new PacedLoop(scheduler),
    scheduler,
    network,
    random: systemRandom,
    library: loadMediaLibrary(),
    fraction: seededFractions(seed),
  };
}

/** In the thread of the signalling: for tests, which change faults and look in the same moment. */
export class MediaHere implements MediaHost {
  private readonly tools: MediaTools;

  constructor(seed: number, scheduler: Scheduler = systemScheduler) {
    this.tools = mediaTools(seed, scheduler, new DgramMediaNetwork());
  }

  open(address: string, behaviour: BehaviourSource): Promise<MediaEnd> {
    return CallMedia.open(address, behaviour, this.tools);
  }

  behaviourChanged(): void {
    // each stream asks for itself
  }

  close(): Promise<void> {
    this.tools.loop.close();
    return Promise.resolve();
  }
}
