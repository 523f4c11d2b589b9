import { type Cancel, type Scheduler, systemScheduler } from '../common/clock.js';
import { BoundedClient, sessionOptions } from './bounded-client.js';
import { causeInWords } from './postgres-errors.js';

export interface DatabaseHealthOptions {
  checkEveryMs?: number;
  /** a check that takes longer counts as down: a cut line swallows without an error */
  timeoutMs?: number;
  scheduler?: Scheduler;
}

const DEFAULTS = { checkEveryMs: 2_000, timeoutMs: 2_000 };

/**
 * Is the database there? It asks over a connection of its own, so that a pool busy with a long report does not look like a
 * dead server, and a connection that breaks tells at once.
 */
export class DatabaseHealth {
  private readonly options: Required<DatabaseHealthOptions>;
  private readonly listeners = new Set<(up: boolean) => void>();
  private client?: BoundedClient;
  private up = false;
  private error?: string;
  private cancelNext?: Cancel;
  private checking?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly url: string,
    options: DatabaseHealthOptions = {},
  ) {
    this.options = { ...DEFAULTS, scheduler: systemScheduler, ...options };
  }

  /** The first answer is known when this resolves; from then on it looks by itself. */
  async start(): Promise<void> {
    await this.check();
  }

  isUp(): boolean {
    return this.up;
  }

  /** Why it was last found down; stays after it came back. */
  get lastError(): string | undefined {
    return this.error;
  }

  onChange(listener: (up: boolean) => void): void {
    this.listeners.add(listener);
  }

  /** Looks now; several callers share one look. */
  check(): Promise<void> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
      this.planNext();
    });
    return this.checking;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelNext?.();
    await this.checking;
    await this.drop();
  }

  private async look(): Promise<void> {
    try {
      const client = this.client ?? (await this.connect());
      await client.query('SELECT 1');
      this.found(true);
    } catch (error) {
      await this.drop();
      this.found(false, error);
    }
  }

  private async connect(): Promise<BoundedClient> {
    const { timeoutMs } = this.options;
    const limits = { connectMs: timeoutMs, statementMs: timeoutMs };
    const client = new BoundedClient({ connectionString: this.url, ...sessionOptions('thong-suot health', limits) });
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.found(false, error);
    });
    await client.connect();
    this.client = client;
    return client;
  }

  /** Not awaited: the goodbye to a server that swallows everything would never end. */
  private drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    const ended = client?.end().catch(() => undefined);
    return this.stopped && this.up && ended ? ended : Promise.resolve();
  }

  private found(up: boolean, error?: unknown): void {
    if (error !== undefined) this.error = causeInWords(error, this.url);
    if (up === this.up || this.stopped) return;
    this.up = up;
    for (const listener of this.listeners) listener(up);
  }

  private planNext(): void {
    this.cancelNext?.();
    if (!this.stopped) this.cancelNext = this.options.scheduler.after(this.options.checkEveryMs, () => void this.check());
  }
}
