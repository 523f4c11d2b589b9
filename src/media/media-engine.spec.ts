import { systemClock } from '../common/clock.js';
import { ManualScheduler } from '../common/manual-scheduler.js';
import { DgramMediaNetwork } from '../net/dgram-media-network.js';
import { KernelMediaNetwork } from '../net/kernel-media-network.js';
import type { MediaNetwork } from '../net/media-sockets.js';
import type { MediaFacts, MediaLeg, MediaPorts, MediaSession } from './contract.js';
import { MediaEngine } from './media-engine.js';
import { countingRandom, MemoryMediaNetwork } from './testing/memory-media-network.js';

const HOME = '127.0.0.1';
const audioTo = ({ rtp, rtcp }: MediaPorts): MediaLeg => ({
  medium: 'audio',
  remoteAddress: HOME,
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
  packetizationMode: 0,
});
const legsTo = ({ ports }: MediaSession): MediaLeg[] => [audioTo(ports.audio), ...(ports.video ? [videoTo(ports.video)] : [])];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const kernel = KernelMediaNetwork.open();
const networks: [string, MediaNetwork | undefined][] = [
  [DgramMediaNetwork.name, new DgramMediaNetwork()],
  [KernelMediaNetwork.name, kernel.ok ? kernel.value : undefined],
];

for (const [name, network] of networks) {
  (network ? describe : describe.skip)(`${MediaEngine.name} on ${name}${network ? '' : ' (not supported here)'}`, () => {
    let engine: MediaEngine;
    beforeAll(() => (engine = new MediaEngine(network as MediaNetwork)));
    afterAll(() => engine.close());
    const open = (video = true): Promise<MediaSession> => engine.open({ localAddress: HOME, video, allowedAddresses: [HOME] });

    it('lets many calls send and hear each other at once, and loses nothing', async () => {
      const calls = await Promise.all(Array.from({ length: 12 }, () => open()));
      calls.forEach((call, i) => call.start(legsTo(calls[i ^ 1] as MediaSession)));
      await pause(1_200);
      const all = await Promise.all(calls.map((call) => call.stop()));
      all.forEach((facts, i) => {
        const peer = all[i ^ 1] as MediaFacts;
        for (const medium of ['audio', 'video'] as const) {
          const received = facts[medium]?.received;
          expect(received?.packets).toBeGreaterThan(20);
          expect(received).toMatchObject({ expected: received?.packets, duplicates: 0, malformed: 0, fromElsewhere: 0 });
          expect(received?.packets).toBeLessThanOrEqual(peer[medium]?.sent.packets ?? 0);
          expect(facts[medium]?.sent.reports).toBeGreaterThan(0);
        }
        expect(facts.clock).toBe(network?.clock);
      });
    });

    it('goes on with the others when one ends, and begins again after all have', async () => {
      const [ending, staying, peer] = await Promise.all([open(false), open(false), open(false)]);
      ending.start(legsTo(peer));
      staying.start(legsTo(peer));
      await pause(100);
      await ending.stop();
      const afterEnd = (await staying.stop()).audio?.sent.packets ?? 0;
      expect(afterEnd).toBeGreaterThan(0);
      await peer.stop();
      await pause(50);
      const late = await open(false);
      late.start(legsTo(late));
      await pause(150);
      expect((await late.stop()).audio?.sent.packets).toBeGreaterThan(1);
    });

    it('stops twice with the same facts, and never starts after its stop', async () => {
      const call = await open(false);
      call.start(legsTo(call));
      await pause(60);
      const facts = await call.stop();
      call.start(legsTo(call));
      await pause(60);
      expect(await call.stop()).toEqual(facts);
    });
  });
}

describe(MediaEngine.name, () => {
  const network = (scheduler = new ManualScheduler()) => new MemoryMediaNetwork(scheduler);
  const request = { localAddress: HOME, video: true, allowedAddresses: [HOME] };

  it('takes the ports of a call back that does not begin within two minutes', async () => {
    const scheduler = new ManualScheduler();
    const memory = network(scheduler);
    const engine = new MediaEngine(memory, scheduler, countingRandom());
    const call = await engine.open(request);
    scheduler.advance(119_999);
    expect(memory.open).toHaveLength(4);
    scheduler.advance(1);
    expect(memory.open).toEqual([]);
    call.start(legsTo(call));
    expect((await call.stop()).activeMs).toBe(0);
  });

  it('leaves its ports to a call that has begun, and no timer to one that has ended', async () => {
    const scheduler = new ManualScheduler();
    const memory = network(scheduler);
    const engine = new MediaEngine(memory, scheduler, countingRandom());
    const call = await engine.open(request);
    call.start([]);
    expect(scheduler.pendingCount).toBe(0);
    expect(memory.open).toHaveLength(4);
    await call.stop();
    await (await engine.open(request)).stop();
    expect(scheduler.pendingCount).toBe(0);
  });

  it('closes also calls that have not begun', async () => {
    const closed: number[] = [];
    const sockets: MediaNetwork = {
      clock: 'user',
      bind: (_address, port) => Promise.resolve({ port, send: () => true, close: () => void closed.push(port) }),
      wait: () => pause(1),
      close: () => undefined,
    };
    const engine = new MediaEngine(sockets, { ...systemClock, after: () => () => undefined }, countingRandom());
    const { ports } = await engine.open(request);
    engine.close();
    expect(closed.sort()).toEqual([ports.audio.rtp, ports.audio.rtcp, ports.video?.rtp, ports.video?.rtcp].sort());
  });
});
