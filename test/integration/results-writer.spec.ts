import fc from 'fast-check';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { dayOf, ensurePartitions } from '../../src/database/partitions.js';
import { compactHour } from '../../src/results/compaction/compact-hour.js';
import type { ResultRow, StorableOutcome } from '../../src/results/outcome-row.js';
import { encodeResults, RESULT_COLUMNS } from '../../src/results/writer/binary-copy.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { copyBatch } from '../../src/results/writer/write-batch.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { storable } from '../fixtures/results.js';

const HOUR_MS = 3_600_000;
const nowMs = Date.now();

let database: TestDatabase;
let pool: pg.Pool;
let writer: ResultsWriter;

beforeAll(async () => {
  database = await startTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on('error', () => undefined);
  await ensurePartitions(pool, [dayOf(nowMs - 5 * HOUR_MS), dayOf(nowMs)]);
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});
beforeEach(async () => {
  writer = new ResultsWriter(pool);
  await pool.query('TRUNCATE probe_result, probe_result_block, probe_result_detail');
});

const outcome = (agoMs: number, given: Partial<ResultRow> = {}): StorableOutcome => storable(new Date(nowMs - agoMs), given);
/** PostgreSQL prints a real with the fewest digits that tell it apart from other reals, not from other doubles. */
const inSingle = (row: ResultRow | undefined) =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, typeof value === 'number' ? Math.fround(value) : value]),
  );
const stored = async (): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM probe_results('-infinity', 'infinity')`)).rows[0]!.n;

describe(ResultsWriter.name, () => {
  it('copies what is new and merges what was told before', async () => {
    const batch = Array.from({ length: 50 }, (_, i) => outcome(i * 1000));
    await writer.write(batch);
    expect(writer.counts).toEqual({ stored: 50, absorbed: 0, copied: 1, merged: 0 });
    await writer.write([...batch.slice(40), outcome(60_000)]);
    expect(writer.counts).toEqual({ stored: 51, absorbed: 10, copied: 1, merged: 1 });
    expect(await stored()).toBe(51);
  });

  it('absorbs a copy whose first one lies packed in a block, and a copy that waits in the same batch', async () => {
    const hour = new Date(Math.floor((nowMs - 3 * HOUR_MS) / HOUR_MS) * HOUR_MS);
    const agoMs = nowMs - hour.getTime() - 90_000;
    const batch = [outcome(agoMs), outcome(agoMs - 1, { result: 'fail', reason: 'refused' })];
    await writer.write(batch);
    const client = await pool.connect();
    await compactHour(client, hour);
    client.release();
    const another = outcome(agoMs - 1, { result: 'fail', reason: 'refused' });
    await writer.write([...batch, another, another]);
    expect(writer.counts).toMatchObject({ stored: 3, absorbed: 3 });
    expect(await stored()).toBe(3);
  });

  it('refuses the one row that the database refuses, and stores its neighbours once', async () => {
    await pool.query(`ALTER TABLE probe_result ADD CONSTRAINT ck_test CHECK (target <> 'poison')`);
    try {
      const poison = outcome(3, { target: 'poison' });
      const refused = await writer.write([outcome(1), outcome(2), poison, outcome(4)]);
      expect(refused).toEqual([{ outcome: poison, reason: expect.stringContaining('ck_test') as string }]);
      expect(await stored()).toBe(3);
    } finally {
      await pool.query('ALTER TABLE probe_result DROP CONSTRAINT ck_test');
    }
  });

  it('leaves a session usable after a refused batch: the pool does not shrink', async () => {
    const batch = [outcome(1)];
    for (let i = 0; i < 8; i++) await writer.write(batch);
    expect(writer.counts).toMatchObject({ stored: 1, absorbed: 7 });
  });
});

describe(encodeResults.name, () => {
  it('says to PostgreSQL what the row says', async () => {
    const real = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(Math.fround);
    const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
    const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((value) => !value.includes('\0'));
    const row: fc.Arbitrary<Partial<ResultRow>> = fc.record({
      started_at: fc.integer({ min: 0, max: 50 * 60_000 }).map((agoMs) => new Date(nowMs - agoMs)),
      duration_ms: real,
      rtt_ms: maybe(real),
      loss_ratio: maybe(real),
      mos: maybe(real),
      signals: maybe(fc.integer({ min: 0, max: 255 })),
      kernel_clock: maybe(fc.boolean()),
      endpoint_id: maybe(text),
      target: text,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        await pool.query('TRUNCATE probe_result');
        const batch = rows.map((given) => outcome(0, given));
        const client = await pool.connect();
        await copyBatch(client, batch).finally(() => client.release());
        const { rows: read } = await pool.query<ResultRow>(`SELECT ${RESULT_COLUMNS} FROM probe_result`);
        const byRun = new Map(read.map((one) => [one.run_id, one]));
        for (const { row: written } of batch) expect(inSingle(byRun.get(written.run_id))).toEqual(inSingle(written));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a database that swallows everything', () => {
  it('is given up with an error, and the outcomes stay with their owner', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const silent = new pg.Pool({ host: '127.0.0.1', port, connectionTimeoutMillis: 300, max: 1 });
    await expect(new ResultsWriter(silent).write([outcome(1)])).rejects.toThrow(/timeout/i);
    await silent.end();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});
