import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { type Cancel, type Scheduler, systemScheduler } from '../common/clock.js';
import { postgresAccount, prepareDirectory } from './postgres-account.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { PostgresCluster, SERVER_ENVIRONMENT } from './postgres-cluster.js';
import { processIdentity } from './process-identity.js';

export interface EmbeddedPostgresOptions {
  /** folder of the cluster; made when missing */
  directory: string;
  log: (level: 'info' | 'warn', line: string) => void;
  database?: string;
  /** server settings beside or instead of ours */
  settings?: Record<string, string>;
  scheduler?: Scheduler;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  // one syncfs() instead of an fsync() a file: recovery after a crash took 0.4-1.2 s instead of 2-4 s
  recovery_init_sync_method: 'syncfs',
  log_min_messages: 'warning',
  // statements carry what endpoints sent; who issued one gets its error anyway
  log_min_error_statement: 'panic',
};

const DATABASE = 'thong_suot';
const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 20;
/** Fast shutdown first; a server that is still there after this is told to leave without a checkpoint (WAL replay follows). */
const FAST_STOP_MS = 3_000;
const IMMEDIATE_STOP_MS = 5_000;
const BACKOFF_MS = { min: 250, max: 30_000 };
/** A server that lived this long has not failed to start: the back-off begins anew. */
const SETTLED_MS = 60_000;

/**
 * Supervises the PostgreSQL server of a data directory: first start, warm start, the leftovers of a crashed run, restart when
 * the server dies under us. It listens on loopback TCP only, with a random password, on a port that stays for the life of the
 * supervisor, so that connection pools find it again after a restart.
 */
export class EmbeddedPostgres {
  private readonly scheduler: Scheduler;
  private readonly database: string;
  private cluster?: PostgresCluster;
  private binaries = '';
  private port = 0;
  private child?: ChildProcess;
  private startedAtMs = 0;
  private backoffMs = BACKOFF_MS.min;
  private cancelRestart?: Cancel;
  private stopping?: Promise<void>;

  constructor(private readonly options: EmbeddedPostgresOptions) {
    this.scheduler = options.scheduler ?? systemScheduler;
    this.database = options.database ?? DATABASE;
  }

  /** Of the server in a folder that another living process supervises; undefined when none does. Holds the password. */
  static urlOfRunning(directory: string): string | undefined {
    const cluster = new PostgresCluster(prepareDirectory(directory, postgresAccount()), '', undefined);
    return cluster.supervisorPid() === undefined ? undefined : cluster.urlOf(cluster.lastPort(), DATABASE);
  }

  /** @throws when the server cannot be brought up, or was stopped meanwhile */
  async start(): Promise<void> {
    const account = postgresAccount();
    const directory = prepareDirectory(this.options.directory, account);
    this.binaries = await findPostgresBinaries(account);
    this.cluster = new PostgresCluster(directory, this.binaries, account);
    this.cluster.claim();
    try {
      await this.cluster.create();
      await this.stopOrphan();
      this.port = await this.cluster.choosePort();
      await this.launch();
      await this.createDatabase();
    } catch (error) {
      const cause = this.stopping ? new Error('the database was stopped while it started', { cause: error }) : error;
      await this.stop();
      throw cause;
    }
  }

  /** Holds the password: never to be logged. */
  get url(): string {
    return this.urlOf(this.database);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Open transactions are rolled back. Every call waits for the same end. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    this.cancelRestart?.();
    process.removeListener('exit', this.onOwnExit);
    await this.end(this.child?.pid);
    this.cluster?.release();
  }

  /** Asked on every start and restart: a daemon that was killed leaves its server behind. */
  private async stopOrphan(): Promise<void> {
    const orphan = this.cluster?.orphan();
    if (orphan === undefined) return;
    this.options.log('warn', `stopping the server (pid ${orphan}) that a crashed run left behind`);
    await this.end(orphan);
  }

