import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import { startLab } from '../../src/lab/lab.js';
import type { MediaLeg, MediaPool, MediaPorts, MediaSession } from '../../src/media/contract.js';
import { createMediaPool, type MediaPoolOptions } from '../../src/media/media-pool.js';
import { until } from '../fixtures/prober-processes.js';
import { runProbe } from '../peers/probe-context.js';

// the built one: `npm run build:server` first
const WORKER = new URL('../../dist/media/media-worker.js', import.meta.url);
const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url);
const BREAKING = fixture('media-worker-that-breaks.mjs');
/** a call to the address breaks the worker of BREAKING in this way, which is told so */
const CRASH = ['crash', '127.66.0.1', 'broken on purpose'] as const;
const EXIT = ['exit', '127.66.0.2', 'it ended with code 3'] as const;
const HANG = ['hang', '127.66.0.3', 'it hung'] as const;
const EAT_MEMORY = ['eat memory', '127.66.0.4', 'out of memory'] as const;

const HOME = '127.0.0.1';

const audioTo = ({ rtp, rtcp }: MediaPorts, remoteAddress = HOME): MediaLeg => ({
  medium: 'audio',
  remoteAddress,
  remoteRtpPort: rtp,
  remoteRtcpPort: rtcp,
  rtcpMux: false,
  payloadType: 8,
  codec: 'PCMA',
  clockRate: 8000,
  send: true,
  receive: true,
});
const videoTo = (ports: MediaPorts): MediaLeg => ({
  ...audioTo(ports),
  medium: 'video',
  payloadType: 97,
  codec: 'H264',
  clockRate: 90_000,
  packetizationMode: 1,
});
const sockets = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
/** of each thread of this process: 0 is what everybody has, 2 real time (SCHED_RR) */
const schedulingPolicies = (): string[] =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38] as string;
  });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the media pool', () => {
  let pool: MediaPool;
  let lost: string[];
  const start = (options: MediaPoolOptions): MediaPool =>
    (pool = createMediaPool({ ...options, onWorkerLost: (why, calls) => lost.push(`${why} (${calls})`) }));
  const open = (video = false, allowed = HOME): Promise<MediaSession> =>
    pool.open({ localAddress: HOME, video, allowedAddresses: [allowed] });
  beforeEach(() => (lost = []));
  afterEach(() => pool.close());

  it('carries sound and picture between two calls, of which none loses anything', async () => {
    start({ entry: WORKER });
    const [one, other] = await Promise.all([open(true), open(true)]);
    const legs = ({ ports }: MediaSession): MediaLeg[] => [audioTo(ports.audio), videoTo(ports.video as MediaPorts)];
    one.start(legs(other));
    other.start(legs(one));
    await pause(1500);
    for (const facts of await Promise.all([one.stop(), other.stop()])) {
      expect(facts.aborted).toBeUndefined();
      for (const medium of [facts.audio, facts.video]) {
        expect(medium?.received.packets).toBeGreaterThan(20);
        expect(medium?.received.expected).toBe(medium?.received.packets);
        expect(medium?.sent.packets).toBeGreaterThan(20);
      }
    }
  });

  it('runs its one thread in real time where that is allowed, and nothing else of the process', async () => {
    const allowed = availableParallelism() > 1 && spawnSync('chrt', ['--rr', '1', 'true']).status === 0;
    start({ entry: WORKER });
    await (await open()).stop();
    expect(schedulingPolicies().filter((policy) => policy !== '0')).toEqual(allowed ? ['2'] : []);
  });

  it.each([CRASH, EXIT, HANG, EAT_MEMORY])(
    'ends the calls of a worker that breaks (%s), and no others; another takes its place',
    async (_how, fatal, why) => {
      const before = sockets();
      start({ entry: BREAKING, workers: 2, callsPerWorker: 1, mostHeapMb: 32 });
      const victim = await open(true, fatal);
      const neighbour = await open();
      const told = new Promise<void>((resolve) => victim.onLost(resolve));
      neighbour.onLost(() => lost.push('the neighbour'));
      neighbour.start([audioTo(neighbour.ports.audio)]);
      victim.start([audioTo(victim.ports.audio, fatal)]);
      await told;
      expect(lost).toEqual([expect.stringMatching(new RegExp(`${why}.* \\(1\\)$`))]);
      expect(await victim.stop()).toMatchObject({ aborted: true });
      expect(await victim.stop()).toMatchObject({ aborted: true });

      // it was ended under way: that nobody but the line's other end can tell is why its sockets are closed for it
      await until(() => sockets() <= before + 2);
      const again = createSocket('udp4').bind(victim.ports.audio.rtp, HOME);
      await once(again, 'listening');
      again.close();

      const replacement = await open();
      expect((await replacement.stop()).aborted).toBeUndefined();
      const facts = await neighbour.stop();
      expect(facts.aborted).toBeUndefined();
      expect(facts.audio?.sent.packets).toBeGreaterThan(5);
      expect(lost).toHaveLength(1);
    },
  );

  it('tells also who asks after the end of the worker', async () => {
    start({ entry: BREAKING });
    const [, fatal] = CRASH;
    const session = await open(false, fatal);
    session.start([audioTo(session.ports.audio, fatal)]);
    await until(() => lost.length > 0);
    await new Promise<void>((resolve) => session.onLost(resolve));
    expect(await session.stop()).toMatchObject({ aborted: true });
  });

  it('says why it has no media when no worker lives to its first call', async () => {
    start({ entry: fixture('media-worker-stillborn.mjs') });
    await expect(open()).rejects.toThrow('stillborn on purpose');
    // the first and the one in its place, not a third
    expect(lost).toHaveLength(2);
  });

  it('rejects for want of a local address, and the worker lives on', async () => {
    start({ entry: WORKER });
    await expect(pool.open({ localAddress: '192.0.2.77', video: false, allowedAddresses: [] })).rejects.toThrow(
      'no free port pair',
    );
    await (await open()).stop();
    expect(lost).toEqual([]);
  });

  it('leaves no socket behind when it is closed under its calls', async () => {
    const before = sockets();
    start({ entry: WORKER });
    await Promise.all(Array.from({ length: 20 }, () => open(true)));
    expect(sockets()).toBeGreaterThanOrEqual(before + 80);
    await pool.close();
    await until(() => sockets() <= before);
  });

  it('fills a worker with 300 calls, then starts others up to its limit, then shares evenly', async () => {
    start({ entry: fixture('media-worker-numbered.mjs'), workers: 3 });
    const perThread = new Map<number, number>();
    const openMore = async (count: number): Promise<number[]> => {
      for (let i = 0; i < count; i++) {
        const { rtp } = (await open()).ports.audio;
        perThread.set(rtp, (perThread.get(rtp) ?? 0) + 1);
      }
      return [...perThread.values()];
    };
    expect(await openMore(300)).toEqual([300]);
    expect(await openMore(1)).toEqual([300, 1]);
    expect(await openMore(599)).toEqual([300, 300, 300]);
    expect(await openMore(30)).toEqual([310, 310, 310]);
  });

  it.each([CRASH, HANG])('lets a call to a real endpoint end with BYE when its worker breaks (%s)', async (_how, room, why) => {
    const lab = await startLab({ endpoints: madeEndpoints(3, '127.66') });
    try {
      start({ entry: BREAKING });
      const outcome = await runProbe('sip-call', `sip:room@${room}`, { holdS: 12 }, { media: pool });
      expect(outcome).toMatchObject({
        result: 'inconclusive',
        reason: 'aborted',
        detail: { endedBy: 'us', byeAnswered: true },
      });
      expect(lab.find(room)).toMatchObject({ inCall: false, calls: 1 });
      expect(lost).toEqual([expect.stringContaining(why)]);
    } finally {
      await lab.stop();
    }
  });
});
