import { BinaryHeap } from '../common/binary-heap.js';
import { type Scheduler, systemScheduler } from '../common/clock.js';
import { type RandomSource, systemRandom } from '../common/random.js';
import type { MediaNetwork } from '../net/media-sockets.js';
import type { MediaFacts, MediaLeg, MediaSession, OpenMedia } from './contract.js';
import { MediaCall } from './media-call.js';
import { prepareMedia } from './payloads.js';

/** Sends of different calls are spread over one audio frame. */
const PHASE_SPAN_MS = 20;
/** the golden ratio spreads any number of calls evenly */
const PHASE_STEP = 0.618_033_988_75;
/** The longest set-up is 32 s without a word and 60 s of ringing; ports of a call that has not begun by then are taken back. */
const LEASE_MS = 120_000;
/** After so many sends in a row what has come is read, and messages are heard, also where there is always one more that is due. */
const MOST_SENDS_IN_A_ROW = 64;

interface Due {
  call: MediaCall;
  atMs: number;
}

/** All calls of one thread and their paced loop. It runs in any thread; on kernel-stamped sockets it wants one of its own. */
export class MediaEngine {
  private readonly calls = new Set<MediaCall>();
  /** one entry for each call that runs, by the time of its next send */
  private readonly due = new BinaryHeap<Due>((a, b) => a.atMs < b.atMs);
  private looping = false;
  private opened = 0;

  constructor(
    private readonly network: MediaNetwork,
    private readonly scheduler: Scheduler = systemScheduler,
    private readonly random: RandomSource = systemRandom,
  ) {
    prepareMedia();
  }

  /** Rejects with NoFreePortError. */
  async open(request: OpenMedia): Promise<MediaSession> {
    const call = await MediaCall.open(request, this.network, this.scheduler, this.random);
    this.calls.add(call);
    const endLease = this.scheduler.after(LEASE_MS, () => this.end(call));
    const phaseMs = ((++this.opened * PHASE_STEP) % 1) * PHASE_SPAN_MS;
    return {
      ports: call.ports,
      start: (legs: MediaLeg[]) => {
        endLease();
        this.start(call, legs, phaseMs);
      },
      // it ends with this very thread
      onLost: () => undefined,
      onKeyframeMissing: (run: () => void) => {
        call.onKeyframeMissing = run;
      },
      stop: () => {
        endLease();
        this.end(call);
        return Promise.resolve<MediaFacts>(call.facts());
      },
    };
  }

  /** Ends every call, also those that have not begun, and gives all ports back. */
  close(): void {
    for (const call of this.calls) this.end(call);
    this.network.close();
  }

  private start(call: MediaCall, legs: readonly MediaLeg[], phaseMs: number): void {
    const began = !call.running;
    call.start(legs, phaseMs);
    // the loop takes it out of the heap again once it has ended
    if (began && call.running) this.due.push({ call, atMs: call.nextMs });
    void this.loop();
  }

  private end(call: MediaCall): void {
    call.end();
    this.calls.delete(call);
  }

  /** Sends what is due, then waits for the next moment or for what comes. It ends with the last call: an idle thread sleeps. */
  private async loop(): Promise<void> {
    if (this.looping) return;
    this.looping = true;
    while (this.due.size > 0) {
      this.sendDue();
      const nextMs = this.due.peek()?.atMs;
      if (nextMs !== undefined) await this.network.wait(Math.min(nextMs, this.scheduler.monotonicMs() + PHASE_SPAN_MS));
    }
    this.looping = false;
  }

  /** The clock is read for each send: what waits behind the others' is that much late, and is to be counted so. */
  private sendDue(): void {
    for (let sends = 0; sends < MOST_SENDS_IN_A_ROW; sends++) {
      const next = this.due.peek();
      const nowMs = this.scheduler.monotonicMs();
      if (!next || (next.call.running && next.atMs > nowMs)) return;
      this.due.pop();
      next.call.proceed(nowMs);
      if (next.call.running) this.due.push({ call: next.call, atMs: next.call.nextMs });
      else this.calls.delete(next.call);
    }
  }
}
