import type { Scheduler } from '../common/clock.js';
import { backOffMs, type BackOff } from './back-off.js';
import type { Attempt, Receiver, StoredNotice } from './notice.js';
import type { NextDelivery, NoticesRepository } from './notices.repository.js';

const MAX_DIGEST = 500;
/** While the database is away, or another core writes. */
const STORE_RETRY_MS = 1_000;
/** Whoever puts a notice in wakes the loop; this only mends a wake-up that was lost with an outage of the database. */
const LOOK_EVERY_MS = 60_000;
/** A receiver may ask for a later attempt (`Retry-After`), not for more than this. */
const LONGEST_REQUESTED_MS = 3_600_000;

export interface LoopSettings {
  backOff: BackOff;
  timeoutMs: number;
  giveUpAfterMs: number;
}

export interface LoopEvents {
  sent(receiver: string, notices: number): void;
  failed(receiver: string, error: string): void;
  gaveUp(receiver: string, notices: number): void;
}

export interface LoopStatus {
  /** attempts in a row that failed because of the receiver */
  failures: number;
  pausedUntilMs: number | null;
  lastError: string | null;
  lastSentMs: number | null;
}

/**
 * Sends one receiver's notices, one after the other. Each receiver has a loop of its own: one that is slow or dead keeps none but its
 * own waiting. What was sent and could not be noted, because the process was killed in between, is sent again under the same id.
 */
export class ReceiverLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private wakeUp: ((always: boolean) => void) | undefined;
  private woken = false;
  private failures = 0;
  private pausedUntilMs: number | null = null;
  private lastError: string | null = null;
  private lastSentMs: number | null = null;

  constructor(
    readonly receiver: Receiver,
    private readonly repository: NoticesRepository,
    private readonly settings: LoopSettings,
    private readonly events: LoopEvents,
    private readonly scheduler: Scheduler,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** There may be something new. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.(false);
  }

  /** Somebody says that the receiver is back: its pause is over. */
  tryNow(): void {
    this.woken = true;
    this.pausedUntilMs = null;
    this.wakeUp?.(true);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wakeUp?.(true);
    await this.running;
  }

  status(): LoopStatus {
    const { failures, pausedUntilMs, lastError, lastSentMs } = this;
    return { failures, pausedUntilMs, lastError, lastSentMs };
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.step();
      } catch {
        // the database: it tells of itself, and everything waits there
        await this.sleep(STORE_RETRY_MS, false);
      }
    }
  }

  private async step(): Promise<void> {
    if (this.pausedUntilMs !== null) await this.sleep(this.pausedUntilMs - this.scheduler.wallMs(), false);
    this.woken = false;
    const nowMs = this.scheduler.wallMs();
    const next = await this.repository.next(this.receiver.name, nowMs);
    if (!next || next.dueMs > nowMs) await this.sleep(Math.min(LOOK_EVERY_MS, (next?.dueMs ?? Infinity) - nowMs), true);
    else await this.deliver(next);
  }

  private async deliver(next: NextDelivery): Promise<void> {
    const notices = next.digest
      ? await this.repository.digest(this.receiver.name, this.scheduler.wallMs(), MAX_DIGEST)
      : [next.notice];
    const limit = AbortSignal.timeout(this.settings.timeoutMs);
    const attempt = await this.receiver.send(notices, next.digest, AbortSignal.any([limit, this.stopping.signal]));
    if (attempt.ok) await this.succeeded(notices);
    else if (!this.stopping.signal.aborted) await this.failed(notices, attempt, next.attempts + 1);
  }

  private async succeeded(notices: StoredNotice[]): Promise<void> {
    const atMs = this.scheduler.wallMs();
    Object.assign(this, { failures: 0, pausedUntilMs: null, lastError: null, lastSentMs: atMs });
    this.events.sent(this.receiver.name, notices.length);
    await this.note(() => this.repository.sent(this.receiver.name, keysOf(notices), atMs));
  }

  private async failed(notices: StoredNotice[], attempt: Extract<Attempt, { ok: false }>, attempts: number): Promise<void> {
    const nowMs = this.scheduler.wallMs();
    const { name } = this.receiver;
    const aboutReceiver = attempt.fault === 'receiver';
    this.lastError = attempt.error;
    this.failures = aboutReceiver ? this.failures + 1 : 0;
    const ownMs = backOffMs(aboutReceiver ? this.failures : attempts, this.settings.backOff);
    const againMs = nowMs + Math.max(ownMs, Math.min(attempt.retryAfterMs ?? 0, LONGEST_REQUESTED_MS));
    this.pausedUntilMs = aboutReceiver ? againMs : null;
    this.events.failed(name, attempt.error);
    const keys = keysOf(notices);
    await this.note(async () => {
      await this.repository.failed(name, keys, attempt.error, aboutReceiver ? undefined : againMs);
      const beforeMs = nowMs - this.settings.giveUpAfterMs;
      const dead = await this.repository.giveUp(name, aboutReceiver ? null : keys, beforeMs, attempt.error, nowMs);
      if (dead > 0) this.events.gaveUp(name, dead);
    });
  }

  /** What has become of an attempt must be written before the next one: forgotten, it would be sent twice. */
  private async note(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch {
        if (this.stopping.signal.aborted) return;
        await this.sleep(STORE_RETRY_MS, false);
      }
    }
  }

  private sleep(delayMs: number, wakeable: boolean): Promise<void> {
    if (delayMs <= 0 || this.stopping.signal.aborted || (wakeable && this.woken)) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.wakeUp = undefined;
        resolve();
      };
      const cancel = this.scheduler.after(delayMs, done);
      this.wakeUp = (always) => (always || wakeable) && done();
    });
  }
}

const keysOf = (notices: readonly StoredNotice[]): string[] => notices.map(({ key }) => key);
