// The live feed to many pages: what it costs beside plain `ws` with the same batches, how soon it arrives, and a rush of 5,000.
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './lib/child.mjs';
import { median, percentile, row } from './lib/report.mjs';

const SITES = 150;
const PAGES = 500;
const CHANGES_PER_SECOND = 200;
const SECONDS = 10;
const ROUNDS = 3;
const RUSH = 5_000;
const CLIENT_PROCESSES = 2;

const start = (file, ...args) => startChild(file, JSON.stringify(args));

async function withPages(kind, pages, work) {
  const server = await start('feed-server.mjs', kind, SITES);
  const perProcess = pages / CLIENT_PROCESSES;
  const clients = await Promise.all(
    Array.from({ length: CLIENT_PROCESSES }, () => start('feed-clients.mjs', kind, server.port, perProcess)),
  );
  const all = (message) => Promise.all(clients.map((client) => client.ask(message)));
  await server.ask({ do: 'begin' });
  const startedMs = performance.now();
  await all({ do: 'connect' });
  const connectedMs = performance.now() - startedMs;
  const result = await work({ server, all, connectedMs });
  await Promise.all(clients.map((client) => client.stop()));
  await server.stop();
  return result;
}

const steady = (kind) =>
  withPages(kind, PAGES, async ({ server, all }) => {
    await server.ask({ do: 'change', perSecond: CHANGES_PER_SECOND });
    await sleep(2_000);
    await all({ do: 'begin' });
    await server.ask({ do: 'begin' });
    await sleep(SECONDS * 1000);
    const figures = await server.ask({ do: 'figures' });
    const delaysMs = (await all({ do: 'figures' })).flatMap((client) => client.delaysMs);
    return { ...figures, delaysMs };
  });

const rush = () =>
  withPages('ours', RUSH, async ({ server, all, connectedMs }) => {
    const figures = await server.ask({ do: 'figures' });
    const clients = await all({ do: 'figures' });
    const snapshots = clients.reduce((sum, client) => sum + client.snapshots, 0);
    return { ...figures, snapshots, connectedMs };
  });

export default async function feed() {
  const ours = [];
  const plain = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await steady('ours'));
    plain.push(await steady('plain'));
  }
  const crowd = await rush();
  const of = (runs, pick) => median(runs.map(pick));
  const load = `${PAGES} pages, ${CHANGES_PER_SECOND} changes/s`;
  const cpu = ({ cpuMs }) => cpuMs / SECONDS;
  const delay = (q) => (run) => percentile(run.delaysMs, q);
  return {
    rows: [
      row({
        ...{ name: `${load}: CPU of the server`, ours: of(ours, cpu), unit: 'ms/s' },
        ...{ peer: of(plain, cpu), peerName: 'plain ws', goal: { most: 1.5 } },
      }),
      row({ name: `${load}: flush to page p50`, ours: of(ours, delay(0.5)), unit: 'ms' }),
      row({ name: `${load}: flush to page p99`, ours: of(ours, delay(0.99)), unit: 'ms', goal: { most: 50 } }),
      row({ name: `${load}: plain ws, flush to page p99`, ours: of(plain, delay(0.99)), unit: 'ms' }),
      row({ name: `${load}: event-loop lag p99`, ours: of(ours, (run) => run.lagP99Ms), unit: 'ms', goal: { most: 20 } }),
      row({
        name: `${load}: pages behind or sent away`,
        ours: ours.reduce((sum, run) => sum + run.lagged + run.evicted.slow, 0),
        unit: 'pages',
      }),
      row({ name: `${RUSH} pages at once: with a snapshot`, ours: crowd.snapshots, unit: 'pages', goal: { least: RUSH } }),
      row({ name: `${RUSH} pages at once: until the last has it`, ours: crowd.connectedMs / 1000, unit: 's' }),
      row({ name: `${RUSH} pages at once: longest stall`, ours: crowd.lagMaxMs, unit: 'ms', goal: { most: 250 } }),
      row({ name: `${RUSH} pages at once: most RSS`, ours: crowd.rssMb, unit: 'MB' }),
    ],
    notMeasured: [
      `the pages' own work: ${CLIENT_PROCESSES} processes on the same cores read each delta's time and throw it away`,
      'a network: loopback; a page that does not read is tested beside the source',
    ],
  };
}
