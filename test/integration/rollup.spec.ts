import pg from 'pg';
import { dayOf, ensurePartitions } from '../../src/database/partitions.js';
import { compactHour } from '../../src/results/compaction/compact-hour.js';
import type { ResultRow, StorableOutcome } from '../../src/results/outcome-row.js';
import { quantile } from '../../src/results/rollup/log-histogram.js';
import { dueStatement, makeDueRollups } from '../../src/results/rollup/rollup.js';
import { RollupService } from '../../src/results/rollup/rollup.service.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { RETENTION, storable } from '../fixtures/results.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 00:00 in Asia/Ho_Chi_Minh of a day that is over */
const dayStartMs = Math.floor((Date.now() + 7 * HOUR_MS) / DAY_MS) * DAY_MS - 7 * HOUR_MS - 2 * DAY_MS;

let database: TestDatabase;
let pool: pg.Pool;
let writer: ResultsWriter;

beforeAll(async () => {
  database = await startTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 6 });
  pool.on('error', () => undefined);
  await ensurePartitions(
    pool,
    [-1, 0, 1, 2].map((days) => dayOf(dayStartMs + days * DAY_MS)),
  );
  writer = new ResultsWriter(pool);
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});
beforeEach(() =>
  pool.query('TRUNCATE probe_result, probe_result_block, probe_result_detail, rollup_hour, rollup_day, rollup_due'),
);

const result = (afterMs: number, given: Partial<ResultRow> = {}): StorableOutcome =>
  storable(new Date(dayStartMs + afterMs), given);
const failure = (afterMs: number, reason: ResultRow['reason'] = 'no-answer'): StorableOutcome =>
  result(afterMs, { result: 'fail', reason, rtt_ms: null, loss_ratio: 1, jitter_ms: null });

