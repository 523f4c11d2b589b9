// Rooms called once with sound and picture, so many at once, against the least time that so many calls can take.
import { loadavg } from 'node:os';
import { madeEndpoints } from '../../../dist/lab/endpoints/endpoint-list.js';
import { createMediaPool } from '../../../dist/media/media-pool.js';
import { caller, qualityOf, reasonsOf } from './call.mjs';
import { startLabProcess } from './lab.mjs';
import { inFlight } from './loopback.mjs';
import { row } from './report.mjs';

const ROOMS = 148;
const HOLD_S = 6;
/** 24 is the default of the prober */
const AT_ONCE = [24, 50, 148];

async function sweep(addresses, atOnce, call) {
  const outcomes = [];
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await inFlight(addresses, atOnce, async (address) => outcomes.push(await call(address)));
  const wallS = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { outcomes, wallS, cpuMs: (user + system) / 1000 / addresses.length, load: loadavg()[0] };
}

function rowsOf(atOnce, { outcomes, wallS, cpuMs, load }, aloneS) {
  const name = `${ROOMS} calls, ${atOnce} at once`;
  const { worstJitterMs, lost } = qualityOf(outcomes);
  const good = outcomes.filter(({ result }) => result === 'pass').length;
  const ideal = { peer: Math.ceil(ROOMS / atOnce) * aloneS, peerName: 'ideal' };
  return [
    row({ name: `${name}: wall`, ours: wallS, unit: 's', ...ideal, goal: { most: 1.15 } }),
    row({ name: `${name}: good`, ours: good, unit: 'calls', goal: { least: ROOMS } }),
    row({ name: `${name}: false loss`, ours: lost, unit: 'packets', goal: { most: 0 } }),
    row({ name: `${name}: worst stream's jitter (load ${load.toFixed(1)})`, ours: worstJitterMs, unit: 'ms', goal: { most: 1 } }),
    row({ name: `${name}: our CPU per call`, ours: cpuMs, unit: 'ms' }),
  ];
}

/** @param kind of call */
export async function callSweep(kind) {
  const lab = await startLabProcess(ROOMS);
  const media = createMediaPool();
  const call = caller(media, { holdS: HOLD_S }, kind);
  const addresses = madeEndpoints(ROOMS).map(({ address }) => address);
  // set-up and hanging up of a call that has the machine to itself, after one that warms both sides
  await call(addresses[0]);
  const aloneS = (await call(addresses[0])).durationMs / 1000;
  const rows = [row({ name: 'one call alone', ours: aloneS, unit: 's' })];
  const notMeasured = ['a line: lab and caller share this machine, and the jitter is that of both'];
  for (const atOnce of AT_ONCE) {
    const swept = await sweep(addresses, atOnce, call);
    rows.push(...rowsOf(atOnce, swept, aloneS));
    for (const reason of reasonsOf(swept.outcomes)) notMeasured.push(`a good call, ${atOnce} at once: ${reason}`);
    const { unjudged } = qualityOf(swept.outcomes);
    if (unjudged > 0) notMeasured.push(`jitter of ${unjudged} streams, ${atOnce} at once: our own sending was late`);
  }
  await media.close();
  await lab.stop();
  return { rows, notMeasured };
}
