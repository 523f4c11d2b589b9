/** Round trips of the control channel (H.245 section 6.8, annex C.8): a far end's stack and its line, not its media. */
import type { Cancel, Scheduler } from '../../common/clock.js';
import type { H323Facts } from './call-types.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';

/** Three samples in the shortest useful call. */
const INTERVAL_MS = 2_000;

export class RoundTrips {
  private sequenceNumber = 0;
  private sentMs?: number;
  private cancel?: Cancel;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly facts: H323Facts,
    private readonly send: (message: MultimediaSystemControlMessage) => void,
  ) {}

  begin(): void {
    if (!this.cancel) this.ask();
  }

  /** The least of the samples: a busy stack adds to the others. */
  answered(sequenceNumber: number): void {
    if (this.sentMs === undefined || sequenceNumber !== this.sequenceNumber) return;
    const roundTripMs = this.scheduler.monotonicMs() - this.sentMs;
    this.sentMs = undefined;
    this.facts.controlRttMs = Math.min(roundTripMs, this.facts.controlRttMs ?? roundTripMs);
  }

  stop(): void {
    this.cancel?.();
  }

  private ask(): void {
    this.sequenceNumber = (this.sequenceNumber + 1) % 256;
    this.sentMs = this.scheduler.monotonicMs();
    this.cancel = this.scheduler.after(INTERVAL_MS, () => this.ask());
    this.send({ request: { roundTripDelayRequest: { sequenceNumber: this.sequenceNumber } } });
  }
}