  private async launch(): Promise<void> {
    if (this.stopping) throw new Error('the database was stopped while it started');
    const cluster = this.requireCluster();
    const settings = Object.entries({ ...SETTINGS, ...this.options.settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const child = spawn(join(this.binaries, 'bin/postgres'), ['-D', cluster.dataDir, '-p', String(this.port), ...settings], {
      ...postgresAccount(),
      cwd: '/',
      // a group of its own: Ctrl-C in a terminal reaches us alone, and we stop it in order
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: SERVER_ENVIRONMENT,
    });
    this.child = child;
    this.startedAtMs = this.scheduler.monotonicMs();
    this.relayLog(child);
    child.once('error', (error) => this.options.log('warn', `the server could not be started: ${error.message}`));
    child.once('exit', (code, signal) => this.onExit(child, signal ?? `code ${code}`));
    process.removeListener('exit', this.onOwnExit);
    process.once('exit', this.onOwnExit);
    await this.untilReady(child);
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const cluster = this.requireCluster();
    const untilMs = this.scheduler.monotonicMs() + READY_WITHIN_MS;
    while (!cluster.isReady(child.pid)) {
      if (!isAlive(child)) throw new Error('the database server ended while it started; its own words are in the log');
      if (this.stopping) throw new Error('the database was stopped while it started');
      if (this.scheduler.monotonicMs() > untilMs)
        throw new Error(`the database server was not ready within ${READY_WITHIN_MS} ms`);
      await this.pause(READY_POLL_MS);
    }
  }

  private onExit(child: ChildProcess, how: string): void {
    if (this.stopping || this.child !== child) return;
    this.child = undefined;
    if (this.scheduler.monotonicMs() - this.startedAtMs > SETTLED_MS) this.backoffMs = BACKOFF_MS.min;
    this.options.log('warn', `the database server ended by itself (${how}); it is started again in ${this.backoffMs} ms`);
    this.cancelRestart = this.scheduler.after(this.backoffMs, () => void this.restart());
    this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF_MS.max);
  }

  /** A failed attempt ends its process, whose exit plans the next attempt. */
  private async restart(): Promise<void> {
    try {
      await this.stopOrphan();
      await this.launch();
      this.options.log('info', `the database server is back (pid ${this.child?.pid})`);
    } catch (error) {
      if (this.stopping) return;
      this.options.log('warn', `the database server did not come back: ${(error as Error).message}`);
      await this.end(this.child?.pid);
    }
  }

  private async createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres'), connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined); // told by the query that fails
    await client.connect();
    try {
      const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [this.database]);
      if (!known.rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(this.database)}`);
    } finally {
      await client.end();
    }
  }

  /** SIGINT fast, SIGQUIT immediate (PostgreSQL manual, 18.5 "Shutting Down the Server"), at last SIGKILL. */
  private async end(pid: number | undefined): Promise<void> {
    const identity = pid === undefined ? undefined : processIdentity(pid);
    if (pid === undefined || identity === undefined) return;
    const isGone = () => processIdentity(pid) !== identity;
    for (const [signal, patienceMs] of [
      ['SIGINT', FAST_STOP_MS],
      ['SIGQUIT', IMMEDIATE_STOP_MS],
      ['SIGKILL', IMMEDIATE_STOP_MS],
    ] as const) {
      signalQuietly(pid, signal);
      const untilMs = this.scheduler.monotonicMs() + patienceMs;
      while (!isGone() && this.scheduler.monotonicMs() < untilMs) await this.pause(READY_POLL_MS);
      if (isGone()) return;
    }
    this.options.log('warn', `the database server (pid ${pid}) could not be stopped`);
  }

  /** The last line of defence for a process.exit() on another path: the server must not outlive us. */
  private readonly onOwnExit = (): void => {
    if (this.child?.pid !== undefined && isAlive(this.child)) signalQuietly(this.child.pid, 'SIGINT');
  };

  private relayLog(child: ChildProcess): void {
    let unfinished = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unfinished + text).split('\n');
      unfinished = (lines.pop() ?? '').slice(-8_192);
      for (const line of lines) if (line) this.options.log(/ LOG: /.test(line) ? 'info' : 'warn', line);
    });
  }

  private urlOf(database: string): string {
    return this.requireCluster().urlOf(this.port, database);
  }

  private requireCluster(): PostgresCluster {
    if (!this.cluster) throw new Error('the embedded database has not been started');
    return this.cluster;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.scheduler.after(ms, resolve));
  }
}

const isAlive = (child: ChildProcess): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // already gone
  }
}
