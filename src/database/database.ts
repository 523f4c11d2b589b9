import { join } from 'node:path';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Throttle } from '../common/throttle.js';
import type { AppConfig } from '../config/app-config.js';
import { openPool, SESSION_LIMITS } from './bounded-client.js';
import { CoreLock } from './core-lock.js';
import { DatabaseHealth } from './database-health.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';
import { causeInWords, isMisconfiguration, withoutPassword } from './postgres-errors.js';

export interface DatabaseLog {
  info(line: string): void;
  warn(line: string): void;
}

const RETRY_MS = { min: 500, max: 10_000 };

/** The server (embedded, or the one of DATABASE_URL), the pool to it, whether it is there, and whether it is ours to write into. */
export class Database {
  readonly pool: pg.Pool;
  readonly health: DatabaseHealth;
  readonly lock: CoreLock;
  private dataSource?: DataSource;
  private closing?: Promise<void>;
  private readonly warnings = new Throttle();

  private constructor(
    readonly url: string,
    readonly poolSize: number,
    private readonly log: DatabaseLog,
    private readonly embedded?: EmbeddedPostgres,
  ) {
    this.pool = openPool(url, poolSize);
    this.lock = new CoreLock(url, log);
    this.health = new DatabaseHealth(url);
    this.health.onChange((up) => this.tell(up));
  }

  /** @throws when the embedded server cannot start, or the configured one refuses us for good; waits for one that is away */
  static async open(config: Pick<AppConfig, 'dataDir' | 'databaseUrl' | 'database'>, log: DatabaseLog): Promise<Database> {
    const { poolSize } = config.database;
    const database = config.databaseUrl
      ? new Database(config.databaseUrl, poolSize, log)
      : await Database.embedded(join(config.dataDir, 'database'), poolSize, log);
    try {
      await database.untilThere();
      await database.lock.take();
      const migrated = await migrate(database.url);
      if (migrated.length) log.info(`the schema was brought up to date: ${migrated.join(', ')}`);
      await database.health.start();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  private static async embedded(directory: string, poolSize: number, log: DatabaseLog): Promise<Database> {
    const embedded = new EmbeddedPostgres({ directory, log: (level, line) => log[level](line) });
    await embedded.start();
    return new Database(embedded.url, poolSize, log, embedded);
  }

  /** Closed together with the pool, before the server goes. */
  adopt(dataSource: DataSource): void {
    this.dataSource = dataSource;
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await this.health.stop();
    if (this.dataSource?.isInitialized) await this.dataSource.destroy().catch(() => undefined);
    // a query on a cut line holds its connection: the server is stopped without waiting for that one for ever
    await Promise.race([this.pool.end(), new Promise((resolve) => setTimeout(resolve, SESSION_LIMITS.connectMs).unref())]);
    this.lock.stop();
    await this.embedded?.stop();
  }

  private tell(up: boolean): void {
    if (up) this.log.info('the database is there');
    else
      this.warnings.pass((heldBack) => {
        const times = heldBack ? `; so it was ${heldBack} times since the last warning` : '';
        this.log.warn(`the database is away: ${this.health.lastError}${times}`);
      });
  }

  private async untilThere(): Promise<void> {
    for (let waitMs = RETRY_MS.min; ; waitMs = Math.min(waitMs * 2, RETRY_MS.max)) {
      try {
        await this.pool.query('SELECT 1');
        return;
      } catch (error) {
        if (isMisconfiguration(error)) {
          const message = withoutPassword((error as Error).message, this.url);
          throw new Error(`DATABASE_URL: the server refuses us (${message}); correct the user, password or database name`, {
            cause: error,
          });
        }
        this.warnings.pass(() =>
          this.log.warn(`the database is not there yet, and is waited for: ${causeInWords(error, this.url)}`),
        );
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}