async function rollUp(): Promise<{ hours: number; days: number }> {
  const client = await pool.connect();
  return makeDueRollups(client).finally(() => client.release());
}
interface Rollup {
  at: Date | string;
  total: number;
  passed: number;
  failed: number;
  rtt_count: number;
  rtt_sum_ms: number;
  rtt_min_ms: number;
  rtt_max_ms: number;
  rtt_bins: number[];
  rtt_counts: number[];
  loss_sum: number;
  reasons: Record<string, number>;
}
/** Somebody waits for a row lock. */
async function blocked(): Promise<void> {
  const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  while ((await pool.query(waits)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
const hours = async () =>
  (await pool.query<Rollup>('SELECT hour AS at, * FROM rollup_hour ORDER BY hour, endpoint_id, kind')).rows;
const days = async () =>
  (await pool.query<Rollup>('SELECT day::text AS at, * FROM rollup_day ORDER BY day, endpoint_id, kind')).rows;

describe(ResultsRepository.name, () => {
  it('tells the mean round trip of each endpoint and kind over whole hours, every result weighing the same', async () => {
    await writer.write([
      ...[result(-1, { rtt_ms: 900 }), result(2 * HOUR_MS, { rtt_ms: 900 })],
      ...[result(0), result(HOUR_MS, { rtt_ms: 40 }), result(HOUR_MS + 1, { rtt_ms: 40 }), failure(HOUR_MS + 2)],
      ...[result(5, { endpoint_id: '2-1', rtt_ms: 7 }), result(6, { endpoint_id: '2-1', kind: 'tcp', rtt_ms: 900 })],
      { ...failure(7), row: { ...failure(7).row, endpoint_id: '3-1' } },
    ]);
    await rollUp();
    const [from, to] = [new Date(dayStartMs), new Date(dayStartMs + 2 * HOUR_MS)];
    const means = await new ResultsRepository(pool).meanRoundTrips('icmp', from, to);
    expect(new Map(means.map(({ endpointId, rttMs }) => [endpointId, rttMs]))).toEqual(
      new Map([
        ['1-1', 30],
        ['2-1', 7],
      ]),
    );
  });
});

describe(makeDueRollups.name, () => {
  it('counts by the hour and adds up to the day of Asia/Ho_Chi_Minh', async () => {
    await writer.write([
      result(-1),
      result(0),
      result(60_000, { rtt_ms: 30 }),
      failure(120_000),
      failure(121_000, 'refused'),
      result(130_000, { result: 'inconclusive', reason: 'aborted', rtt_ms: null, loss_ratio: null, jitter_ms: null }),
      result(DAY_MS - 1, { rtt_ms: 50 }),
      result(DAY_MS),
    ]);
    expect(await rollUp()).toEqual({ hours: 4, days: 3 });
    const [, first] = await hours();
    expect(first).toMatchObject({ total: 5, passed: 2, failed: 2, rtt_count: 2, rtt_sum_ms: 40, rtt_min_ms: 10, rtt_max_ms: 30 });
    expect(first?.reasons).toEqual({ 'no-answer': 1, refused: 1, aborted: 1 });
    expect((await days()).map(({ at, total }) => [at, total])).toEqual(
      [-1, 0, 1].map((day, index) => [dayOf(dayStartMs + 7 * HOUR_MS + day * DAY_MS), [1, 6, 1][index]]),
    );
    expect((await days())[1]).toMatchObject({ passed: 3, failed: 2, rtt_sum_ms: 90, loss_sum: 2, reasons: first?.reasons });
  });

  it('has nothing to do twice, and makes anew only what something came for', async () => {
    await writer.write([result(0), result(5 * HOUR_MS)]);
    await rollUp();
    expect(await rollUp()).toEqual({ hours: 0, days: 0 });
    await writer.write([result(1000)]);
    expect(await rollUp()).toEqual({ hours: 1, days: 1 });
    expect((await hours()).map(({ total }) => total)).toEqual([2, 1]);
    expect((await days()).map(({ total }) => total)).toEqual([3]);
  });

  it('counts a packed hour, and a late result beside its block, as it counted the rows', async () => {
    await writer.write([result(0), result(1000), failure(2000)]);
    await rollUp();
    const before = await hours();
    const client = await pool.connect();
    await compactHour(client, new Date(dayStartMs)).finally(() => client.release());
    await pool.query(`INSERT INTO rollup_due VALUES ('hour', $1)`, [new Date(dayStartMs)]);
    await rollUp();
    expect(await hours()).toEqual(before);
    await writer.write([result(1000), result(3000)]);
    await rollUp();
    expect((await hours())[0]).toMatchObject({ total: 4, passed: 3 });
  });

  it('gives a p95 of a day from its hours that errs by less than 4 %', async () => {
    const rtts = Array.from({ length: 2_000 }, (_, i) => 5 + 300 * Math.abs(Math.sin(i * 12.9898)) ** 3);
    await writer.write(rtts.map((rtt_ms, i) => result(i * 43_000, { rtt_ms })));
    await rollUp();
    const [day] = await days();
    const read = quantile({ bins: day!.rtt_bins, counts: day!.rtt_counts }, 0.95) ?? NaN;
    const truth = rtts.sort((a, b) => a - b)[Math.ceil(0.95 * rtts.length) - 1] ?? NaN;
    expect(Math.abs(read - truth) / truth).toBeLessThan(0.04);
    expect(day?.rtt_count).toBe(2_000);
  });

  it('misses nothing while results are written and rollups are made at the same time', async () => {
    let writing = true;
    const rollups = (async () => {
      while (writing) await rollUp();
    })();
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 20 }, (_, i) => result(((batch * 20 + i) % 40) * 100_000 + batch, { endpoint_id: `${i % 3}-1` })),
    );
    await Promise.all(
      [0, 1, 2].map(async (lane) => {
        for (let i = lane; i < batches.length; i += 3) await writer.write(batches[i]!);
      }),
    );
    writing = false;
    await rollups;
    await rollUp();
    const sum = (rows: Rollup[]): number => rows.reduce((total, row) => total + row.total, 0);
    expect(sum(await hours())).toBe(1_200);
    expect(sum(await days())).toBe(1_200);
  });

  it('waits for a writer that has not committed yet instead of making the hour without it', async () => {
    await writer.write([result(0)]);
    const slow = await pool.connect();
    await slow.query('BEGIN');
    await slow.query(dueStatement([new Date(dayStartMs)]));
    await slow.query(`INSERT INTO probe_result (started_at, run_id, duration_ms, self_lag_ms, kind, result, reason, endpoint_id, vantage, target)
      SELECT started_at + interval '1 s', gen_random_uuid(), 1, 0, kind, result, reason, endpoint_id, vantage, target FROM probe_result`);
    const made = rollUp();
    await Promise.race([made, blocked()]);
    await slow.query('COMMIT');
    slow.release();
    await made;
    await rollUp();
    expect((await hours())[0]?.total).toBe(2);
  });
});

describe(RollupService.name, () => {
  it('lets go of hours and days past their keeping time', async () => {
    await writer.write([result(0), result(DAY_MS)]);
    const service = new RollupService(pool, {
      database: { ...RETENTION, hourlyRetentionDays: 10, dailyRetentionDays: 20 },
    });
    await service.rollUp();
    await service.forget(dayStartMs + 10.5 * DAY_MS);
    expect([(await hours()).length, (await days()).length]).toEqual([1, 2]);
    await service.forget(dayStartMs + 21 * DAY_MS);
    expect([(await hours()).length, (await days()).length]).toEqual([0, 1]);
  });
});
