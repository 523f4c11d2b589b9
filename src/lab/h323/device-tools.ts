import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import type { MediaEnd } from '../media/media-host.js';
import type { BehaviourSource } from '../media/media-stream.js';

export interface DeviceTools {
  address: string;
  scheduler: Scheduler;
  random: RandomSource;
  behaviour: BehaviourSource;
  openMedia(): Promise<MediaEnd>;
  /** the device is in a call that came by another way */
  inOtherCall(): boolean;
}
