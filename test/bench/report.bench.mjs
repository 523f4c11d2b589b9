// A province's month (REPORT_DAYS, 148 endpoints, routine load): the same report from results, hours and days; what a result weighs.
import { newRunId } from '../../dist/common/ids.js';
import { compactHour } from '../../dist/results/compaction/compact-hour.js';
import { FiguresRepository } from '../../dist/results/figures/figures.repository.js';
import { figuresOf } from '../../dist/results/figures/figures.js';
import { makeDueRollups } from '../../dist/results/rollup/rollup.js';
import { addedUp } from '../../dist/results/rollup/rollup-sql.js';
import { copyBatch } from '../../dist/results/writer/write-batch.js';
import { startDatabase } from './lib/database.mjs';
import { median, row } from './lib/report.mjs';

const ENDPOINTS = 148;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROUNDS = 3;
/** results an hour, as the default settings make them */
const AN_HOUR = { icmp: 120, tcp: 60, 'sip-options': 60, 'sip-call': 4 };
const FLOWING = 0;

/** Times of a line with its own base, noise, and a bad hour now and then; one in 500 is lost. */
function resultsOf(endpoint, hourMs, random) {
  const base = 5 + (endpoint % 40);
  const bad = random() < 0.02 ? 10 : 1;
  return Object.entries(AN_HOUR).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, i) => {
      const lost = random() < 0.002;
      const call = kind === 'sip-call';
      const pings = kind === 'icmp';
      return {
        row: {
          started_at: new Date(Math.floor(hourMs + ((i + random() * 0.1) * HOUR_MS) / count)),
          run_id: newRunId(),
          duration_ms: Math.fround((call ? 6_100 : 800) + 50 * random()),
          self_lag_ms: Math.fround(0.1 + 0.1 * random()),
          rtt_ms: lost ? null : Math.fround(base * bad * (1 + 0.3 * random() ** 4)),
          loss_ratio: pings || call ? (lost ? 1 : 0) : null,
          jitter_ms: (pings || call) && !lost ? Math.fround(random()) : null,
          mos: call && !lost ? Math.fround(4.3 + 0.1 * random()) : null,
          setup_ms: call && !lost ? Math.fround(40 + 10 * random()) : null,
          kind,
          result: lost ? 'fail' : 'pass',
          reason: lost ? 'no-answer' : 'ok',
          signals: call ? FLOWING : null,
          kernel_clock: kind === 'tcp' ? null : true,
          endpoint_id: `${4700 + endpoint}-1`,
          vantage: 'province',
          target: `10.1.2.${endpoint}`,
        },
        detail: null,
      };
    }),
  );
}

