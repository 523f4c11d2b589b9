// Storing outcomes: the product's writer against psql's \copy of the same rows and TypeORM's insert, in one run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, EntitySchema } from 'typeorm';
import { newRunId } from '../../dist/common/ids.js';
import { RESULT_COLUMNS } from '../../dist/results/writer/binary-copy.js';
import { ResultsWriter } from '../../dist/results/writer/results-writer.js';
import { startDatabase } from './lib/database.mjs';
import { installed, run } from './lib/process.mjs';
import { median, row } from './lib/report.mjs';

const ROWS = 100_000;
const ORM_ROWS = 10_000;
const ROUNDS = 3;
const BATCHES = [500, 5_000];
const HOUR_MS = 3_600_000;

/** Routine results of the last half hour, as `toRow` makes them. */
function outcomes(count) {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, i) => ({
    row: {
      started_at: new Date(nowMs - 0.5 * HOUR_MS + (i * 0.5 * HOUR_MS) / count),
      run_id: newRunId(),
      duration_ms: 800 + (i % 50),
      self_lag_ms: 0.1,
      rtt_ms: 10 + (i % 17),
      loss_ratio: 0,
      jitter_ms: 0.4,
      mos: null,
      setup_ms: null,
      kind: 'icmp',
      result: 'pass',
      reason: 'ok',
      signals: null,
      kernel_clock: true,
      endpoint_id: `${4700 + (i % 148)}-1`,
      vantage: 'province',
      target: '10.1.2.3',
    },
    detail: null,
  }));
}

const chunks = (items, size) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

async function timed(work) {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

const names = RESULT_COLUMNS.split(', ');
const asText = ({ row: one }) =>
  names
    .map((name) => (one[name] === null ? '\\N' : one[name] instanceof Date ? one[name].toISOString() : String(one[name])))
    .join('\t');

async function psqlCopy(database, batch) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'rows.txt');
  writeFileSync(file, `${batch.map(asText).join('\n')}\n`);
  const copy = `\\copy probe_result (${RESULT_COLUMNS}) FROM '${file}'`;
  const seconds = await timed(async () => {
    const { code, stderr } = await run('psql', [database.url, '-q', '-c', copy]);
    if (code !== 0) throw new Error(`psql: ${stderr}`);
  });
  rmSync(folder, { recursive: true });
  return batch.length / seconds;
}

/** The same file's worth of rows in one COPY over one connection, where psql is not installed. */
async function serverCopy(writer, batch) {
  return batch.length / (await timed(() => writer.write(batch)));
}

async function ours(writer, size) {
  const batches = chunks(outcomes(ROWS), size);
  const seconds = await timed(async () => {
    for (const batch of batches) await writer.write(batch);
  });
  return ROWS / seconds;
}

async function openOrm(url) {
  const columns = Object.fromEntries(
    names.map((name) => [
      name,
      { type: name === 'started_at' ? 'timestamptz' : 'text', primary: name === 'run_id', nullable: true },
    ]),
  );
  const entity = new EntitySchema({ name: 'probe_result', tableName: 'probe_result', columns });
  const source = new DataSource({ type: 'postgres', url, entities: [entity] });
  await source.initialize();
  return { source, repository: source.getRepository(entity) };
}

async function ormInsert({ repository }) {
  const batches = chunks(outcomes(ORM_ROWS), 500);
  const seconds = await timed(async () => {
    for (const batch of batches) await repository.insert(batch.map(({ row: one }) => one));
  });
  return ORM_ROWS / seconds;
}

export default async function ingest() {
  const notMeasured = [];
  const hasPsql = Boolean(installed('psql'));
  if (!hasPsql) notMeasured.push("psql's \\copy: not installed; the peer is one COPY of all rows over our own connection");
  const database = await startDatabase({ firstDayMs: Date.now() - 86_400_000, days: 3 });
  const writer = new ResultsWriter(database.pool);
  const orm = await openOrm(database.url);
  const clear = () => database.pool.query('TRUNCATE probe_result');
  const rates = { peer: [], orm: [], ...Object.fromEntries(BATCHES.map((size) => [size, []])) };
  await writer.write(outcomes(5_000));
  for (let round = 0; round < ROUNDS; round++) {
    await clear();
    rates.peer.push(await (hasPsql ? psqlCopy(database, outcomes(ROWS)) : serverCopy(writer, outcomes(ROWS))));
    for (const size of BATCHES) {
      await clear();
      rates[size].push(await ours(writer, size));
    }
    await clear();
    rates.orm.push(await ormInsert(orm));
  }
  const merged = outcomes(ROWS);
  for (const batch of chunks(merged, 5_000)) await writer.write(batch);
  const again = await timed(async () => {
    for (const batch of chunks(merged, 5_000)) await writer.write(batch);
  });
  await orm.source.destroy();
  await database.stop();

  const peerName = hasPsql ? 'psql \\copy' : 'one COPY';
  const against = (size, least) =>
    row({
      name: `batches of ${size}`,
      ours: median(rates[size]),
      unit: 'rows/s',
      peer: median(rates.peer),
      peerName,
      goal: { least },
    });
  return {
    rows: [
      against(500, 0.6),
      against(5_000, 0.9),
      row({
        name: 'batches of 500 against insert(500)',
        ours: median(rates[500]),
        unit: 'rows/s',
        peer: median(rates.orm),
        peerName: 'TypeORM',
        goal: { least: 5 },
      }),
      row({ name: 'all of it offered again, absorbed', ours: ROWS / again, unit: 'rows/s' }),
    ],
    notMeasured,
  };
}
