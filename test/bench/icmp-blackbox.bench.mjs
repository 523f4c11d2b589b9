// What one ping costs: our engine against blackbox_exporter (without its HTTP client), on loopback.
import { KernelIcmpEngine } from '../../dist/net/icmp-kernel-engine.js';
import { blackboxInstalled, startBlackbox } from './lib/blackbox.mjs';
import { loopbackAddresses } from './lib/loopback.mjs';
import { median, row } from './lib/report.mjs';

const OUR_TARGETS = 10_000;
/** as in the comparison with fping: an endpoint is never judged by one ping */
const COUNT = 3;
/** its processor time is counted in ticks of 10 ms: enough probes to be many ticks, few enough to be done soon */
const PEER_TARGETS = 2_000;
const ROUNDS = 3;
const TIMEOUT_MS = 500;
const UNPACED = { packetsPerSecond: 1_000_000, packetsPerSecondPerArea: 1_000_000 };

async function ours(targets) {
  const opened = KernelIcmpEngine.open({ pace: UNPACED, prefer: 'raw' });
  if (!opened.ok) throw new Error(opened.error);
  const cpuBefore = process.cpuUsage();
  const facts = await Promise.all(
    targets.map((address) =>
      opened.value.burst({ address, count: COUNT, spacingMs: 100, timeoutMs: TIMEOUT_MS, payloadBytes: 56 }),
    ),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  opened.value.close();
  const failed = facts.reduce((sum, { rttMs }) => sum + rttMs.filter((rtt) => rtt === null).length, 0);
  return { cpuUs: (user + system) / (targets.length * COUNT), failed };
}

export default async function icmpBlackbox() {
  const addresses = loopbackAddresses(OUR_TARGETS);
  const peer = blackboxInstalled() ? await startBlackbox() : undefined;
  await ours(addresses.slice(0, 1000));
  const mine = [];
  const theirs = [];
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(await ours(addresses));
    if (!peer) continue;
    const { cpuS, failed } = await peer.probe('icmp', addresses.slice(0, PEER_TARGETS));
    theirs.push({ cpuUs: (cpuS * 1e6) / PEER_TARGETS, failed });
  }
  await peer?.stop();
  const rows = [
    row({
      name: `CPU per echo request (ours: ${OUR_TARGETS} x ${COUNT})`,
      ours: median(mine.map(({ cpuUs }) => cpuUs)),
      unit: 'us',
      peer: peer && median(theirs.map(({ cpuUs }) => cpuUs)),
      peerName: 'blackbox',
      goal: peer && { most: 1 / 25 },
    }),
    row({ name: 'false loss', ours: Math.max(...mine.map(({ failed }) => failed)), unit: 'probes', goal: { most: 0 } }),
  ];
  if (peer) rows.push(row({ name: 'false loss of blackbox', ours: Math.max(...theirs.map((r) => r.failed)), unit: 'probes' }));
  return { rows, notMeasured: peer ? [] : ['blackbox_exporter is not installed'] };
}
