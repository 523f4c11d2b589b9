// 10,000 OPTIONS by our whole probe, as the prober's runner runs it, over the shared socket, against SIPp as a client of the same responder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemScheduler } from '../../dist/common/clock.js';
import { systemRandom } from '../../dist/common/random.js';
import { StopSwitch } from '../../dist/common/stop-switch.js';
import { SipUdpHub } from '../../dist/net/sip-udp-hub.js';
import { ProbeRunner } from '../../dist/prober/probe-runner.js';
import { PROBES } from '../../dist/probes/registry.js';
import { startChild } from './lib/child.mjs';
import { inFlight, loopbackAddresses } from './lib/loopback.mjs';
import { installed, run } from './lib/process.mjs';
import { median, row } from './lib/report.mjs';

const TARGETS = 10_000;
const ROUNDS = 3;
const IN_FLIGHT = 64;

const SCENARIO = `<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="OPTIONS">
  <send retrans="500"><![CDATA[
OPTIONS sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
Max-Forwards: 70
From: <sip:bench@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 OPTIONS
Contact: <sip:bench@[local_ip]:[local_port]>
User-Agent: bench
Allow: INVITE, ACK, CANCEL, BYE, OPTIONS
Accept: application/sdp
Content-Length: 0

]]></send>
  <recv response="200"></recv>
</scenario>
`;

const planItem = (target) => ({ endpointId: target, kind: 'sip-options', target, intervalMs: 60_000, options: {} });

async function ours(sipHub, items) {
  const context = { scheduler: systemScheduler, random: systemRandom, sipHub, loopLagMs: () => 0 };
  const runner = new ProbeRunner(PROBES, context, console);
  // counted and dropped, as the outbox drops them: 10,000 kept outcomes would be the collector's work and not the probe's
  let failed = 0;
  let repeated = 0;
  const roundTripsMs = [];
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await inFlight(items, IN_FLIGHT, async (item) => {
    const { result, rttMs, detail } = await runner.run(item, item.endpointId, 'bench', new StopSwitch());
    if (result !== 'pass') failed++;
    if (detail.sends > 1) repeated++;
    if (rttMs !== undefined) roundTripsMs.push(rttMs);
  });
  const wallS = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    rate: items.length / wallS,
    cpuUs: (user + system) / items.length,
    failed,
    repeated,
    rttMs: median(roundTripsMs),
  };
}

async function sipp(scenario, address, port) {
  const args = ['-sf', scenario, '-i', '127.0.0.1', '-m', TARGETS, '-users', IN_FLIGHT, '-nostdin', `${address}:${port}`];
  const result = await run('sipp', args.map(String));
  if (result.code !== 0) throw new Error(`sipp ended with ${result.code}: ${result.stderr.slice(-500)}`);
  return { rate: TARGETS / result.wallS, cpuUs: (result.cpuS * 1e6) / TARGETS };
}

export default async function sipOptions() {
  const notMeasured = [];
  // in the product 2,000 a second are the most; here it is asked how fast it could be
  const sipHub = SipUdpHub.whereSupported({ maxPerSecond: Infinity });
  if (!sipHub) notMeasured.push('the shared socket: this machine has no kernel stamps');
  const peer = installed('sipp');
  if (peer) notMeasured.push('SIPp with 10,000 addresses: it asks one of them 10,000 times');
  else notMeasured.push('SIPp is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const scenario = join(folder, 'options.xml');
  writeFileSync(scenario, SCENARIO);
  const addresses = loopbackAddresses(TARGETS, 62);
  const responder = await startChild('sip-responder.mjs');
  const items = addresses.map((address) => planItem(`${address}:${responder.port}`));
  // the prober runs for weeks: its code is measured as compiled
  for (let round = 0; round < 2; round++) await ours(sipHub, items);
  const mine = [];
  const theirs = [];
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(await ours(sipHub, items));
    if (peer) theirs.push(await sipp(scenario, addresses[0], responder.port));
  }
  sipHub?.close();
  await responder.stop();
  rmSync(folder, { recursive: true });
  const of = (runs, key) => (runs.length ? median(runs.map((one) => one[key])) : undefined);
  const worst = (key) => Math.max(...mine.map((one) => one[key]));
  const compare = (name, key, unit, goal) =>
    row({ name: `${TARGETS} targets: ${name}`, ours: of(mine, key), unit, peer: of(theirs, key), peerName: 'SIPp', goal });
  const rows = [
    compare('rate', 'rate', '/s', peer ? { least: 0.35 } : undefined),
    compare('CPU per request', 'cpuUs', 'us'),
    row({ name: 'median RTT', ours: of(mine, 'rttMs'), unit: 'ms' }),
    row({ name: 'false failures', ours: worst('failed'), unit: 'targets', goal: { most: 0 } }),
    row({ name: 'asked more than once', ours: worst('repeated'), unit: 'targets' }),
  ];
  return { rows, notMeasured };
}