/** Mulberry32: the same month each time. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

async function load(client, fromMs, hours) {
  const random = seeded(17);
  let rows = 0;
  const seconds = { copy: 0, compact: 0, rollup: 0 };
  for (let hour = 0; hour < hours; hour++) {
    const hourMs = fromMs + hour * HOUR_MS;
    const batch = Array.from({ length: ENDPOINTS }, (_, endpoint) => resultsOf(endpoint, hourMs, random)).flat();
    batch.sort((a, b) => a.row.started_at - b.row.started_at);
    rows += batch.length;
    seconds.copy += await timedS(() => copyBatch(client, batch));
    seconds.compact += await timedS(() => compactHour(client, new Date(hourMs)));
    seconds.rollup += await timedS(() => makeDueRollups(client));
  }
  await client.query('VACUUM ANALYZE');
  return { rows, seconds };
}

async function timedS(work) {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

const timedMs = async (work) => {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push((await timedS(work)) * 1000);
  return median(rounds);
};

const RAW = `SELECT endpoint_id, kind, count(*) FILTER (WHERE result = 'pass')::float / count(*) FILTER (WHERE result <> 'inconclusive'),
    percentile_disc(0.95) WITHIN GROUP (ORDER BY rtt_ms) FILTER (WHERE result = 'pass') AS p95
  FROM probe_results($1, $2) GROUP BY endpoint_id, kind`;
const HOURLY = addedUp('SELECT * FROM rollup_hour WHERE hour >= $1 AND hour < $2', 'endpoint_id, kind');

async function weightOf(client, table) {
  const { rows } = await client.query(
    `SELECT sum(pg_table_size(inhrelid))::float AS heap, sum(pg_indexes_size(inhrelid))::float AS indexes FROM pg_inherits WHERE inhparent = $1::regclass`,
    [table],
  );
  return rows[0];
}

export default async function report() {
  const days = Number(process.env.REPORT_DAYS ?? 7);
  const todayMs = Math.floor((Date.now() + 7 * HOUR_MS) / DAY_MS) * DAY_MS - 7 * HOUR_MS;
  const span = { fromMs: todayMs - days * DAY_MS, toMs: todayMs };
  const bounds = [new Date(span.fromMs), new Date(span.toMs)];
  const database = await startDatabase({ firstDayMs: span.fromMs - DAY_MS, days: days + 2 });
  const client = await database.pool.connect();
  await client.query("SET statement_timeout = '30min'");
  const { rows, seconds } = await load(client, span.fromMs, days * 24);
  const figures = new FiguresRepository(database.pool);

  const exact = new Map((await client.query(RAW, bounds)).rows.map((one) => [`${one.endpoint_id} ${one.kind}`, one.p95]));
  const rawMs = await timedMs(() => client.query(RAW, bounds));
  const hourlyMs = await timedMs(() => client.query(HOURLY, bounds));
  let compared = [];
  const dailyMs = await timedMs(
    async () =>
      (compared = (await figures.compare('endpoint', [span], undefined)).map((sums) => ({ ...sums, ...figuresOf(sums) }))),
  );
  const errors = compared.flatMap(({ of, kind, rttMs }) => {
    const truth = exact.get(`${of} ${kind}`);
    return rttMs && truth ? [Math.abs(rttMs.p95 - truth) / truth] : [];
  });
  const oneDay = { fromMs: todayMs - 2 * DAY_MS, toMs: todayMs - DAY_MS };
  const day = `SELECT * FROM probe_results($1, $2) WHERE endpoint_id = '4710-1' ORDER BY started_at`;
  const resultsMs = await timedMs(() => client.query(day, [new Date(oneDay.fromMs), new Date(oneDay.toMs)]));
  const seriesMs = await timedMs(() => figures.series('4710-1', 'icmp', oneDay, '5min'));
  const blocks = await weightOf(client, 'probe_result_block');
  client.release();
  await database.stop();

  const against = (name, ours, most) => row({ name, ours, unit: 'ms', peer: rawMs, peerName: 'from results', goal: { most } });
  return {
    rows: [
      row({ name: `${days} days, ${ENDPOINTS} endpoints: results`, ours: rows, unit: 'results' }),
      against('report from the daily rollup', dailyMs, 1 / 100),
      against('report from the hourly rollup', hourlyMs, 1 / 10),
      row({ name: 'p95 error, worst endpoint and kind', ours: 100 * Math.max(...errors), unit: '%', goal: { most: 4 } }),
      row({ name: 'heap of a packed result', ours: blocks.heap / rows, unit: 'bytes', goal: { most: 25 } }),
      row({ name: 'its share of indexes', ours: blocks.indexes / rows, unit: 'bytes' }),
      row({ name: "one endpoint's day, every result", ours: resultsMs, unit: 'ms', goal: { most: 50 } }),
      row({ name: "one endpoint's day by 5 minutes", ours: seriesMs, unit: 'ms', goal: { most: 50 } }),
      row({ name: 'packing an hour', ours: (1000 * seconds.compact) / (days * 24), unit: 'ms' }),
      row({ name: 'rolling up an hour and its day', ours: (1000 * seconds.rollup) / (days * 24), unit: 'ms' }),
      row({ name: 'loading by COPY', ours: rows / seconds.copy, unit: 'rows/s' }),
    ],
    notMeasured: [`REPORT_DAYS=30 loads a month; ${days} days were loaded`, 'a cold page cache'],
  };
}
