import type { Scheduler } from '../common/clock.js';
import type { Notice } from './notice.js';

const RETRY_MS = 1_000;
/** Far more than a fleet of thousands tells of during an outage of the database. */
const MAX_WAITING = 5_000;

interface Told {
  notice: Notice;
  /** when we heard of it: the database may hear later */
  atMs: number;
  only: readonly string[] | undefined;
}

/**
 * Between whoever tells of an event and the outbox in the database: written at once, in the order told, and kept in memory only while
 * the database takes nothing. What dies here with the process is told again at the next start, by whoever knows what is still open.
 */
export class Intake {
  private readonly waiting: Told[] = [];
  private draining: Promise<void> | undefined;
  private opened = false;
  private stopped = false;
  private droppedCount = 0;

  constructor(
    private readonly store: (told: Told) => Promise<void>,
    private readonly scheduler: Scheduler,
    private readonly failed: (error: unknown) => void,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  get dropped(): number {
    return this.droppedCount;
  }

  /** @param only names of receivers; undefined: whoever wants this kind */
  add(notice: Notice, only?: readonly string[]): void {
    if (this.waiting.length >= MAX_WAITING) {
      this.waiting.shift();
      this.droppedCount++;
    }
    this.waiting.push({ notice, only, atMs: this.scheduler.wallMs() });
    this.kick();
  }

  /** Who is told must be known first. */
  open(): void {
    this.opened = true;
    this.kick();
  }

  /** Resolves when all is written, or was tried once more in vain. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.draining;
  }

  private kick(): void {
    if (!this.opened || this.draining || this.waiting.length === 0) return;
    this.draining = this.drain().finally(() => {
      this.draining = undefined;
      // told between the last look into the queue and now
      if (!this.stopped) this.kick();
    });
  }

  private async drain(): Promise<void> {
    for (let told = this.waiting[0]; told; told = this.waiting[0]) {
      try {
        await this.store(told);
        if (this.waiting[0] === told) this.waiting.shift();
      } catch (error) {
        this.failed(error);
        if (this.stopped) return;
        await new Promise<void>((resolve) => this.scheduler.after(RETRY_MS, resolve));
      }
    }
  }
}
