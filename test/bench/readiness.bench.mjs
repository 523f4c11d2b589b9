// A nation's endpoints after a burst: 10,000 outcomes through health and incidents, and how long the event loop is held meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { configSchema } from '../../dist/config/config-schema.js';
import { CoreLock } from '../../dist/database/core-lock.js';
import { HealthService } from '../../dist/health/health.service.js';
import { IncidentsRepository } from '../../dist/incidents/incidents.repository.js';
import { IncidentsService } from '../../dist/incidents/incidents.service.js';
import { startDatabase } from './lib/database.mjs';
import { median, row } from './lib/report.mjs';

const ENDPOINTS = 10_000;
const AREAS = 34;
const CARRIERS = ['VNPT', 'Viettel', 'FPT'];
const ROUNDS = 5;
const MINUTE_MS = 60_000;
/** waiting must not cost what is measured */
const LOOK_EVERY_MS = 2;

const records = Array.from({ length: ENDPOINTS }, (_, index) => ({
  ...{ id: `${index}-1`, siteCode: `${index}`, siteName: `Xã ${index}`, tier: 'commune', area: `Tỉnh ${index % AREAS}` },
  ...{
    carrier: CARRIERS[Math.floor(index / AREAS) % CARRIERS.length],
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  },
  ...{ circuitId: '', sipUri: null, h323: null, ordinal: 1, contactName: '', contactPhone: '', deputyName: '', deputyPhone: '' },
  ...{ model: '', lat: null, lon: null, note: '' },
}));

const outcomes = (startedMs, failing) =>
  records.map(({ id, carrier, address }) => {
    const fails = failing === 'all' || carrier === failing;
    return {
      ...{ endpointId: id, kind: 'sip-options', vantage: 'province', target: address, durationMs: 10, selfLagMs: 0 },
      ...{ startedAt: new Date(startedMs).toISOString(), result: fails ? 'fail' : 'pass', reason: fails ? 'no-answer' : 'ok' },
    };
  });

/** The longest time between two turns of the event loop, and the CPU of it all, until `isDone`. */
async function watch(begin, isDone) {
  let longestMs = 0;
  let lastMs = performance.now();
  const cpu = process.cpuUsage();
  begin();
  while (!isDone()) {
    await sleep(LOOK_EVERY_MS);
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - LOOK_EVERY_MS);
    lastMs = nowMs;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { longestMs, cpuMs: (user + system) / 1000 };
}

function start(pool, lock) {
  const config = configSchema.parse({ vantage: 'province' });
  const health = new HealthService(config, { latestPerKind: () => Promise.resolve([]) });
  const items = records.map(({ id, address, area, carrier }) => ({
    ...{ endpointId: id, kind: 'sip-options', target: address, options: {}, intervalMs: 10 * MINUTE_MS, area, carrier },
  }));
  health.setPlan(records, { revision: 1, vantage: 'province', items, concurrency: {}, firstRoundMs: 0, orphanStopMs: MINUTE_MS });
  return { health, incidents: new IncidentsService(config, health, new IncidentsRepository(pool), lock) };
}

/** Everything is well; then one carrier (or everything) fails, which a second look confirms: the burst that is measured. */
async function burst(pool, lock, failing) {
  const { health, incidents } = start(pool, lock);
  const nowMs = Date.now();
  const applied = async (given) => {
    health.apply(given);
    while (health.view(`${ENDPOINTS - 1}-1`).checkedAt !== endOf(given.at(-1))) await turn();
  };
  await applied(outcomes(nowMs - 3_000, 'none'));
  await incidents.start();
  await applied(outcomes(nowMs - 2_000, failing));
  const second = outcomes(nowMs - 1_000, failing);
  const affected = second.filter(({ result }) => result === 'fail').length;
  const measured = await watch(
    () => health.apply(second),
    () => incidents.open().some(({ members }) => members.length === affected),
  );
  await incidents.onApplicationShutdown();
  return measured;
}

const endOf = ({ startedAt, durationMs }) => new Date(Date.parse(startedAt) + durationMs).toISOString();
const turn = () => new Promise((resolve) => setImmediate(resolve));

export default async function readiness() {
  const database = await startDatabase({ firstDayMs: Date.now(), days: 1 });
  const { pool } = database;
  const lock = new CoreLock(database.url, { info: () => undefined, warn: () => undefined });
  await lock.take();
  const rows = [];
  for (const [name, failing] of [
    ['one carrier of three fails', 'VNPT'],
    ['everything fails', 'all'],
  ]) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await burst(pool, lock, failing));
    const cpuMs = median(rounds.map((one) => one.cpuMs));
    const longestMs = median(rounds.map((one) => one.longestMs));
    rows.push(row({ name: `${ENDPOINTS} outcomes, ${name}: CPU`, ours: cpuMs, unit: 'ms', goal: { most: 250 } }));
    rows.push(row({ name: `${name}: longest hold of the loop`, ours: longestMs, unit: 'ms', goal: { most: 20 } }));
  }
  lock.stop();
  await database.stop();
  return {
    rows,
    notMeasured: ['the feed and the pages: bench feed', 'pauses that other processes of the machine make: medians of 5'],
  };
}
