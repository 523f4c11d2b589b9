import { hostname } from 'node:os';
import { type Cancel, type Scheduler, systemScheduler } from '../common/clock.js';
import { Throttle } from '../common/throttle.js';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { BoundedClient, sessionOptions } from './bounded-client.js';
import { causeInWords } from './postgres-errors.js';

export interface CoreLockOptions {
  warn(line: string): void;
  info(line: string): void;
  /** how long a start waits for a predecessor that is just going */
  patienceMs?: number;
  /** how often the session is proven alive */
  checkEveryMs?: number;
  scheduler?: Scheduler;
}

const DEFAULTS = { patienceMs: 15_000, checkEveryMs: 5_000 };
/** Shorter than the server's keepalive (25 s): we stop writing before the server gives our lock to another. */
const LIMITS = { connectMs: 3_000, statementMs: 10_000 };
const RETRY_MS = 500;
/** PostgreSQL cuts an application_name after 63 bytes. */
const APPLICATION_NAME = `thong-suot core ${hostname()}:${process.pid}`.slice(0, 63);

const TAKE = `SELECT pg_try_advisory_lock(${ADVISORY_LOCKS.core}) AS taken`;
const HOLDER = `SELECT application_name, client_addr::text AS address, pid, backend_start AS since
  FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND classid = 0 AND objid = ${ADVISORY_LOCKS.core} AND objsubid = 1 AND granted
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Names who writes into the database already. */
export class DatabaseInUseError extends Error {
  constructor(holder: string) {
    super(`another core writes into this database (${holder}); one core writes into one database: stop that one first`);
    this.name = 'DatabaseInUseError';
  }
}

/** A core without the lock keeps its results with the prober. */
export class NotTheWriterError extends Error {
  constructor(why: string) {
    super(`not written: ${why}`);
    this.name = 'NotTheWriterError';
  }
}

interface Holder {
  application_name: string | null;
  address: string | null;
  pid: number;
  since: Date | null;
}

/**
 * One core writes into one database: a session-level advisory lock on a connection of its own. The server frees it with the session,
 * however the core ended. When the connection is lost the core stops writing until it has the lock again.
 */
export class CoreLock {
  private readonly options: Required<CoreLockOptions>;
  private readonly warnings: Throttle;
  private client?: BoundedClient;
  private readonly listeners = new Set<() => void>();
  private held = false;
  private why = 'the lock of the writing core was never taken';
  private cancelNext?: Cancel;
  private stopped = false;

  constructor(
    private readonly url: string,
    options: CoreLockOptions,
  ) {
    this.options = { ...DEFAULTS, scheduler: systemScheduler, ...options };
    this.warnings = new Throttle(60_000, this.options.scheduler);
  }

  get isHeld(): boolean {
    return this.held;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** @throws NotTheWriterError */
  mustHold(): void {
    if (!this.held) throw new NotTheWriterError(this.why);
  }

  /** At start. @throws DatabaseInUseError when another core still holds the lock after our patience, or what the connection failed with */
  async take(): Promise<void> {
    const { scheduler, patienceMs } = this.options;
    const untilMs = scheduler.monotonicMs() + patienceMs;
    for (let told = false; ; told = true) {
      const holder = await this.attempt();
      if (!holder) return this.plan(this.options.checkEveryMs);
      if (this.stopped || scheduler.monotonicMs() >= untilMs) throw new DatabaseInUseError(holder);
      if (!told) this.options.info(`waiting up to ${patienceMs / 1000} s for another core to end: ${holder}`);
      await new Promise<void>((resolve) => scheduler.after(RETRY_MS, resolve));
    }
  }

  /** The server frees the lock when it sees the connection closed; we do not wait for that. */
  stop(): void {
    this.stopped = true;
    this.held = false;
    this.why = 'this core is stopping';
    this.cancelNext?.();
    void this.client?.end().catch(() => undefined);
    this.client = undefined;
  }

  /** @returns undefined when the lock is ours, else who has it */
  private async attempt(): Promise<string | undefined> {
    const client = (this.client ??= await this.connect());
    const { rows } = await client.query<{ taken: boolean }>(TAKE);
    if (rows[0]?.taken) {
      this.hold(true);
      return undefined;
    }
    const holders = await client.query<Holder>(HOLDER);
    return holders.rows.map(inWords).join('; ') || 'it has just ended';
  }

  private async connect(): Promise<BoundedClient> {
    const client = new BoundedClient({ connectionString: this.url, ...sessionOptions(APPLICATION_NAME, LIMITS) });
    await client.connect();
    client.once('end', () => this.client === client && this.lost(new Error('Connection terminated unexpectedly')));
    return client;
  }

  private lost(error: unknown): void {
    this.client?.cut();
    this.client = undefined;
    this.hold(false);
    this.why = `the connection that holds the lock of the writing core is lost: ${causeInWords(error, this.url)}`;
    this.warn();
    this.plan(RETRY_MS);
  }

  private plan(delayMs: number): void {
    this.cancelNext?.();
    if (!this.stopped) this.cancelNext = this.options.scheduler.after(delayMs, () => void this.look());
  }

  private async look(): Promise<void> {
    try {
      if (this.held) await this.client?.query('SELECT 1');
      else await this.takeAgain();
      if (this.client) this.plan(this.held ? this.options.checkEveryMs : RETRY_MS);
    } catch (error) {
      if (!this.stopped) this.lost(error);
    }
  }

  private async takeAgain(): Promise<void> {
    const holder = await this.attempt();
    if (holder === undefined) return this.options.info('this core holds the lock of the writing core again');
    this.why = new DatabaseInUseError(holder).message;
    this.warn();
  }

  private hold(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    for (const listener of this.listeners) listener();
  }

  private warn(): void {
    this.warnings.pass(() => this.options.warn(this.why));
  }
}

const inWords = ({ application_name: name, address, pid, since }: Holder): string =>
  [name ?? 'unnamed', address && `from ${address}`, `session ${pid}`, since && `since ${since.toISOString()}`]
    .filter(Boolean)
    .join(', ');
