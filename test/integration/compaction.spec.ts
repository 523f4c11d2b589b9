import pg from 'pg';
import fc from 'fast-check';
import { newRunId } from '../../src/common/ids.js';
import { dayOf, ensurePartitions } from '../../src/database/partitions.js';
import type { Outcome } from '../../src/probes/contract.js';
import { compactHour, hoursToCompact } from '../../src/results/compaction/compact-hour.js';
import { CompactionService } from '../../src/results/compaction/compaction.service.js';
import { toRow } from '../../src/results/outcome-row.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

const HOUR_MS = 3_600_000;
const hour = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS);

let database: TestDatabase;
let pool: pg.Pool;
let results: ResultsRepository;
let writer: ResultsWriter;

beforeAll(async () => {
  database = await startTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on('error', () => undefined);
  results = new ResultsRepository(pool);
  writer = new ResultsWriter(pool);
  // a spec writes a moment before the hour too, which at 05:00 UTC is yesterday
  await ensurePartitions(
    pool,
    [-HOUR_MS, 0, HOUR_MS].map((byMs) => dayOf(hour.getTime() + byMs)),
  );
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});
beforeEach(() => pool.query('TRUNCATE probe_result, probe_result_block, probe_result_detail'));

const outcome = (atMs: number, given: Partial<Outcome> = {}): Outcome => ({
  runId: newRunId(),
  endpointId: '1-1',
  kind: 'icmp',
  vantage: 'province',
  target: '10.0.0.1',
  startedAt: new Date(hour.getTime() + atMs).toISOString(),
  durationMs: 400.5,
  result: 'pass',
  reason: 'ok',
  rttMs: 1.5,
  selfLagMs: 0.2,
  clock: 'kernel',
  ...given,
});
const lost = (atMs: number): Outcome =>
  outcome(atMs, { result: 'fail', reason: 'no-answer', measures: { lossRatio: 1 }, rttMs: undefined });
const call = (atMs: number): Outcome =>
  outcome(atMs, {
    kind: 'sip-call',
    signals: { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'poor', videoIn: 'absent' },
    mos: 4.25,
    detail: { audioCodec: 'PCMA' },
  });

async function insert(outcomes: Outcome[]): Promise<void> {
  const batch = outcomes.map((one) => {
    const row = toRow(one);
    if (!row.ok) throw new Error(row.error);
    return row.value;
  });
  expect(await writer.write(batch)).toEqual([]);
}
const compact = async (of = hour): Promise<number> => {
  const client = await pool.connect();
  try {
    return await compactHour(client, of);
  } finally {
    client.release();
  }
};
const every = async () =>
  (await results.list('1-1', { from: hour, to: new Date(hour.getTime() + HOUR_MS), limit: 100_000 })).items;
const rows = async (table: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

describe(compactHour.name, () => {
  it('gives back every result as it was, in far fewer rows; only the run of a passed ping is forgotten', async () => {
    const pings = Array.from({ length: 120 }, (_, i) => outcome(i * 30_000 + 17, { rttMs: i / 2 }));
    const others = [lost(1), lost(HOUR_MS - 1), call(5), call(900_000)];
    await insert([...pings, ...others, outcome(HOUR_MS), outcome(-1)]);
    const before = await every();
    expect(before).toHaveLength(124);
    await compact();
    expect(await every()).toEqual(
      before.map(({ runId, ...one }) => (one.kind === 'icmp' && one.result === 'pass' ? one : { runId, ...one })),
    );
    expect(await rows('probe_result_block')).toBe(3);
    expect(await rows('probe_result')).toBe(2);
  });

  it('finds a call and a failure by their run as before', async () => {
    const kept = [call(5), lost(40_000)];
    await insert([...kept, outcome(1)]);
    const before = await Promise.all(kept.map(({ runId }) => results.byRunId(runId)));
    await compact();
    expect(await Promise.all(kept.map(({ runId }) => results.byRunId(runId)))).toEqual(before);
  });

  it('merges what comes late and absorbs what was there', async () => {
    const first = [outcome(1000), outcome(31_000), lost(61_000), call(5)];
    await insert(first);
    await compact();
    await insert([...first, outcome(91_000)]);
    await compact();
    expect((await every()).map(({ startedAt }) => Date.parse(startedAt) - hour.getTime())).toEqual([
      91_000, 61_000, 31_000, 1000, 5,
    ]);
    await compact();
    expect(await every()).toHaveLength(5);
  });

  it('keeps apart two failures of one millisecond that are two runs', async () => {
    await insert([lost(7), lost(7)]);
    await compact();
    expect(await every()).toHaveLength(2);
  });

  it('comes to the same whatever was packed when, and whatever was told twice', async () => {
    const one = fc.record({ at: fc.integer({ min: 0, max: 300 }), what: fc.constantFrom('ping', 'lost', 'call') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(one, fc.boolean()), { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        async (steps, picks) => {
          await pool.query('TRUNCATE probe_result, probe_result_block, probe_result_detail');
          const told = new Map<string, Outcome>();
          for (const [{ at, what }, packNow] of steps) {
            const key = `${what}-${at}`;
            const made = told.get(key) ?? { ping: outcome, lost, call }[what as 'ping'](at);
            told.set(key, made);
            const again = [...told.values()][(picks.next().value ?? 0) % told.size]!;
            await insert([made, again]);
            if (packNow) await compact();
          }
          await compact();
          const kept = (await every()).map(({ startedAt, kind, result }) => `${startedAt} ${kind} ${result}`).sort();
          expect(kept).toEqual([...told.values()].map(({ startedAt, kind, result }) => `${startedAt} ${kind} ${result}`).sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe(CompactionService.name, () => {
  it('packs the hours that are over and leaves the last one as rows', async () => {
    const service = new CompactionService(pool);
    const nowMs = hour.getTime() + 2 * HOUR_MS + 1;
    await insert([outcome(1), outcome(HOUR_MS - 1), outcome(HOUR_MS)]);
    await service.compact(nowMs);
    expect(await rows('probe_result')).toBe(1);
    expect(await every()).toHaveLength(2);
    const client = await pool.connect();
    expect(await hoursToCompact(client, new Date(nowMs))).toEqual([new Date(hour.getTime() + HOUR_MS)]);
    client.release();
  });
});
