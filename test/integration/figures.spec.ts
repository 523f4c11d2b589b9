import type { INestApplication } from '@nestjs/common';
import fc from 'fast-check';
import type pg from 'pg';
import request from 'supertest';
import { dayOf, ensurePartitions } from '../../src/database/partitions.js';
import { PG_POOL } from '../../src/database/tokens.js';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import { compactHour } from '../../src/results/compaction/compact-hour.js';
import { figuresOf } from '../../src/results/figures/figures.js';
import { DIMENSIONS, FiguresRepository } from '../../src/results/figures/figures.repository.js';
import { type Rehearsal, Rehearsals } from '../../src/results/figures/rehearsals.js';
import type { ResultRow, StorableOutcome } from '../../src/results/outcome-row.js';
import { makeDueRollups } from '../../src/results/rollup/rollup.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startResultsApp, storable } from '../fixtures/results.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 00:00 in Asia/Ho_Chi_Minh, three days before today */
const startMs = Math.floor((Date.now() + 7 * HOUR_MS) / DAY_MS) * DAY_MS - 7 * HOUR_MS - 3 * DAY_MS;
const ENDPOINTS = ['1-1', '2-1', '3-1'];
const OF: Record<string, Record<string, string>> = {
  '1-1': { endpoint: '1-1', carrier: 'VNPT', area: 'Việt Trì', tier: 'ward', all: 'all' },
  '2-1': { endpoint: '2-1', carrier: 'VNPT', area: 'Hòa Bình', tier: 'commune', all: 'all' },
  '3-1': { endpoint: '3-1', carrier: 'Viettel', area: 'Hòa Bình', tier: 'commune', all: 'all' },
};
const INVENTORY = `site_code,site_name,tier,area,carrier,address
1,Một,ward,Việt Trì,VNPT,10.0.0.1
2,Hai,commune,Hòa Bình,VNPT,10.0.0.2
3,Ba,commune,Hòa Bình,Viettel,10.0.0.3
`;

let database: TestDatabase;
let app: INestApplication;
let pool: pg.Pool;
let figures: FiguresRepository;
const written: ResultRow[] = [];

function result(index: number): StorableOutcome {
  const passed = index % 7 !== 0;
  const ours = index % 35 === 0;
  return storable(new Date(startMs + Math.floor(index * 97_000.5)), {
    rtt_ms: passed ? 5 + (index % 50) : null,
    loss_ratio: passed ? 0 : 1,
    kind: index % 2 ? 'icmp' : 'tcp',
    result: passed ? 'pass' : ours ? 'inconclusive' : 'fail',
    reason: passed ? 'ok' : ours ? 'aborted' : 'no-answer',
    endpoint_id: ENDPOINTS[index % 3]!,
  });
}

beforeAll(async () => {
  database = await startTestDatabase();
  app = await startResultsApp(database.url);
  pool = app.get<pg.Pool>(PG_POOL);
  figures = app.get(FiguresRepository);
  await app.get(InventoryService).import(Buffer.from(INVENTORY), { dryRun: false });

  await ensurePartitions(
    pool,
    [-1, 0, 1, 2, 3].map((days) => dayOf(startMs + days * DAY_MS)),
  );
  const batch = Array.from({ length: 2_600 }, (_, index) => result(index));
  written.push(...batch.map(({ row }) => row));
  const client = await pool.connect();
  const writer = app.get(ResultsWriter);
  await writer.write(batch.filter((_, index) => index % 100 !== 0));
  await makeDueRollups(client);
  await compactHour(client, new Date(startMs + 30 * HOUR_MS));
  // these come late: their hours and days are not ready, and one of them lies beside a block
  await writer.write(batch.filter((_, index) => index % 100 === 0));
  client.release();
});
afterAll(async () => {
  await app.close();
  await database.stop();
});

