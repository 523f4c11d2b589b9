// 10,000 connects as our tcp probe makes them, against blackbox_exporter, to one listener in a process of its own.
import { connectTcp } from '../../dist/net/tcp-connect.js';
import { blackboxInstalled, startBlackbox } from './lib/blackbox.mjs';
import { startChild } from './lib/child.mjs';
import { inFlight, loopbackAddresses } from './lib/loopback.mjs';
import { median, row } from './lib/report.mjs';

const TARGETS = 10_000;
const ROUNDS = 3;
const IN_FLIGHT = 50;
const TIMEOUT_MS = 2_000;

async function ours(addresses, port) {
  let failed = 0;
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await inFlight(addresses, IN_FLIGHT, async (address) => {
    const connected = await connectTcp({ address, port, timeoutMs: TIMEOUT_MS });
    if (connected.ok) connected.value.destroy();
    else failed++;
  });
  const wallS = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallS, cpuS: (user + system) / 1e6, failed };
}

export default async function tcp() {
  const notMeasured = [];
  const addresses = loopbackAddresses(TARGETS, 61);
  const listener = await startChild('tcp-listener.mjs');
  const peer = blackboxInstalled() ? await startBlackbox() : undefined;
  if (!peer) notMeasured.push('blackbox_exporter is not installed');
  await ours(addresses.slice(0, 1000), listener.port);
  const mine = [];
  const theirs = [];
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(await ours(addresses, listener.port));
    const targets = addresses.map((address) => `${address}:${listener.port}`);
    if (peer) theirs.push(await peer.probe('tcp', targets));
  }
  await peer?.stop();
  await listener.stop();
  const of = (runs, key) => (runs.length ? median(runs.map((one) => one[key])) : undefined);
  const rate = (runs) => (runs.length ? TARGETS / of(runs, 'wallS') : undefined);
  const perProbe = (runs) => (runs.length ? (of(runs, 'cpuS') * 1e6) / TARGETS : undefined);
  const peerName = 'blackbox';
  const compare = (name, figureOf, unit, goal) =>
    row({ name: `${TARGETS} connects: ${name}`, ours: figureOf(mine), unit, peer: figureOf(theirs), peerName, goal });
  const rows = [
    compare('rate', rate, '/s', peer && { least: 4 }),
    compare('CPU per connect', perProbe, 'us'),
    row({ name: 'false failures', ours: Math.max(...mine.map(({ failed }) => failed)), unit: 'connects', goal: { most: 0 } }),
  ];
  return { rows, notMeasured };
}
