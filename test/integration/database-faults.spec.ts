import pg from 'pg';
import { type Clock, systemClock } from '../../src/common/clock.js';
import { newRunId } from '../../src/common/ids.js';
import { openPool } from '../../src/database/bounded-client.js';
import { CoreLock, type CoreLockOptions, DatabaseInUseError, NotTheWriterError } from '../../src/database/core-lock.js';
import { partitionDays } from '../../src/database/partitions.js';
import { causeInWords } from '../../src/database/postgres-errors.js';
import type { Outcome } from '../../src/probes/contract.js';
import { CompactionService } from '../../src/results/compaction/compaction.service.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { ResultsService } from '../../src/results/results.service.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { DatabaseProxy } from '../fixtures/database-proxy.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

const HOUR_MS = 3_600_000;
const LIMITS = { connectMs: 1_000, statementMs: 1_500 };
const config = {
  database: { poolSize: 3, rawRetentionDays: 90, hourlyRetentionDays: 730, dailyRetentionDays: 3650, partitionsAheadDays: 3 },
};
const ours = { mustHold: () => undefined } as CoreLock;
const COMMIT = '\u000bCOMMIT\u0000';
const COPY_DATA = 'PGCOPY\n';

let database: TestDatabase;
let proxy: DatabaseProxy;
let direct: pg.Pool;
const pools: pg.Pool[] = [];

const pool = (url: string, limits = LIMITS): pg.Pool => {
  const opened = openPool(url, 3, limits);
  pools.push(opened);
  return opened;
};
/** A core's store, reduced to what writes. */
function storeOver(through: pg.Pool, clock: Clock = systemClock) {
  const writer = new ResultsWriter(through);
  const service = new ResultsService(new ResultsRepository(through), writer, ours, config, clock);
  return { service, writer, store: (outcomes: Outcome[]) => service.store(outcomes) };
}

beforeAll(async () => {
  database = await startTestDatabase({ settings: { max_connections: '24', superuser_reserved_connections: '0' } });
  proxy = await DatabaseProxy.start(database.url);
  direct = pool(database.url);
});
afterAll(async () => {
  await proxy.stop();
  await Promise.all(pools.map((one) => one.end()));
  await database.stop();
});
beforeEach(() =>
  direct.query('TRUNCATE probe_result, probe_result_block, probe_result_detail, probe_result_rejected, packed_hour, rollup_due'),
);
afterEach(() => proxy.heal());

const ping = (given: Partial<Outcome> = {}): Outcome => ({
  runId: newRunId(),
  endpointId: '1-1',
  kind: 'icmp',
  vantage: 'province',
  target: '10.0.0.1',
  startedAt: new Date().toISOString(),
  durationMs: 400.5,
  result: 'pass',
  reason: 'ok',
  rttMs: 1.5,
  selfLagMs: 0.25,
  ...given,
});
/** With a detail, so that it is written in a transaction of several statements. */
const failure = (): Outcome => ping({ result: 'fail', reason: 'no-answer', rttMs: undefined, measures: { lossRatio: 1 } });
const times = (count: number, make: () => Outcome = ping): Outcome[] => Array.from({ length: count }, make);
const stored = async (): Promise<{ rows: number; runs: number }> =>
  (
    await direct.query<{ rows: number; runs: number }>(
      'SELECT count(*)::int AS rows, count(DISTINCT run_id)::int AS runs FROM probe_result',
    )
  ).rows[0]!;

interface Fault {
  what: string;
  make: () => unknown;
  /** in the words of the warning */
  cause: RegExp;
  mend?: () => unknown;
  outcome?: () => Outcome;
  /** outcomes that were committed although the store failed */
  committed?: number;
}

const setReadOnly = (how: 'on' | 'off') =>
  direct.query(
    `BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${how}', current_database()); END $$; COMMIT`,
  );
const guests: pg.Client[] = [];
/** Breaks what stands, so that everybody has to connect anew, and lets the pools hear of it. */
async function cutAll(): Promise<void> {
  proxy.cutAll();
  await new Promise((resolve) => setTimeout(resolve, 50));
}
async function eatConnections(): Promise<void> {
  await cutAll();
  for (;;) {
    const guest = new pg.Client({ connectionString: database.url });
    guest.on('error', () => undefined);
    try {
      await guest.connect();
    } catch {
      return;
    }
    guests.push(guest);
  }
}

