import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { pino } from 'pino';
import { openPool } from '../../src/database/bounded-client.js';
import type { CoreLock } from '../../src/database/core-lock.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/database/migrate.js';
import { ProberHost } from '../../src/prober/host/prober-host.js';
import type { Plan, PlanItem } from '../../src/prober/messages.js';
import type { Outcome } from '../../src/probes/contract.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { ResultsService } from '../../src/results/results.service.js';
import { ResultsWriter } from '../../src/results/writer/results-writer.js';
import { DatabaseProxy } from '../fixtures/database-proxy.js';

// the built one: `npm run build:server` first
const entry = fileURLToPath(new URL('../../dist/prober.js', import.meta.url));
const TARGETS = 60;
const INTERVAL_MS = 300;
/** Faults of minutes, played in seconds: what is lost is lost in the moments of breaking and mending. */
const OUTAGE_MS = 3_500;
const LIMITS = { connectMs: 1_000, statementMs: 2_000 };
const config = {
  database: { poolSize: 3, rawRetentionDays: 90, hourlyRetentionDays: 730, dailyRetentionDays: 3650, partitionsAheadDays: 3 },
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(50);
}

describe('a real prober while its database fails', () => {
  let directory: string;
  let postgres: EmbeddedPostgres;
  let proxy: DatabaseProxy;
  let pool: pg.Pool;
  let target: Server;
  let host: ProberHost;
  let writer: ResultsWriter;
  const produced = new Map<string, Outcome>();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'outage-'));
    postgres = new EmbeddedPostgres({ directory: join(directory, 'database'), log: () => undefined });
    await postgres.start();
    await migrate(postgres.url);
    proxy = await DatabaseProxy.start(postgres.url);
    pool = openPool(proxy.url, 3, LIMITS);
    target = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(target, 'listening');
    writer = new ResultsWriter(pool);
    const ours = { mustHold: () => undefined } as CoreLock;
    const results = new ResultsService(new ResultsRepository(pool), writer, ours, config);
    host = new ProberHost({
      entry,
      directories: { spool: join(directory, 'spool') },
      log: pino({ level: 'silent' }),
      backoff: { minMs: 50, maxMs: 400 },
    });
    host.onOutcomes(async (outcomes) => {
      for (const outcome of outcomes) produced.set(outcome.runId, outcome);
      await results.store(outcomes);
    });
  });
  afterAll(async () => {
    await host.stop();
    target.close();
    await proxy.stop();
    await pool.end();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const plan = (revision: number, targets: number): Plan => ({
    revision,
    vantage: 'here',
    items: Array.from({ length: targets }, (_, index): PlanItem => ({
      endpointId: `e-${index}`,
      kind: 'tcp',
      target: `127.0.0.1:${(target.address() as AddressInfo).port}`,
      options: {},
      intervalMs: INTERVAL_MS,
      area: 'a',
      carrier: 'c',
    })),
    concurrency: { icmp: 2, tcp: 40, 'sip-options': 2, 'h323-ping': 2, 'sip-call': 1, 'h323-call': 1 },
    firstRoundMs: 100,
    orphanStopMs: 60_000,
  });

  const faults: { what: string; begin: () => unknown; end: () => unknown }[] = [
    { what: 'refused', begin: () => proxy.refuse(), end: () => proxy.heal() },
    { what: 'black-holed', begin: () => proxy.swallow(), end: () => proxy.heal() },
    { what: 'killed -9', begin: () => process.kill(postgres.pid ?? 0, 'SIGKILL'), end: () => undefined },
    {
      what: 'acknowledgements lost after the commit',
      begin: () => proxy.trap({ text: 'PGCOPY\n', then: 'cut', times: 5 }),
      end: () => proxy.heal(),
    },
  ];

  it('has all it produced in the database once, and absorbs what was told twice', async () => {
    host.setPlan(plan(1, TARGETS));
    host.start();
    await until(() => writer.counts.stored > 500);
    for (const { what, begin, end } of faults) {
      await begin();
      await pause(OUTAGE_MS);
      const waiting = host.stats()?.unacknowledged ?? 0;
      const startDelayMs = host.stats()?.startDelayP99Ms ?? Infinity;
      const before = writer.counts.stored;
      await end();
      const startMs = performance.now();
      await until(() => writer.counts.stored - before >= waiting && (host.stats()?.unacknowledged ?? Infinity) < 200);
      const rowsPerSecond = Math.round((writer.counts.stored - before) / ((performance.now() - startMs) / 1000));
      process.stdout.write(
        `${what}: ${waiting} waited, start delay p99 ${startDelayMs.toFixed(1)} ms, replay ${rowsPerSecond} rows/s\n`,
      );
    }
    host.setPlan(plan(2, 0));
    await until(() => host.stats()?.planRevision === 2 && host.stats()?.unacknowledged === 0);
    const { rows } = await pool.query<{ run_id: string }>('SELECT run_id FROM probe_result');
    const stored = new Set(rows.map(({ run_id: runId }) => runId));
    const lost = [...produced.keys()].filter((runId) => !stored.has(runId));
    const { absorbed, copied, merged } = writer.counts;
    process.stdout.write(
      `produced ${produced.size}, stored ${stored.size}, lost ${lost.length}, doubled ${rows.length - stored.size}, ` +
        `absorbed ${absorbed}; batches copied ${copied}, merged ${merged}; springs ${proxy.sprung}\n`,
    );
    expect(lost).toEqual([]);
    expect(rows).toHaveLength(produced.size);
    expect(absorbed).toBeGreaterThan(0);
    expect(host.stats()?.dropped).toEqual({});
  }, 120_000);
});
