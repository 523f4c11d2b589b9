import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import request from 'supertest';
import { newRunId } from '../../src/common/ids.js';
import { CoreLock } from '../../src/database/core-lock.js';
import { PartitionKeeper } from '../../src/database/partition-keeper.js';
import { dayOf, partitionDays } from '../../src/database/partitions.js';
import { PG_POOL } from '../../src/database/tokens.js';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import type { Outcome } from '../../src/probes/contract.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { ResultsService } from '../../src/results/results.service.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { RETENTION, startResultsApp } from '../fixtures/results.js';

const DAY_MS = 86_400_000;
const nowMs = Date.now();
const at = (offsetMs: number): string => new Date(nowMs + offsetMs).toISOString();

let database: TestDatabase;
let app: INestApplication;
let pool: pg.Pool;
let results: ResultsService;

beforeAll(async () => {
  database = await startTestDatabase();
  app = await startResultsApp(database.url);
  pool = app.get<pg.Pool>(PG_POOL);
  results = app.get(ResultsService);
  await app
    .get(InventoryService)
    .import(Buffer.from('site_code,site_name,tier,address\n1,Một,commune,10.0.0.1\n2,Hai,ward,10.0.0.2\n'), { dryRun: false });
});
afterAll(async () => {
  await app.close();
  await database.stop();
});
beforeEach(() => pool.query('TRUNCATE probe_result, probe_result_detail, probe_result_rejected'));

const ping = (given: Partial<Outcome> = {}): Outcome => ({
  runId: newRunId(),
  endpointId: '1-1',
  kind: 'icmp',
  vantage: 'province',
  target: '10.0.0.1',
  startedAt: at(-60_000),
  durationMs: 420,
  result: 'pass',
  reason: 'ok',
  rttMs: 1.5,
  measures: { lossRatio: 0, rttMs: { median: 1.5 } },
  selfLagMs: 0.2,
  ...given,
});
const call = (given: Partial<Outcome> = {}): Outcome => ({
  ...ping({ measures: undefined }),
  kind: 'sip-call',
  target: 'sip:1@10.0.0.1',
  signals: { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'unknown', videoIn: 'absent' },
  media: { audioIn: { packets: 300, lossRatio: 0.5 } },
  detail: { codec: 'PCMA' },
  evidence: { ladder: ['INVITE', '200 OK'] },
  ...given,
});

const count = async (table: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
const rejected = async () =>
  (await pool.query<{ reason: string; outcome: string }>('SELECT reason, outcome FROM probe_result_rejected')).rows;

describe(ResultsService.name, () => {
  it('stores an outcome once however often it is told', async () => {
    const outcome = call();
    await results.store([outcome, outcome]);
    await Promise.all([results.store([outcome]), results.store([ping(), outcome])]);
    expect(await count('probe_result')).toBe(2);
    expect(await count('probe_result_detail')).toBe(1);
    expect(await results.byRunId(outcome.runId)).toEqual(outcome);
  });

  it('makes the day of an outcome that comes late, and finds it there', async () => {
    const late = ping({ startedAt: at(-20 * DAY_MS) });
    await results.store([late]);
    expect(await partitionDays(pool, 'probe_result')).toContain(dayOf(nowMs - 20 * DAY_MS));
    expect(await results.byRunId(late.runId)).toEqual(late);
  });

  it('sets poison aside with its reason and stores the rest of the batch', async () => {
    const good = Array.from({ length: 40 }, () => ping());
    const poison = { ...ping(), reason: 'sunspots' } as unknown as Outcome;
    const ancient = ping({ startedAt: '1999-12-31T23:00:00.000Z' });
    const future = ping({ startedAt: at(40 * DAY_MS) });
    await results.store([...good.slice(0, 20), poison, ancient, future, ...good.slice(20)]);
    await results.store([poison]);
    expect(await count('probe_result')).toBe(40);
    const reasons = (await rejected()).map(({ reason }) => reason);
    expect(reasons).toHaveLength(3);
    expect(reasons.join('\n')).toMatch(/reason: [^]*older than 30 days[^]*in the future/);
    expect((await rejected())[0]?.outcome).toContain(poison.runId);
  });

  it('finds the one row that only the database refuses', async () => {
    await pool.query(`ALTER TABLE probe_result ADD CONSTRAINT ck_test CHECK (target <> 'poison')`);
    try {
      const good = Array.from({ length: 9 }, () => call());
      await results.store([...good.slice(0, 5), call({ target: 'poison' }), ...good.slice(5)]);
      expect(await count('probe_result')).toBe(9);
      expect(await count('probe_result_detail')).toBe(9);
      expect(await rejected()).toMatchObject([{ reason: expect.stringContaining('ck_test') as string }]);
    } finally {
      await pool.query('ALTER TABLE probe_result DROP CONSTRAINT ck_test');
    }
  });

  it('stores what a hostile peer said', async () => {
    const hostile = call({ evidence: { ladder: ['SIP/2.0 200 \0\ud800 "\\u0000"'] } });
    await results.store([hostile]);
    expect((await results.byRunId(hostile.runId))?.evidence).toEqual({ ladder: ['SIP/2.0 200 \ufffd\ufffd "\\u0000"'] });
  });

  it('rejects when the database cannot take anything, so that the prober keeps its outcomes', async () => {
    const outcome = ping();
    await pool.query('ALTER TABLE probe_result RENAME TO probe_result_away');
    try {
      await expect(results.store([outcome])).rejects.toThrow(/probe_result/);
      expect(await rejected()).toEqual([]);
    } finally {
      await pool.query('ALTER TABLE probe_result_away RENAME TO probe_result');
    }
    await results.store([outcome]);
    expect(await count('probe_result')).toBe(1);
  });

  it('rejects when the server is gone', async () => {
    const gone = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 });
    const service = new ResultsService(new ResultsRepository(gone), new ResultsWriter(gone), app.get(CoreLock), {
      database: RETENTION,
    });
    await expect(service.store([ping()])).rejects.toThrow(/ECONNREFUSED/);
    await gone.end();
  });

  it('remembers for the live state the last outcome of each kind and reason, oldest first', async () => {
    const [old, telling, aborted] = [
      call({ startedAt: at(-50_000), rttMs: 5 }),
      call({ startedAt: at(-40_000), rttMs: 6 }),
      call({ startedAt: at(-30_000), result: 'inconclusive', reason: 'aborted' }),
    ];
    const other = ping({ endpointId: '2-1', startedAt: at(-45_000) });
    const tooOld = ping({ startedAt: at(-3 * 3_600_000) });
    await results.store([old, telling, aborted, other, tooOld, ping({ endpointId: null })]);
    expect(await results.latestPerKind(new Date(nowMs - 3_600_000))).toEqual([other, telling, aborted]);
    const calls = await results.ofKind('sip-call', new Date(nowMs - 3_600_000), new Date(nowMs - 35_000));
    expect(calls.map(({ startedAt, reason }) => [startedAt, reason])).toEqual(
      [old, telling].map((one) => [one.startedAt, one.reason]),
    );
  });

  it('has no check of an unknown or impossible id', async () => {
    expect(await results.byRunId(newRunId())).toBeUndefined();
    expect(await results.byRunId("' OR 1=1")).toBeUndefined();
  });
});