/** Counted from what was written, without the database. */
function truth(dimension: string, fromMs: number, toMs: number, rehearsals: readonly Rehearsal[]): string[] {
  const groups = new Map<string, { total: number; passed: number; judged: number; rttSum: number }>();
  for (const row of written) {
    const atMs = row.started_at.getTime();
    if (atMs < fromMs || atMs >= toMs) continue;
    if (rehearsals.some((one) => atMs >= one.fromMs && atMs < one.toMs && one.endpoints.includes(row.endpoint_id!))) continue;
    const key = `${OF[row.endpoint_id!]![dimension]} ${row.kind}`;
    const sums = groups.get(key) ?? { total: 0, passed: 0, judged: 0, rttSum: 0 };
    sums.total++;
    if (row.result === 'pass') sums.passed++;
    if (row.result !== 'inconclusive') sums.judged++;
    sums.rttSum += row.rtt_ms ?? 0;
    groups.set(key, sums);
  }
  return [...groups].map(([key, sums]) => `${key} ${JSON.stringify(sums)}`).sort();
}

describe(FiguresRepository.name, () => {
  it('counts any range by any dimension exactly, whatever it is read from and whoever rehearsed', async () => {
    const at = fc.integer({ min: -HOUR_MS, max: 3 * DAY_MS + HOUR_MS });
    const rehearsals = fc.array(
      fc
        .tuple(at, fc.integer({ min: 1, max: 30 * HOUR_MS }), fc.subarray(ENDPOINTS))
        .map(([fromMs, forMs, endpoints]): Rehearsal => ({
          ...{ sessionId: 's', endpoints, fromMs: startMs + fromMs, toMs: startMs + fromMs + forMs },
        })),
      { maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(at, at, fc.constantFrom(...DIMENSIONS), rehearsals, async (a, b, dimension, rehearsed) => {
        const span = { fromMs: startMs + Math.min(a, b), toMs: startMs + Math.max(a, b) + 1 };
        const sums = await figures.compare(dimension, [span], undefined, rehearsed);
        const read = sums.map((one) => {
          const counts = { total: one.total, passed: one.passed, judged: one.passed + one.failed, rttSum: one.rtt_sum_ms };
          return `${one.of} ${one.kind} ${JSON.stringify(counts)}`;
        });
        expect(read.sort()).toEqual(truth(dimension, span.fromMs, span.toMs, rehearsed));
      }),
      { numRuns: 40 },
    );
  });

  it.each(['5min', 'hour', 'day'] as const)('draws a series by %s that adds up to the whole', async (step) => {
    const span = { fromMs: startMs + 100_000, toMs: startMs + 2 * DAY_MS + 5 * HOUR_MS };
    const points = await figures.series('1-1', 'icmp', span, step);
    const expected = written.filter(
      ({ started_at, endpoint_id, kind }) =>
        endpoint_id === '1-1' && kind === 'icmp' && started_at.getTime() >= span.fromMs && started_at.getTime() < span.toMs,
    );
    expect(points.reduce((sum, { total }) => sum + total, 0)).toBe(expected.length);
    const stepMs = { '5min': 300_000, hour: HOUR_MS, day: DAY_MS }[step];
    for (const { at, total } of points) {
      const inside = expected.filter(({ started_at }) => {
        const afterMs = started_at.getTime() - at.getTime();
        return afterMs >= 0 && afterMs < stepMs;
      });
      expect(total).toBe(inside.length);
    }
  });
});

describe('GET /reports/availability', () => {
  const get = (query: string) => request(app.getHttpServer()).get(`/reports/availability?${query}`);
  const iso = (ms: number): string => new Date(startMs + ms).toISOString();

  it('answers with figures by carrier', async () => {
    const { body } = await get(`by=carrier&probe=icmp&from=${iso(0)}&to=${iso(3 * DAY_MS)}`).expect(200);
    expect(body.items.map(({ of, kind }: { of: string; kind: string }) => [of, kind])).toEqual([
      ['VNPT', 'icmp'],
      ['Viettel', 'icmp'],
    ]);
    const all = written.filter(({ endpoint_id, kind }) => endpoint_id === '3-1' && kind === 'icmp');
    const judged = all.filter((row) => row.result !== 'inconclusive');
    expect(body.items[1]).toMatchObject({
      total: all.length,
      judged: judged.length,
      availabilityRatio: judged.filter((row) => row.result === 'pass').length / judged.length,
    });
    expect(body.items[1].rttMs.p95).toBeGreaterThan(45);
  });

  it('counts inside session windows alone, and overlapping ones once', async () => {
    const windows = [`${iso(HOUR_MS)}/${iso(3 * HOUR_MS)}`, `${iso(2 * HOUR_MS)}/${iso(4 * HOUR_MS)}`].join(',');
    const { body } = await get(`by=all&from=${iso(0)}&to=${iso(3 * DAY_MS)}&within=${windows}`).expect(200);
    expect(body.within).toEqual([{ from: iso(HOUR_MS), to: iso(4 * HOUR_MS) }]);
    const total = body.items.reduce((sum: number, one: { total: number }) => sum + one.total, 0);
    const expected = written.filter(({ started_at }) => {
      const afterMs = started_at.getTime() - startMs;
      return afterMs >= HOUR_MS && afterMs < 4 * HOUR_MS;
    });
    expect(total).toBe(expected.length);
  });

  it('leaves out what was rehearsed, and says so', async () => {
    const rehearsal = { sessionId: 's-1', fromMs: startMs + 25.5 * HOUR_MS, toMs: startMs + 28 * HOUR_MS, endpoints: ['2-1'] };
    app.get(Rehearsals).from(() => [rehearsal]);
    const query = `by=endpoint&probe=icmp&from=${iso(0)}&to=${iso(3 * DAY_MS)}`;
    const { body: counted } = await get(query).expect(200);
    const { body: all } = await get(`${query}&rehearsals=with`).expect(200);
    app.get(Rehearsals).from(() => []);
    const rehearsed = written.filter(({ started_at, endpoint_id, kind }) => {
      const atMs = started_at.getTime();
      return endpoint_id === '2-1' && kind === 'icmp' && atMs >= rehearsal.fromMs && atMs < rehearsal.toMs;
    });
    const failed = rehearsed.filter((row) => row.result === 'fail').length;
    expect(failed).toBeGreaterThan(0);
    const of = (body: { items: { of: string; total: number; judged: number }[] }, id: string) =>
      body.items.find((one) => one.of === id)!;
    expect(of(counted, '2-1').total).toBe(of(all, '2-1').total - rehearsed.length);
    expect(of(counted, '1-1')).toEqual(of(all, '1-1'));
    expect(of(counted, '3-1')).toEqual(of(all, '3-1'));
    expect(counted.withoutRehearsals).toEqual([
      { sessionId: 's-1', from: iso(25.5 * HOUR_MS), to: iso(28 * HOUR_MS), endpoints: 1 },
    ]);
    expect(all.withoutRehearsals).toEqual([]);
  });

  it.each([
    ['rehearsals=perhaps', 'rehearsals'],
    ['by=colour', 'by'],
    ['within=yesterday', 'within'],
    [`within=${iso(HOUR_MS)}/${iso(0)}`, 'within'],
    [`from=${iso(HOUR_MS)}&to=${iso(0)}`, 'from'],
    ['month=11', 'month'],
  ])('names the parameter that is wrong in ?%s', async (query, field) => {
    const { body } = await get(query).expect(400);
    expect(JSON.stringify(body)).toContain(field);
  });
});

describe('GET /endpoints/:id/series', () => {
  const get = (path: string) => request(app.getHttpServer()).get(path);
  const from = new Date(startMs).toISOString();
  const to = new Date(startMs + 3 * DAY_MS).toISOString();

  it('chooses a step by the length of the time and shows the figures of the same formulas', async () => {
    const { body } = await get(`/endpoints/2-1/series?probe=tcp&from=${from}&to=${to}`).expect(200);
    expect(body.step).toBe('hour');
    const [sums] = await figures.series('2-1', 'tcp', { fromMs: startMs, toMs: startMs + 3 * DAY_MS }, 'hour');
    expect(body.items[0]).toEqual({ at: sums!.at.toISOString(), ...figuresOf(sums!) });
  });

  it('refuses more points than a screen has, a missing kind, and an endpoint that never was', async () => {
    const many = await get(`/endpoints/2-1/series?probe=tcp&step=5min&from=2025-01-01T00:00:00Z&to=${to}`).expect(400);
    expect(JSON.stringify(many.body)).toContain('step');
    await get('/endpoints/2-1/series').expect(400);
    await get('/endpoints/9-9/series?probe=tcp').expect(404);
  });
});
