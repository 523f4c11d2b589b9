/** Unanswered for this many beats: hung. Three seconds, half of a call's hold; a starved machine's thread was 79 ms late at p99. */
const MOST_UNANSWERED = 6;
const BEAT_MS = 500;
/** A new thread has its code to load first, on a machine that may be busy starting everything else. */
const MOST_UNANSWERED_AT_START = 30;

/**
 * Asks a thread for a sign of life and tells when it gives none. It counts its own beats and not the time, so that it cannot
 * take a stop of this very thread, behind which the answers wait to be read, for a stop of the other.
 */
export class WorkerHeartbeat {
  private timer?: NodeJS.Timeout;
  private unanswered = 0;
  private heard = false;

  constructor(
    private readonly ping: () => void,
    private readonly onHung: () => void,
  ) {}

  start(): void {
    if (this.timer) return;
    this.unanswered = 0;
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Anything that the thread says will do. */
  noteAlive(): void {
    this.heard = true;
    this.unanswered = 0;
  }

  private beat(): void {
    if (this.unanswered >= (this.heard ? MOST_UNANSWERED : MOST_UNANSWERED_AT_START)) {
      this.stop();
      this.onHung();
      return;
    }
    this.unanswered++;
    this.ping();
  }
}