describe(PartitionKeeper.name, () => {
  it('keeps the days ahead ready and drops days past their time, rejected outcomes too', async () => {
    await results.store([ping({ startedAt: at(-29 * DAY_MS) })]);
    await pool.query(`INSERT INTO probe_result_rejected (fingerprint, reason, outcome) VALUES ('\\x00', 'test', '{}')`);
    const days = await partitionDays(pool, 'probe_result');
    expect(days).toEqual(expect.arrayContaining([dayOf(nowMs), dayOf(nowMs + 2 * DAY_MS)]));

    const laterMs = nowMs + 31 * DAY_MS;
    await app.get(PartitionKeeper).keep(laterMs);
    const kept = await partitionDays(pool, 'probe_result_detail');
    expect(kept[0]! >= dayOf(nowMs + DAY_MS)).toBe(true);
    expect(kept).toContain(dayOf(laterMs));
    expect(await rejected()).toEqual([]);
    await app.get(PartitionKeeper).keep(nowMs);
  });
});

describe('GET /endpoints/:id/results', () => {
  const get = (path: string) => request(app.getHttpServer()).get(path);

  it('gives the newest first, filtered and bounded, with the total', async () => {
    const outcomes = [1, 2, 3, 4].map((minute) => ping({ startedAt: at(-minute * 60_000) }));
    const failed = call({ startedAt: at(-90_000), result: 'fail', reason: 'busy' });
    await results.store([...outcomes, failed, ping({ endpointId: '2-1' }), ping({ startedAt: at(-2 * DAY_MS) })]);

    const { body } = await get('/endpoints/1-1/results?limit=2').expect(200);
    expect(body).toEqual({ items: [outcomes[0], failed], total: 5 });
    const calls = await get('/endpoints/1-1/results?probe=sip-call').expect(200);
    expect(calls.body).toEqual({ items: [failed], total: 1 });
    const window = await get(`/endpoints/1-1/results?from=${at(-200_000)}&to=${at(-110_000)}`).expect(200);
    expect(window.body.items).toEqual([outcomes[1], outcomes[2]]);
    expect((await get(`/endpoints/1-1/results?from=${at(-3 * DAY_MS)}`)).body.total).toBe(6);
  });

  it('finds the last path that was traced, however many results came after it', async () => {
    const evidence = { trace: [{ ttl: 1, address: '10.9.0.1', rttMs: 0.4 }] };
    const failed = { result: 'fail', reason: 'no-answer' } as const;
    const [old, traced] = [-9, -8].map((hours) => ping({ ...failed, evidence, startedAt: at(hours * 3_600_000) }));
    const untraced = ping({ ...failed, evidence: { trace: [] }, startedAt: at(-7 * 3_600_000) });
    const later = Array.from({ length: 150 }, (_, index) => ping({ startedAt: at(-index * 1_000) }));
    await results.store([old!, traced!, untraced, call({ ...failed, reason: 'busy' }), ...later]);

    const newest = await get('/endpoints/1-1/results?limit=1&has=trace').expect(200);
    expect(newest.body).toEqual({ items: [traced], total: 2 });
    const ofCalls = await get('/endpoints/1-1/results?probe=sip-call&has=trace').expect(200);
    expect(ofCalls.body).toEqual({ items: [], total: 0 });
  });

  it.each([
    ['has=everything', 'has'],
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['from=yesterday', 'from'],
    ['probe=smoke', 'probe'],
    ['colour=red', 'colour'],
    ['from=2026-11-22T02:00:00Z&to=2026-11-22T01:00:00Z', 'from'],
  ])('names the parameter that is wrong in ?%s', async (query, field) => {
    const { body } = await get(`/endpoints/1-1/results?${query}`).expect(400);
    expect(JSON.stringify(body)).toContain(field);
  });

  it('knows no results of an endpoint that never was', async () => {
    await get('/endpoints/9-1/results').expect(404);
  });
});
