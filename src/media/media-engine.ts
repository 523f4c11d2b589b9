import { type Clock, systemClock } from '../common/clock.js';
import { type RandomSource, systemRandom } from '../common/random.js';
import type { MediaNetwork } from '../net/media-sockets.js';
import type { MediaFacts, MediaLeg, MediaSession, OpenMedia } from './contract.js';
import { MediaCall } from './media-call.js';
import { prepareMedia } from './payloads.js';

/** Sends of different calls are spread over one audio frame. */
const PHASE_SPAN_MS = 20;
/** the golden ratio spreads any number of calls evenly */
const PHASE_STEP = 0.618_033_988_75;

/** All calls of one thread and their paced loop. It runs in any thread; on kernel-stamped sockets it wants one of its own. */
export class MediaEngine {
  private readonly calls = new Set<MediaCall>();
  private looping = false;
  private opened = 0;

  constructor(
    private readonly network: MediaNetwork,
    private readonly clock: Clock = systemClock,
    private readonly random: RandomSource = systemRandom,
  ) {
    prepareMedia();
  }

  /** Rejects with NoFreePortError. */
  async open(request: OpenMedia): Promise<MediaSession> {
    const call = await MediaCall.open(request, this.network, this.clock, this.random);
    const phaseMs = ((++this.opened * PHASE_STEP) % 1) * PHASE_SPAN_MS;
    return {
      ports: call.ports,
      start: (legs: MediaLeg[]) => {
        call.start(legs, phaseMs);
        this.calls.add(call);
        void this.loop();
      },
      stop: () => {
        call.end();
        this.calls.delete(call);
        return Promise.resolve<MediaFacts>(call.facts());
      },
    };
  }

  close(): void {
    for (const call of this.calls) call.end();
    this.calls.clear();
    this.network.close();
  }

  /** Sends what is due, then waits for the next moment or for what comes. It ends with the last call: an idle thread sleeps. */
  private async loop(): Promise<void> {
    if (this.looping) return;
    this.looping = true;
    while (this.calls.size > 0) {
      const nowMs = this.clock.monotonicMs();
      let nextMs = Infinity;
      for (const call of this.calls) {
        if (call.nextMs <= nowMs) call.proceed(nowMs);
        if (!call.running) this.calls.delete(call);
        nextMs = Math.min(nextMs, call.nextMs);
      }
      await this.network.wait(Math.min(nextMs, nowMs + PHASE_SPAN_MS));
    }
    this.looping = false;
  }
}