const FAULTS: Fault[] = [
  { what: 'refuses connections', make: () => proxy.refuse().then(cutAll), cause: /nothing listens there/ },
  { what: 'swallows everything', make: () => proxy.swallow(), cause: /did not answer|does not answer|are busy/ },
  {
    what: 'swallows everything from the middle of a COPY on',
    make: () => proxy.trap({ text: COPY_DATA, then: 'swallow', times: 1 }),
    cause: /did not answer a statement in time/,
  },
  {
    what: 'swallows the COMMIT',
    make: () => proxy.trap({ text: COMMIT, then: 'swallow', times: 1 }),
    cause: /did not answer a statement in time/,
    outcome: failure,
  },
  {
    what: 'commits, and the answer is lost',
    make: () => proxy.trap({ text: COMMIT, then: 'cut', times: 1 }),
    cause: /the connection broke/,
    outcome: failure,
    committed: 20,
  },
  {
    what: 'commits a batch of one message, and the answer is lost',
    make: () => proxy.trap({ text: COPY_DATA, then: 'cut', times: 1 }),
    cause: /the connection broke/,
    committed: 20,
  },
  {
    what: 'takes too long over every statement',
    make: () => (proxy.delayMs = 2 * LIMITS.statementMs),
    cause: /did not answer a statement in time/,
  },
  {
    what: 'has no connection left',
    make: eatConnections,
    cause: /no connection left|are busy/,
    mend: () => Promise.all(guests.splice(0).map((guest) => guest.end())),
  },
  {
    what: 'became read-only',
    make: () => setReadOnly('on').then(cutAll),
    cause: /it is read-only/,
    mend: () => setReadOnly('off'),
  },
];

