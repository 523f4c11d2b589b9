import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { Database } from '../../src/database/database.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate, MIGRATIONS } from '../../src/database/migrate.js';
import { dropPartitionsBefore, ensurePartitions, partitionDays } from '../../src/database/partitions.js';
import { PostgresCluster } from '../../src/database/postgres-cluster.js';
import { processIdentity } from '../../src/database/process-identity.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

const isAlive = (pid: number | undefined): boolean => pid !== undefined && processIdentity(pid) !== undefined;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never came about: ${what}`);
}

async function ask<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

describe(EmbeddedPostgres.name, () => {
  let directory: string;
  const started: EmbeddedPostgres[] = [];
  let log: string[];

  const supervisor = (): EmbeddedPostgres => {
    const postgres = new EmbeddedPostgres({
      directory,
      log: (_level, line) => log.push(line),
      settings: { fsync: 'off' },
    });
    started.push(postgres);
    return postgres;
  };

  beforeEach(async () => {
    log = [];
    directory = await mkdtemp(join(tmpdir(), 'thong-suot-pg-'));
  });

  afterEach(async () => {
    for (const postgres of started.splice(0)) await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('makes a cluster on the first start and finds its data and port again on the next', async () => {
    const first = supervisor();
    await first.start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS value');
    const { pid, url } = first;
    await Promise.all([first.stop(), first.stop()]);
    expect(isAlive(pid)).toBe(false);

    const second = supervisor();
    await second.start();
    expect(second.url).toBe(url);
    expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  it('listens on loopback with a password that no log line holds', async () => {
    const postgres = supervisor();
    await postgres.start();
    const { hostname, password } = new URL(postgres.url);
    expect(hostname).toBe('127.0.0.1');
    expect(password.length).toBeGreaterThan(20);
    const wrong = postgres.url.replace(password, 'guessed');
    await expect(ask(wrong, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(log.join('\n')).not.toContain(password);
  });

  it('brings the server back when it dies, on the same port, with what was committed', async () => {
    const postgres = supervisor();
    await postgres.start();
    const { url, pid } = postgres;
    await ask(url, 'CREATE TABLE kept AS SELECT 7 AS value');
    process.kill(pid ?? 0, 'SIGKILL');
    await until('a new server', () => postgres.pid !== undefined && postgres.pid !== pid);
    await until('an answer', () =>
      ask(url, 'SELECT value FROM kept').then(
        (rows) => rows.length === 1,
        () => false,
      ),
    );
    expect(postgres.url).toBe(url);
  });

  it('stops the server that a killed daemon left behind, and takes its place', async () => {
    const daemon = spawnSupervisor(directory);
    const orphan = await daemon.serverPid;
    daemon.process.kill('SIGKILL');
    await once(daemon.process, 'exit');
    expect(isAlive(orphan)).toBe(true);

    const postgres = supervisor();
    await postgres.start();
    expect(isAlive(orphan)).toBe(false);
    expect(postgres.pid).not.toBe(orphan);
    expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves the database alone that another living daemon supervises', async () => {
    const daemon = spawnSupervisor(directory);
    const server = await daemon.serverPid;
    await expect(supervisor().start()).rejects.toThrow(`in use by another running daemon (pid ${daemon.process.pid})`);
    expect(isAlive(server)).toBe(true);
    daemon.process.kill('SIGTERM');
    await once(daemon.process, 'exit');
    await until('the end of the server', () => !isAlive(server));
  });

  it('does not touch the process that has by now the number of a dead server', async () => {
    const first = supervisor();
    await first.start();
    await first.stop();
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pidFile = join(directory, 'pg', 'postmaster.pid');
    await writeFile(pidFile, `${bystander.pid}\n${join(directory, 'pg')}\n0\n5432\n\n127.0.0.1\n\nready\n`);
    const second = supervisor();
    await second.start();
    expect(isAlive(bystander.pid)).toBe(true);
    expect(Number((await readFile(pidFile, 'utf8')).split('\n')[0])).toBe(second.pid);
    bystander.kill('SIGKILL');
    await once(bystander, 'exit');
  });

  it('begins anew when the first start was cut off in the middle', async () => {
    const first = supervisor();
    await first.start();
    await first.stop();
    await rm(join(directory, 'pg', 'PG_VERSION'));
    const second = supervisor();
    await second.start();
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('can be stopped while it starts, and leaves no server', async () => {
    const postgres = supervisor();
    const starting = postgres.start();
    const outcome = expect(starting).rejects.toThrow('the database was stopped while it started');
    await until('a server process', () => postgres.pid !== undefined);
    const { pid } = postgres;
    await postgres.stop();
    await outcome;
    expect(isAlive(pid)).toBe(false);
  });
});

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** A daemon in a process of its own, so that it can be killed without us. */
function spawnSupervisor(directory: string) {
  const command = ['--import', fixture('run-typescript.mjs'), fixture('supervisor-process.ts'), directory];
  const daemon = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const serverPid = once(daemon.stdout, 'data').then(([text]) => Number(String(text)));
  return { process: daemon, serverPid };
}

describe('migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await startTestDatabase({ empty: true });
  });
  afterAll(() => database.stop());

  it('are run once although two daemons start at the same time, and not again by a third', async () => {
    const [one, other] = await Promise.all([migrate(database.url), migrate(database.url)]);
    expect([...one, ...other]).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await migrate(database.url)).toEqual([]);
  });

  it('know every word of the contract', async () => {
    const { REASONS } = await import('../../src/common/reasons.js');
    const { PROBE_KINDS } = await import('../../src/probes/contract.js');
    const labels = async (type: string) =>
      (await ask<{ label: string }>(database.url, `SELECT unnest(enum_range(NULL::${type}))::text AS label`)).map(
        ({ label }) => label,
      );
    expect(new Set(await labels('probe_reason'))).toEqual(new Set(REASONS));
    expect(new Set(await labels('probe_kind'))).toEqual(new Set(PROBE_KINDS));
  });
});

describe('partitions', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    // end() does not wait for the sockets: one may still hear the server being stopped
    pool.on('error', () => undefined);
  });
  afterAll(async () => {
    await pool.end();
    await database.stop();
  });

  it('are made once, by whoever comes first, and dropped by age in both tables', async () => {
    const days = ['2026-11-21', '2026-11-22', '2026-11-23'];
    await Promise.all([ensurePartitions(pool, days), ensurePartitions(pool, days), ensurePartitions(pool, days)]);
    expect(await partitionDays(pool, 'probe_result')).toEqual(days);
    expect(await partitionDays(pool, 'probe_result_detail')).toEqual(days);

    expect(await dropPartitionsBefore(pool, '2026-11-23')).toEqual(['2026-11-21', '2026-11-22']);
    expect(await partitionDays(pool, 'probe_result')).toEqual(['2026-11-23']);
    expect(await partitionDays(pool, 'probe_result_detail')).toEqual(['2026-11-23']);
  });

  it('begin and end at midnight UTC wherever the session is', async () => {
    const abroad = new pg.Pool({ connectionString: database.url, options: '-c TimeZone=Asia/Ho_Chi_Minh' });
    abroad.on('error', () => undefined);
    await ensurePartitions(abroad, ['2026-12-01']);
    await abroad.end();
    const [bounds] = await ask<{ text: string }>(
      database.url,
      `SELECT pg_get_expr(relpartbound, oid) AS text FROM pg_class WHERE relname = 'probe_result_20261201'
       AND set_config('TimeZone', 'UTC', false) = 'UTC'`,
    );
    expect(bounds?.text).toBe("FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00')");
  });
});

describe(Database.name, () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await startTestDatabase({ empty: true });
  });
  afterAll(() => database.stop());

  const config = (databaseUrl: string) => ({
    dataDir: '/nonexistent',
    databaseUrl,
    database: { poolSize: 3, rawRetentionDays: 90, hourlyRetentionDays: 730, dailyRetentionDays: 3650, partitionsAheadDays: 3 },
  });

  it('uses the server of DATABASE_URL, brings its schema up to date, and leaves it running', async () => {
    const lines: string[] = [];
    const opened = await Database.open(config(database.url), {
      info: (line) => lines.push(line),
      warn: (line) => lines.push(line),
    });
    expect((await opened.pool.query('SELECT * FROM endpoint')).rows).toEqual([]);
    expect(opened.health.isUp()).toBe(true);
    await opened.close();
    await opened.close();
    expect(isAlive(database.pid)).toBe(true);
    expect(lines.join('\n')).not.toContain(new URL(database.url).password);
  });

  it('says at once that the password is wrong, without telling it', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'not-the-password';
    const opening = Database.open(config(wrong.href), { info: () => undefined, warn: () => undefined });
    await expect(opening).rejects.toThrow(/DATABASE_URL: the server refuses us .*password authentication failed/);
    await expect(opening).rejects.not.toThrow(/not-the-password/);
  });
});

describe(DatabaseHealth.name, () => {
  it('tells when the server goes and when it is back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'thong-suot-health-'));
    const postgres = new EmbeddedPostgres({ directory, log: () => undefined, settings: { fsync: 'off' } });
    await postgres.start();
    const health = new DatabaseHealth(postgres.url, { checkEveryMs: 50 });
    const told: boolean[] = [];
    health.onChange((up) => told.push(up));
    try {
      await health.start();
      expect(health.isUp()).toBe(true);
      process.kill(postgres.pid ?? 0, 'SIGKILL');
      await until('news of the death', () => told.includes(false));
      expect(health.lastError).toMatch(/\w/);
      expect(health.lastError).not.toContain(new URL(postgres.url).password);
      await until('news of the return', () => told.at(-1) === true);
      expect(told).toEqual([true, false, true]);
    } finally {
      await health.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe(PostgresCluster.name, () => {
  it('gives another port when the last one is taken', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'thong-suot-port-'));
    const database = await startTestDatabase({ empty: true });
    try {
      const taken = new URL(database.url).port;
      await writeFile(join(directory, 'port'), taken);
      const port = await new PostgresCluster(directory, '', undefined).choosePort();
      expect(port).toBeGreaterThan(0);
      expect(String(port)).not.toBe(taken);
      expect(await readFile(join(directory, 'port'), 'utf8')).toBe(String(port));
    } finally {
      await database.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
