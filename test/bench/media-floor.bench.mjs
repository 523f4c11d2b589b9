// The floor of our own media: what sound and picture of 148 calls look like when the line is perfect and the machine is busy.
// Ours (kernel sockets in a media worker) against the same engine on Node's dgram, in a worker and in the busy thread itself.
import { readdirSync, readFileSync } from 'node:fs';
import { createMediaPool } from '../../dist/media/media-pool.js';
import { MediaEngine } from '../../dist/media/media-engine.js';
import { DgramMediaNetwork } from '../../dist/net/dgram-media-network.js';
import { startChild } from './lib/child.mjs';
import { openCalls, startCalls, stopCalls } from './lib/media-calls.mjs';
import { median, row } from './lib/report.mjs';

const CALLS = 148;
const ROUNDS = 3;
const ROUND_MS = 8_000;
/** as much code as the rounds run is compiled by then, as it is in a prober that runs for weeks */
const WARM_UP = { calls: 148, ms: 9_000 };
const NEAR = '127.70.0.1';
const FAR = '127.70.0.2';
const BUSY_MS = 10;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const threads = () => readdirSync('/proc/self/task');
/** CPU time of one thread of this process, from the scheduler, in ns */
const threadCpuS = (thread) => Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;

/** This thread works for 10 ms of every 20, as one does that renders, parses and logs. */
function beBusy() {
  let busy = true;
  const work = () => {
    const untilMs = performance.now() + BUSY_MS;
    while (performance.now() < untilMs);
    if (busy) setTimeout(work, BUSY_MS);
  };
  work();
  return () => (busy = false);
}

/** @returns how the calls went, as both sides saw them, and what the media thread cost */
async function run(media, peer, { calls, ms }, thread) {
  const farPorts = await peer.ask({ order: 'open', count: calls });
  const sessions = await openCalls(media, calls, NEAR, FAR);
  const rest = beBusy();
  const farStarted = peer.ask({ order: 'start', ports: sessions.map(({ ports }) => ports) });
  await startCalls(sessions, FAR, farPorts);
  await farStarted;
  const cpuBefore = thread && threadCpuS(thread);
  const startedMs = performance.now();
  await pause(ms);
  const cpuShare = thread && (threadCpuS(thread) - cpuBefore) / ((performance.now() - startedMs) / 1000);
  const near = await stopCalls(sessions);
  const far = await peer.ask({ order: 'stop' });
  rest();
  return {
    jitterInMs: near.worstJitterMs,
    jitterOutMs: far.worstJitterMs,
    pacingLateMs: near.pacingLateMs,
    worstPacingLateMs: near.worstPacingLateMs,
    lost: near.lost + far.lost,
    packets: near.packets + far.packets,
    cpuPercent: cpuShare && 100 * cpuShare,
    farPacingLateMs: far.pacingLateMs,
  };
}

/** The thread that a pool starts with its first call. */
async function startedThread(media) {
  const before = new Set(threads());
  await (await openCalls(media, 1, NEAR, FAR))[0].stop();
  const started = threads().filter((thread) => !before.has(thread));
  return started.sort((a, b) => threadCpuS(b) - threadCpuS(a))[0];
}

export default async function mediaFloor() {
  const peer = await startChild('media-peer.mjs', FAR, NEAR);
  const pools = {
    ours: createMediaPool({ workers: 1 }),
    'dgram worker': createMediaPool({ workers: 1, entry: new URL('./lib/dgram-media-worker.mjs', import.meta.url) }),
  };
  const variants = [];
  for (const [name, media] of Object.entries(pools)) variants.push({ name, media, thread: await startedThread(media), runs: [] });
  variants.push({ name: 'dgram here', media: new MediaEngine(new DgramMediaNetwork()), runs: [] });

  for (const { media, thread } of variants) await run(media, peer, WARM_UP, thread);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { media, thread, runs } of variants) runs.push(await run(media, peer, { calls: CALLS, ms: ROUND_MS }, thread));
  }
  for (const { media } of variants) await media.close();
  await peer.stop();
  return { rows: rowsOf(variants), notMeasured: notMeasuredOf(variants) };
}

const FIGURES = [
  { what: 'worst stream jitter, received', key: 'jitterInMs', unit: 'ms', goal: { most: 0.2 } },
  { what: 'worst stream jitter, sent', key: 'jitterOutMs', unit: 'ms', goal: { most: 0.2 } },
  { what: 'pacing p99, median call', key: 'pacingLateMs', unit: 'ms', goal: { most: 0.3 } },
  // above 2 ms a call's jitter counts as not measured
  { what: 'pacing p99, worst call', key: 'worstPacingLateMs', unit: 'ms', goal: { most: 2 } },
  { what: 'lost', key: 'lost', unit: 'packets', goal: { most: 0 }, worst: true },
  { what: 'CPU of the media thread', key: 'cpuPercent', unit: '% of a core', goal: { most: 60 } },
];

function rowsOf([ours, ...others]) {
  const of = ({ runs }, { key, worst }) => (worst ? Math.max : (...all) => median(all))(...runs.map((one) => one[key]));
  return FIGURES.flatMap((figure) => {
    const { what, unit, goal } = figure;
    const absolute = row({ name: what, ours: of(ours, figure), unit, goal });
    const against = others
      .map((other) => ({ peer: of(other, figure), peerName: other.name }))
      // 0 is no divisor, and the busy thread's own CPU time is not its media's
      .filter(({ peer }) => peer > 0)
      .map(({ peer, peerName }) => row({ name: `${what} / ${peerName}`, ours: of(ours, figure), unit, peer, peerName }));
    return [absolute, ...against];
  });
}

function notMeasuredOf([ours]) {
  const packets = median(ours.runs.map((one) => one.packets));
  const farLateMs = median(ours.runs.map(({ farPacingLateMs }) => farPacingLateMs));
  return [
    'a line: both sides are on loopback, where a send runs the receiver too',
    `the far side apart: it is our own media worker in another process on the same cores, ${farLateMs.toPrecision(2)} ms late at p99 itself; ` +
      `received jitter is its pacing and our stamps together (${packets} packets a round, both ways)`,
  ];
}
