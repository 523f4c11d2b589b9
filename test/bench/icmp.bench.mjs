// One socket for all targets against fping: equal count, interval and period, alternating rounds on loopback.
import { KernelIcmpEngine } from '../../dist/net/icmp-kernel-engine.js';
import { installed, run } from './lib/process.mjs';
import { median, row } from './lib/report.mjs';

const COUNT = 3;
const ROUNDS = 5;
/** fping -i and -p in ms: the pace both keep. -i 0 (as fast as it goes) needs root. */
const SCENARIOS = [
  { targets: 148, intervalMs: 1, periodMs: 100 },
  { targets: 3_500, intervalMs: 0.05, periodMs: 200 },
  { targets: 10_000, intervalMs: 0, periodMs: 100 },
];
const TIMEOUT_MS = 500;

const addresses = (count) => Array.from({ length: count }, (_, i) => `127.60.${(i / 250) | 0}.${1 + (i % 250)}`);

const paceOf = (intervalMs) => {
  const packetsPerSecond = intervalMs ? 1000 / intervalMs : 1_000_000;
  return { packetsPerSecond, packetsPerSecondPerArea: packetsPerSecond };
};

async function ours(targets, { intervalMs, periodMs }) {
  const opened = KernelIcmpEngine.open({ pace: paceOf(intervalMs), prefer: 'raw' });
  if (!opened.ok) throw new Error(opened.error);
  const engine = opened.value;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const facts = await Promise.all(
    targets.map((address) =>
      engine.burst({ address, count: COUNT, spacingMs: periodMs, timeoutMs: TIMEOUT_MS, payloadBytes: 56 }),
    ),
  );
  const wallS = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  engine.close();
  const lost = facts.reduce((sum, { rttMs }) => sum + rttMs.filter((rtt) => rtt === null).length, 0);
  return {
    wallS,
    cpuS: (user + system) / 1e6,
    lost,
    rttMs: median(facts.flatMap((one) => one.rttMs.filter((rtt) => rtt !== null))),
  };
}

async function fping(targets, { intervalMs, periodMs }) {
  const args = ['-C', COUNT, '-q', '-i', intervalMs, '-p', periodMs, '-t', TIMEOUT_MS, '-r', 0].map(String);
  const result = await run('fping', args, { input: `${targets.join('\n')}\n` });
  const times = result.stderr.split('\n').flatMap((line) => (line.split(' : ')[1] ?? '').split(' ').filter(Boolean));
  return {
    ...result,
    lost: times.filter((time) => time === '-').length,
    rttMs: median(times.filter((time) => time !== '-').map(Number)),
  };
}

export default async function icmp() {
  const rows = [];
  const notMeasured = [];
  const peer = installed('fping');
  if (!peer) notMeasured.push('fping is not installed');
  notMeasured.push('our first round of each size: a daemon runs on, fping is started each time');
  notMeasured.push('a line with delay: on loopback a reply is made inside the send');
  for (const scenario of SCENARIOS) {
    const targets = addresses(scenario.targets);
    await ours(targets, scenario);
    const mine = [];
    const theirs = [];
    for (let round = 0; round < ROUNDS; round++) {
      mine.push(await ours(targets, scenario));
      if (peer) theirs.push(await fping(targets, scenario));
    }
    const of = (runs, key) => (runs.length ? median(runs.map((one) => one[key])) : undefined);
    const probes = scenario.targets * COUNT;
    const name = `${scenario.targets} x ${COUNT}, -i ${scenario.intervalMs} -p ${scenario.periodMs}`;
    const compare = (what, key, unit, scale, goal) =>
      rows.push(
        row({
          name: `${name}: ${what}`,
          ours: of(mine, key) * scale,
          unit,
          peer: peer ? of(theirs, key) * scale : undefined,
          peerName: 'fping',
          goal,
        }),
      );
    compare('wall', 'wallS', 's', 1, { most: 1.1 });
    if (scenario.targets > 1000) compare('CPU per probe', 'cpuS', 'us', 1e6 / probes, { most: 1.2 });
    compare('median RTT', 'rttMs', 'ms', 1);
    rows.push(
      row({ name: `${name}: false loss`, ours: Math.max(...mine.map(({ lost }) => lost)), unit: 'probes', goal: { most: 0 } }),
    );
  }
  return { rows, notMeasured };
}
