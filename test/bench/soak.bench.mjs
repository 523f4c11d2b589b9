// Routine probing of 3,500 lab addresses for half an hour (SOAK_MINUTES) by the real prober process: is its memory flat?
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { loadConfig } from '../../dist/config/app-config.js';
import { buildPlan } from '../../dist/inventory/probe-plan.js';
import { madeEndpoints } from '../../dist/lab/endpoints/endpoint-list.js';
import { ProberHost } from '../../dist/prober/host/prober-host.js';
import { startLabProcess } from './lib/lab.mjs';
import { row } from './lib/report.mjs';
import { slopePerHour } from './lib/slope.mjs';

const SITES = 3_500;
const SAMPLE_MS = 5_000;
/** the heap grows to its working size first: one round of every kind, and the collector's own first rounds */
const WARM_UP_SHARE = 0.25;
const DIST = join(import.meta.dirname, '../../dist');

/** One call an endpoint in 30 minutes, ping and OPTIONS each minute: the load of a quiet day. */
function planOf(config) {
  const quiet = { icmp: 60, tcp: 120, 'sip-options': 60, 'sip-call': 1800 };
  const probes = Object.fromEntries(
    Object.entries(config.probes).map(([kind, probe]) => [
      kind,
      { ...probe, intervalSeconds: quiet[kind] ?? probe.intervalSeconds },
    ]),
  );
  const endpoints = madeEndpoints(SITES).map(({ address, code }, index) => ({
    id: `${code}-1`,
    siteCode: code,
    siteName: code,
    tier: 'commune',
    area: `area ${index % 13}`,
    carrier: `carrier ${index % 3}`,
    address,
    sipUri: `sip:${code}@${address}`,
    h323: null,
    model: '',
  }));
  const prober = { ...config.prober, firstRoundSeconds: quiet['sip-call'] };
  return buildPlan(endpoints, { ...config, probes, prober }, 1);
}

const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const handles = (pid) => readdirSync(`/proc/${pid}/fd`).length;

async function watch(host, minutes) {
  const samples = [];
  const startedMs = performance.now();
  const pid = host.pid;
  while (performance.now() - startedMs < minutes * 60_000) {
    await sleep(SAMPLE_MS);
    if (host.pid !== pid) throw new Error('the prober did not live through the soak');
    samples.push({ hours: (performance.now() - startedMs) / 3_600_000, rssMb: rssMb(pid), handles: handles(pid) });
  }
  return samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
}

export default async function soak() {
  const minutes = Number(process.env.SOAK_MINUTES ?? 30);
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const lab = await startLabProcess(SITES);
  const counts = { all: 0, failed: 0, calls: 0, why: {} };
  const host = new ProberHost({
    entry: join(DIST, 'prober.js'),
    log: pino({ level: 'warn' }, pino.destination(2)),
    backoff: { minMs: 500, maxMs: 1_000 },
    directories: { calls: join(folder, 'calls'), spool: join(folder, 'spool') },
  });
  let stopping = false;
  host.onOutcomes((outcomes) => {
    // what runs at the end is cut short by us
    if (stopping) return Promise.resolve();
    for (const { kind, result, reason } of outcomes) {
      counts.all++;
      if (kind === 'sip-call') counts.calls++;
      if (result === 'pass') continue;
      counts.failed++;
      counts.why[`${kind} ${reason}`] = (counts.why[`${kind} ${reason}`] ?? 0) + 1;
    }
    return Promise.resolve();
  });
  host.setPlan(planOf(loadConfig({ env: {}, cwd: import.meta.dirname })));
  host.start();
  while (host.status() !== 'up') await sleep(50);
  const samples = await watch(host, minutes);
  const stats = host.stats();
  stopping = true;
  await host.stop();
  await lab.stop();
  rmSync(folder, { recursive: true });

  const last = samples.at(-1);
  return {
    rows: [
      row({ name: `${minutes} minutes, ${SITES} endpoints: outcomes`, ours: counts.all, unit: 'outcomes' }),
      row({ name: 'of them calls', ours: counts.calls, unit: 'calls' }),
      row({ name: 'false failures', ours: counts.failed, unit: 'outcomes', goal: { most: 0 } }),
      row({ name: 'RSS at the end', ours: last.rssMb, unit: 'MB' }),
      row({ name: 'RSS slope', ours: slopePerHour(samples, 'rssMb'), unit: 'MB/h', goal: { most: 10 } }),
      row({ name: 'open handles at the end', ours: last.handles, unit: 'handles' }),
      row({ name: 'slope of open handles', ours: slopePerHour(samples, 'handles'), unit: '/h', goal: { most: 10 } }),
      row({ name: 'start delay p99, last minute', ours: stats?.startDelayP99Ms ?? NaN, unit: 'ms' }),
      row({ name: 'unacknowledged at the end', ours: stats?.unacknowledged ?? NaN, unit: 'outcomes' }),
    ],
    notMeasured: [
      ...Object.entries(counts.why).map(([why, count]) => `why ${count} outcomes failed: ${why}`),
      `the first ${WARM_UP_SHARE * 100} % of the time: the heap grows to its working size then`,
    ],
  };
}
