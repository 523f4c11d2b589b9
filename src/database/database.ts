import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { AppConfig } from '../config/app-config.js';
import { DatabaseHealth } from './database-health.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrate.js';
import { isMisconfiguration, withoutPassword } from './postgres-errors.js';

export interface DatabaseLog {
  info(line: string): void;
  warn(line: string): void;
}

const CONNECT_TIMEOUT_MS = 3_000;
const QUERY_TIMEOUT_MS = 20_000;
const RETRY_MS = { min: 500, max: 10_000 };

/** The server (embedded, or the one of DATABASE_URL), the pool to it, and whether it is there. */
export class Database {
  readonly pool: pg.Pool;
  readonly health: DatabaseHealth;
  private dataSource?: DataSource;
  private closing?: Promise<void>;

  private constructor(
    readonly url: string,
    readonly poolSize: number,
    private readonly log: DatabaseLog,
    private readonly embedded?: EmbeddedPostgres,
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // the server gives up first; the client's own limit covers a line that swallows everything
      statement_timeout: QUERY_TIMEOUT_MS - 5_000,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'thong-suot',
    });
    // an idle connection that breaks: the pool replaces it, and health tells; unheard it would end the process
    this.pool.on('error', () => undefined);
    this.health = new DatabaseHealth(url);
    this.health.onChange((up) =>
      up ? log.info('the database is there') : log.warn(`the database is away: ${this.health.lastError}`),
    );
  }

  /** @throws when the embedded server cannot start, or the configured one refuses us for good; waits for one that is away */
  static async open(config: Pick<AppConfig, 'dataDir' | 'databaseUrl' | 'database'>, log: DatabaseLog): Promise<Database> {
    const { poolSize } = config.database;
    const database = config.databaseUrl
      ? new Database(config.databaseUrl, poolSize, log)
      : await Database.embedded(join(config.dataDir, 'database'), poolSize, log);
    try {
      await database.untilThere();
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
    await Promise.race([this.pool.end(), new Promise((resolve) => setTimeout(resolve, CONNECT_TIMEOUT_MS).unref())]);
    await this.embedded?.stop();
  }

  private async untilThere(): Promise<void> {
    for (let waitMs = RETRY_MS.min; ; waitMs = Math.min(waitMs * 2, RETRY_MS.max)) {
      try {
        await this.pool.query('SELECT 1');
        return;
      } catch (error) {
        const message = withoutPassword((error as Error).message, this.url);
        if (isMisconfiguration(error))
          throw new Error(`DATABASE_URL: the server refuses us (${message}); correct the user, password or database name`, {
            cause: error,
          });
        this.log.warn(`the database is not there yet (${message}); the next attempt follows in ${waitMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}
