// The prober's spool: how many outcomes a second become durable, in batches of 100, and how fast a full one is emptied into
// PostgreSQL by the real writer. The spool lies where DATA_DIR would: a memory disk would prove nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { newRunId } from '../../dist/common/ids.js';
import { CoreLock } from '../../dist/database/core-lock.js';
import { EmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrate.js';
import { SpoolThread } from '../../dist/prober/spool/spool-thread.js';
import { ResultsRepository } from '../../dist/results/results.repository.js';
import { ResultsService } from '../../dist/results/results.service.js';
import { ResultsWriter } from '../../dist/results/writer/results-writer.js';
import { median, percentile, row } from './lib/report.mjs';

const BATCH = 100;
const ROUNDS = 3;
const ROUND_MS = 2_000;
const ALONE = 200;
const REPLAY_BATCH = 1_000;
const NOTHING = { requested: [], routine: [] };
const LIMITS = { outcomes: 10_000_000, bytes: 2 ** 35 };
const HELD = { requested: 0, routine: 0 };

const textOf = (index) =>
  JSON.stringify({
    runId: newRunId(),
    endpointId: `04${index % 148}-1`,
    kind: 'icmp',
    vantage: 'province',
    target: `10.0.0.${index % 148}`,
    startedAt: new Date().toISOString(),
    durationMs: 1_023.5,
    result: 'pass',
    reason: 'ok',
    rttMs: 3.25,
    clock: 'kernel',
    selfLagMs: 0.25,
    measures: { sent: 5, received: 5, lossRatio: 0, rttMs: { min: 2.9, median: 3.1, p95: 3.3, max: 3.4 }, jitterMs: 0.12 },
    detail: { address: '10.0.0.1', replies: [3.1, 3.2, 2.9, 3.3, 3.4] },
  });
const batchOf = (count) => Array.from({ length: count }, (_, index) => ({ lane: 'routine', text: textOf(index) }));
const commit = (thread, add, remove = NOTHING) => thread.request({ op: 'commit', add, remove, limits: LIMITS, after: HELD });

async function durablePerSecond(thread) {
  const startedMs = performance.now();
  let count = 0;
  for (; performance.now() - startedMs < ROUND_MS; count += BATCH) await commit(thread, batchOf(BATCH));
  return (count / (performance.now() - startedMs)) * 1_000;
}

async function aloneMs(thread) {
  const took = [];
  for (let i = 0; i < ALONE; i++) {
    const startedMs = performance.now();
    await commit(thread, batchOf(1));
    took.push(performance.now() - startedMs);
  }
  return took;
}

/** Everything in the spool: read, stored, removed once it is committed. The next batch is read meanwhile. */
async function replay(thread, results) {
  let after = HELD;
  let rows = 0;
  const startedMs = performance.now();
  const next = () => thread.request({ op: 'read', after, limit: REPLAY_BATCH });
  for (let reading = next(); ;) {
    const { entries } = await reading;
    if (entries.length === 0) break;
    after = { ...after, routine: entries.at(-1).key };
    reading = next();
    await results.store(entries.map(({ text }) => JSON.parse(text)));
    await commit(thread, [], { ...NOTHING, routine: entries.map(({ key }) => key) });
    rows += entries.length;
  }
  return { rows, perSecond: (rows / (performance.now() - startedMs)) * 1_000 };
}

export default async function spool() {
  const directory = mkdtempSync(join(process.env.DATA_DIR ?? tmpdir(), 'bench-spool-'));
  const thread = new SpoolThread(join(directory, 'spool'));
  const postgres = new EmbeddedPostgres({ directory: join(directory, 'database'), log: () => undefined, settings: {} });
  await postgres.start();
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => undefined);
  const writer = new ResultsWriter(pool);
  const lock = new CoreLock(postgres.url, { info: () => undefined, warn: (line) => console.error(line) });
  await lock.take();
  const results = new ResultsService(new ResultsRepository(pool), writer, lock, { database: { rawRetentionDays: 90 } });
  await commit(thread, batchOf(1));
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) rates.push(await durablePerSecond(thread));
  const alone = await aloneMs(thread);
  const replayed = await replay(thread, results);
  const { counts } = await thread.request({ op: 'read', after: HELD, limit: 1 });
  await thread.close();
  lock.stop();
  await pool.end();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
  return {
    rows: [
      row({ name: `durable, in batches of ${BATCH}`, ours: median(rates), unit: 'outcomes/s', goal: { least: 5_000 } }),
      row({ name: 'one alone, to disk: median', ours: median(alone), unit: 'ms' }),
      row({ name: 'one alone, to disk: p95', ours: percentile(alone, 0.95), unit: 'ms' }),
      row({
        name: `replay of ${replayed.rows} into PostgreSQL`,
        ours: replayed.perSecond,
        unit: 'rows/s',
        goal: { least: 5_000 },
      }),
      row({
        name: 'stored and not taken out of the spool',
        ours: counts.routine + counts.requested,
        unit: 'rows',
        goal: { most: 0 },
      }),
      row({ name: 'replayed and not stored', ours: replayed.rows - writer.counts.stored, unit: 'rows', goal: { most: 0 } }),
    ],
    notMeasured: process.env.DATA_DIR ? [] : [`a disk of your own: DATA_DIR is not set, ${tmpdir()} was taken`],
  };
}