describe('a database that', () => {
  it.each(FAULTS)('$what: the outcomes stay with the prober, and are stored once when it is mended', async (fault) => {
    const { store, writer } = storeOver(pool(proxy.url));
    await store(times(5));
    const outcomes = times(20, fault.outcome);
    try {
      await fault.make();
      const error: unknown = await store(outcomes).then(
        () => 'it was stored',
        (failed: unknown) => failed,
      );
      expect(causeInWords(error)).toMatch(fault.cause);
    } finally {
      await fault.mend?.();
      await proxy.heal();
    }
    await storeAtLast(store, outcomes);
    expect(await stored()).toEqual({ rows: 25, runs: 25 });
    expect(writer.counts.absorbed).toBe(fault.committed ?? 0);
  });

  it('is slow, yet answers each statement in time, is waited for', async () => {
    const { store } = storeOver(pool(proxy.url));
    await store(times(1));
    proxy.delayMs = LIMITS.statementMs / 3;
    await store([...times(10), ...times(10, failure)]);
    expect(await stored()).toEqual({ rows: 21, runs: 21 });
  });

  it('was left in the middle of a transaction lets go of its locks for the next writer', async () => {
    const cut = storeOver(pool(proxy.url));
    proxy.trap({ text: COMMIT, then: 'swallow', times: 1 });
    await expect(cut.store(times(1, failure))).rejects.toThrow();
    // the line stays dead: only the server can end the session that holds the entry of this hour
    const next = storeOver(pool(database.url, { connectMs: 1_000, statementMs: 10_000 }));
    await next.store(times(1, failure));
    expect(await stored()).toEqual({ rows: 1, runs: 1 });
  });

  it('kills a session that is checked out and has nothing to do is no reason to crash', async () => {
    const through = pool(proxy.url);
    const client = await through.connect();
    proxy.cutAll();
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    expect((await through.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

/** As the prober does: it offers again until it is told. */
async function storeAtLast(store: (outcomes: Outcome[]) => Promise<void>, outcomes: Outcome[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await store(outcomes);
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('poison among thousands', () => {
  it('is set aside with its reason and costs its neighbours little', async () => {
    await direct.query(`ALTER TABLE probe_result ADD CONSTRAINT ck_poison CHECK (target <> 'poison')`);
    try {
      const { store, service } = storeOver(pool(database.url, { connectMs: 5_000, statementMs: 20_000 }));
      const offers = Array.from({ length: 25 }, () => times(200));
      for (const index of [3, 11, 17]) offers[index]![index] = ping({ target: 'poison' });
      const startMs = performance.now();
      await Promise.all(offers.map(store));
      process.stdout.write(`5,000 rows with 3 poison: ${Math.round(performance.now() - startMs)} ms\n`);
      expect(await stored()).toEqual({ rows: 4_997, runs: 4_997 });
      const { rows } = await direct.query<{ reason: string }>('SELECT reason FROM probe_result_rejected');
      expect(rows.map(({ reason }) => reason)).toEqual(Array(3).fill(expect.stringContaining('ck_poison')));
      expect(service.counts()).toMatchObject({ stored: 4_997, setAside: 3, waiting: 0 });
    } finally {
      await direct.query('ALTER TABLE probe_result DROP CONSTRAINT ck_poison');
    }
  });

  it('that cannot even be set aside does not hold up the others', async () => {
    await direct.query(`ALTER TABLE probe_result_rejected ADD CONSTRAINT ck_none CHECK (false)`);
    try {
      const { store } = storeOver(direct);
      await store([ping(), { ...ping(), kind: 'telepathy' } as unknown as Outcome]);
      expect(await stored()).toEqual({ rows: 1, runs: 1 });
    } finally {
      await direct.query('ALTER TABLE probe_result_rejected DROP CONSTRAINT ck_none');
    }
  });
});

describe('a wall clock that steps', () => {
  it('+1 h and then -2 h loses no outcome and doubles none, whatever is offered again', async () => {
    let stepMs = 0;
    const clock: Clock = { wallMs: () => Date.now() + stepMs, monotonicMs: () => performance.now() };
    const { store, writer } = storeOver(direct, clock);
    const compaction = new CompactionService(direct);
    const now = (): Outcome => ping({ startedAt: new Date(clock.wallMs()).toISOString() });
    const lastHour = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 10 * 60_000).toISOString();
    const outcomes = [...times(50, () => ping({ startedAt: lastHour, endpointId: newRunId() })), ...times(10, now)];
    await store(outcomes);
    for (const stepToMs of [HOUR_MS, -HOUR_MS]) {
      stepMs = stepToMs;
      // packs the last hour while the clock is ahead; the acknowledgements were lost, so that all are offered again
      await compaction.compact(clock.wallMs());
      outcomes.push(...times(10, now));
      // alone first: together with rows that are still rows, these would make the whole batch look twice
      await store(outcomes.slice(0, 50));
      await store(outcomes);
    }
    const tomorrow = ping({ startedAt: new Date(Date.now() + 22 * HOUR_MS).toISOString() });
    await store([tomorrow]);
    const { rows } = await direct.query<{ n: number; shortest: number }>(
      `SELECT count(*)::int AS n, min(duration_ms) AS shortest FROM probe_results('-infinity', 'infinity')`,
    );
    process.stdout.write(
      `clock +1 h, -2 h: ${outcomes.length + 1} produced, ${rows[0]?.n} stored, ${writer.counts.absorbed} absorbed\n`,
    );
    expect(rows[0]?.n).toBe(outcomes.length + 1);
    expect(rows[0]?.shortest).toBeGreaterThan(0);
    expect(writer.counts.absorbed).toBe(50 + 60 + 50 + 70);
    expect((await direct.query('SELECT FROM packed_hour')).rowCount).toBeGreaterThan(0);
    expect(await partitionDays(direct, 'probe_result')).toContain(tomorrow.startedAt.slice(0, 10));
    expect((await direct.query('SELECT FROM probe_result_rejected')).rowCount).toBe(0);
  });
});

describe(CoreLock.name, () => {
  const locks: CoreLock[] = [];
  const warnings: string[] = [];
  const lockOver = (url: string, given: Partial<CoreLockOptions> = {}): CoreLock => {
    const lock = new CoreLock(url, {
      warn: (line) => warnings.push(line),
      info: () => undefined,
      patienceMs: 0,
      checkEveryMs: 100,
      ...given,
    });
    locks.push(lock);
    return lock;
  };
  afterEach(() => {
    for (const lock of locks.splice(0)) lock.stop();
    warnings.length = 0;
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('is held by one; the other is told by whom, and gets it when that one has gone', async () => {
    const first = lockOver(database.url);
    await first.take();
    const refused = lockOver(database.url).take();
    await expect(refused).rejects.toBeInstanceOf(DatabaseInUseError);
    await expect(refused).rejects.toThrow(
      new RegExp(`thong-suot core .*:${process.pid}, from 127\\.0\\.0\\.1.*, session \\d+, since 2`),
    );
    const heir = lockOver(database.url, { patienceMs: 15_000 });
    const taken = heir.take();
    first.stop();
    await taken;
    expect(() => heir.mustHold()).not.toThrow();
    expect(() => first.mustHold()).toThrow(NotTheWriterError);
  });

  it('is taken again after its connection broke', async () => {
    const lock = lockOver(proxy.url);
    await lock.take();
    const changes: boolean[] = [];
    lock.onChange(() => changes.push(lock.isHeld));
    proxy.cutAll();
    await until(() => changes.length === 2);
    expect(changes).toEqual([false, true]);
  });

  it('stops the writing of a core that lost it to another, until that one ends, and says so once', async () => {
    const lock = lockOver(proxy.url);
    await lock.take();
    await proxy.refuse();
    await until(() => !lock.isHeld);
    const other = lockOver(database.url, { patienceMs: 15_000 });
    await other.take();
    await proxy.heal();
    const reason = (): string => {
      try {
        lock.mustHold();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    await until(() => reason().includes('another core writes'));
    other.stop();
    await until(() => lock.isHeld);
    expect(warnings).toHaveLength(1);
  });
});
