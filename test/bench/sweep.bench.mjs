// The province's full check, ping and OPTIONS and call, of 150 rooms by the engine of the prober, against its ideal schedule.
import { loadavg } from 'node:os';
import { pino } from 'pino';
import { systemScheduler } from '../../dist/common/clock.js';
import { systemRandom } from '../../dist/common/random.js';
import { loadConfig } from '../../dist/config/app-config.js';
import { buildPlan } from '../../dist/inventory/probe-plan.js';
import { madeEndpoints } from '../../dist/lab/endpoints/endpoint-list.js';
import { createMediaPool } from '../../dist/media/media-pool.js';
import { openIcmpEngine } from '../../dist/net/open-icmp-engine.js';
import { SipUdpHub } from '../../dist/net/sip-udp-hub.js';
import { PROBES } from '../../dist/probes/registry.js';
import { NO_STORE } from '../../dist/prober/call-memory.js';
import { Engine } from '../../dist/prober/engine.js';
import { caller, qualityOf, reasonsOf } from './lib/call.mjs';
import { startLabProcess } from './lib/lab.mjs';
import { row } from './lib/report.mjs';

const ROOMS = 150;
const KINDS = ['icmp', 'sip-options', 'sip-call'];

/** As the core makes it, with nothing due by itself while we measure. */
function planOf(config) {
  const endpoints = madeEndpoints(ROOMS).map(({ address, code, area, carrier }) => ({
    id: code,
    siteCode: code,
    siteName: code,
    tier: 'commune',
    area,
    carrier,
    address,
    sipUri: `sip:${code}@${address}`,
    h323: null,
    model: '',
  }));
  const plan = buildPlan(endpoints, config, 1);
  const items = plan.items.filter(({ kind }) => KINDS.includes(kind)).map((item) => ({ ...item, intervalMs: 86_400_000 }));
  return { ...plan, items, firstRoundMs: 86_400_000 };
}

/** Resolves with the outcome of every check, when the last is in. */
function sweep(plan, context) {
  const wanted = new Set(plan.items.map(({ endpointId, kind }) => `${kind} ${endpointId}`));
  return new Promise((resolve) => {
    const outcomes = [];
    const heard = (outcome) => {
      if (!wanted.delete(outcome.runId)) return;
      outcomes.push(outcome);
      if (wanted.size === 0) resolve({ engine, outcomes });
    };
    const log = pino({ level: 'warn' }, pino.destination(2));
    const engine = new Engine(PROBES, context, log, { outcome: heard, started() {} }, NO_STORE);
    engine.setPlan(plan);
    engine.checkNow(
      plan.items.map(({ endpointId, kind }) => ({ endpointId, kind, runId: `${kind} ${endpointId}`, lane: 'sweep' })),
    );
  });
}

export default async function provinceSweep() {
  const plan = planOf(loadConfig({ env: {}, cwd: import.meta.dirname }));
  const lab = await startLabProcess(ROOMS);
  const media = createMediaPool();
  const { engine: icmp } = openIcmpEngine();
  const sipHub = SipUdpHub.whereSupported();
  const call = caller(media, plan.items.find(({ kind }) => kind === 'sip-call').options);
  const [{ address }] = madeEndpoints(1);
  await call(address);
  const aloneS = (await call(address)).durationMs / 1000;

  const context = { scheduler: systemScheduler, random: systemRandom, media, icmp, sipHub, loopLagMs: () => 0 };
  const startedMs = performance.now();
  const { engine, outcomes } = await sweep(plan, context);
  const wallS = (performance.now() - startedMs) / 1000;
  const load = loadavg()[0];
  await engine.stop();
  icmp.close();
  sipHub?.close();
  await media.close();
  await lab.stop();

  const atOnce = plan.concurrency['sip-call'];
  const calls = outcomes.filter(({ kind }) => kind === 'sip-call');
  const good = (kind) => outcomes.filter((outcome) => outcome.kind === kind && outcome.result === 'pass').length;
  const ideal = { peer: Math.ceil(ROOMS / atOnce) * aloneS, peerName: `ideal of ${atOnce} at once` };
  return {
    rows: [
      row({ name: `${ROOMS} rooms, ping + OPTIONS + call: wall`, ours: wallS, unit: 's', ...ideal, goal: { most: 1.15 } }),
      ...KINDS.map((kind) => row({ name: `good: ${kind}`, ours: good(kind), unit: 'outcomes', goal: { least: ROOMS } })),
      row({ name: 'false loss in calls', ours: qualityOf(calls).lost, unit: 'packets', goal: { most: 0 } }),
      row({ name: 'load at the end', ours: load, unit: '' }),
    ],
    notMeasured: reasonsOf(outcomes).map((reason) => `a good outcome: ${reason}`),
  };
}
