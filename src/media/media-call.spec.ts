import { ManualScheduler } from '../common/manual-scheduler.js';
import type { MediaSocket } from '../net/media-sockets.js';
import { buildCompound, parseRtcpCompound, type RtcpPacket, writeReceiverReport, writeSdes } from '../protocols/rtp/rtcp.js';
import { isRtcp, parseRtp, type RtpPacket, writeRtp } from '../protocols/rtp/rtp-packet.js';
import { countingRandom, MemoryMediaNetwork, type SentDatagram } from './testing/memory-media-network.js';
import type { MediaFacts, MediaLeg, Medium } from './contract.js';
import { MediaCall, NoFreePortError } from './media-call.js';

const [A, B, STRANGER] = ['10.0.0.1', '10.0.0.2', '10.0.0.66'];

let scheduler: ManualScheduler;
let network: MemoryMediaNetwork;
let random: ReturnType<typeof countingRandom>;
beforeEach(() => {
  scheduler = new ManualScheduler();
  network = new MemoryMediaNetwork(scheduler);
  random = countingRandom();
});

const open = (localAddress: string, peer: string, video = true): Promise<MediaCall> =>
  MediaCall.open({ localAddress, video, allowedAddresses: [peer] }, network, scheduler, random);

const leg = (
  medium: Medium,
  remoteAddress: string,
  ports: { rtp: number; rtcp: number },
  part: Partial<MediaLeg> = {},
): MediaLeg => ({
  medium,
  remoteAddress,
  remoteRtpPort: ports.rtp,
  remoteRtcpPort: ports.rtcp,
  rtcpMux: false,
  send: true,
  receive: true,
  ...(medium === 'audio'
    ? { payloadType: 8, codec: 'PCMA', clockRate: 8000 }
    : { payloadType: 96, codec: 'H264', clockRate: 90_000, packetizationMode: 1 }),
  ...part,
});

/** What the other side's answer would have named. */
const legsTo = (address: string, { ports }: MediaCall): MediaLeg[] => [
  leg('audio', address, ports.audio),
  ...(ports.video ? [leg('video', address, ports.video)] : []),
];

/** Time goes on in milliseconds, as the engine's loop would drive it. */
function run(forMs: number, ...calls: MediaCall[]): void {
  for (let passed = 0; passed < forMs; passed++) {
    scheduler.advance(1);
    const nowMs = scheduler.monotonicMs();
    for (const call of calls) if (call.nextMs <= nowMs) call.proceed(nowMs);
  }
}

const of = (facts: MediaFacts, medium: Medium) => {
  const found = facts[medium];
  if (!found) throw new Error(`no ${medium}`);
  return found;
};
const rtpFrom = (address: string, port: number): RtpPacket[] =>
  network.sent.flatMap(({ data, from }) => {
    const parsed = from.address === address && from.port === port && !isRtcp(data) ? parseRtp(data) : undefined;
    return parsed?.ok ? [parsed.value] : [];
  });
const rtcpFrom = (address: string): (RtcpPacket & { atMs: number })[] =>
  network.sent.flatMap(({ data, from, atMs }) => {
    const parsed = from.address === address && isRtcp(data) ? parseRtcpCompound(data) : undefined;
    return parsed?.ok ? parsed.value.map((packet) => ({ ...packet, atMs })) : [];
  });
const isRtpTo =
  (address: string) =>
  ({ data, to }: SentDatagram): boolean =>
    !isRtcp(data) && to.address === address;

async function pair(): Promise<[MediaCall, MediaCall]> {
  const [a, b] = [await open(A, B), await open(B, A)];
  a.start(legsTo(B, b), 0);
  b.start(legsTo(A, a), 7);
  return [a, b];
}

describe('two calls that are each other’s peer', () => {
  it('hear and see all of each other, and each learns it from the other’s reports', async () => {
    const [a, b] = await pair();
    run(6_000, a, b);
    for (const medium of ['audio', 'video'] as const) {
      const { received, sent } = of(a.facts(), medium);
      expect(received).toMatchObject({
        duplicates: 0,
        reordered: 0,
        fromElsewhere: 0,
        ssrcChanges: 0,
        ownEcho: 0,
        malformed: 0,
        unexpectedPayloadType: 0,
      });
      expect(received.packets).toBeGreaterThan(medium === 'audio' ? 295 : 170);
      expect(received.expected).toBe(received.packets);
      expect(sent).toMatchObject({ advancing: true, lossRatio: 0, refused: 0, unreachable: 0 });
      // there and back on a line of 20 ms, to the fractions of LSR and DLSR
      expect(sent.rttMs).toBeCloseTo(40, 0);
    }
  });

  it('hear a quiet room and see the slide', async () => {
    const [a, b] = await pair();
    run(3_000, a, b);
    const { audio, video } = a.facts();
    expect(audio?.received.levelDbov).toBeCloseTo(-60, 0);
    expect(audio?.received.silentRatio).toBeLessThan(0.2);
    expect(video?.received.keyframes).toBeGreaterThan(0);
    expect(video?.received.frames).toBeGreaterThan(85);
    expect(video?.received.medianFrameBytes).toBeGreaterThan(0);
  });

  it('count what the line lost, on both sides', async () => {
    let nth = 0;
    network.line = (datagram) => (isRtpTo(B)(datagram) && ++nth % 10 === 0 ? [] : [datagram]);
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    a.start(legsTo(B, b), 0);
    b.start(legsTo(A, a), 0);
    run(6_000, a, b);
    const { received } = of(b.facts(), 'audio');
    expect(1 - received.packets / received.expected).toBeCloseTo(0.1, 1);
    expect(of(a.facts(), 'audio').sent.lossRatio).toBeCloseTo(0.1, 1);
    expect(of(b.facts(), 'audio').sent.lossRatio).toBe(0);
  });

  it('send no RTP towards a peer that only wants to be heard, but report to it', async () => {
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    a.start([leg('audio', B, b.ports.audio, { send: false })], 0);
    b.start(legsTo(A, a), 0);
    run(4_000, a, b);
    expect(rtpFrom(A, a.ports.audio.rtp)).toEqual([]);
    expect(rtcpFrom(A).map(({ type }) => type)).toContain('RR');
    expect(of(b.facts(), 'audio').sent.advancing).toBe(true);
  });

  it('put reports on the media port where that was agreed (RFC 5761)', async () => {
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    a.start([leg('audio', B, b.ports.audio, { rtcpMux: true })], 0);
    b.start([leg('audio', A, a.ports.audio, { rtcpMux: true })], 0);
    run(3_500, a, b);
    expect(network.sent.filter(({ data, to }) => isRtcp(data) && to.port !== b.ports.audio.rtp && to.address === B)).toEqual([]);
    expect(of(a.facts(), 'audio')).toMatchObject({ sent: { advancing: true }, received: { malformed: 0 } });
  });

  it('keep a report of a stepped wall clock out of the round trip', async () => {
    const [a, b] = await pair();
    run(1_000, a, b);
    scheduler.stepWall(-30_000);
    run(5_000, a, b);
    expect(of(a.facts(), 'audio').sent.rttMs).toBeCloseTo(40, 0);
  });
});

describe('a line that is dead one way', () => {
  it('leaves the sender without a report, though it hears the other', async () => {
    network.line = (datagram) => (isRtpTo(B)(datagram) ? [] : [datagram]);
    const [a, b] = await pair();
    run(6_000, a, b);
    for (const medium of ['audio', 'video'] as const) {
      expect(of(a.facts(), medium)).toMatchObject({ sent: { reports: 0, advancing: false } });
      expect(of(a.facts(), medium).sent.lossRatio).toBeUndefined();
      expect(of(a.facts(), medium).sent.rtcpReceived).toBeGreaterThan(0);
      expect(of(a.facts(), medium).received.packets).toBeGreaterThan(0);
      expect(of(b.facts(), medium).received.packets).toBe(0);
    }
  });

  it('shows reports that stand still when it dies under the call', async () => {
    const [a, b] = await pair();
    // sound alone: the picture goes on and keeps the other side reporting
    const dies = ({ data, to, atMs }: SentDatagram): boolean => !isRtcp(data) && to.port === b.ports.audio.rtp && atMs > 100;
    network.line = (datagram) => (dies(datagram) ? [] : [datagram]);
    run(8_000, a, b);
    const { sent } = of(a.facts(), 'audio');
    expect(sent.reports).toBeGreaterThan(1);
    expect(sent.advancing).toBe(false);
  });
});

it('reports of calls that begin together leave apart, the first within 375 ms (RFC 3550 6.3.1)', async () => {
  const [a, b] = await pair();
  run(12_000, a, b);
  const times = rtcpFrom(A).flatMap(({ type, atMs }) => (type === 'SR' ? [atMs] : []));
  const [first = Infinity, second = Infinity] = times;
  expect(first).not.toBe(second);
  for (const early of [first, second]) {
    expect(early).toBeGreaterThanOrEqual(125);
    expect(early).toBeLessThan(400);
  }
  // of sound and picture together: each at most every 1.25 s and at least every 3.75 s
  expect(times.length).toBeGreaterThanOrEqual(2 * 4);
  expect(times.length).toBeLessThanOrEqual(2 * 10);
});

describe('consent', () => {
  it('ends when nothing comes back, and comes again with the right time stamp', async () => {
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    a.start(legsTo(B, b), 0);
    run(8_000, a);
    const before = rtpFrom(A, a.ports.audio.rtp);
    expect(before).toHaveLength(2_000 / 20 + 1);
    expect(network.sent.filter(({ atMs }) => atMs > 2_000)).toEqual([]);

    b.start(legsTo(A, a), 0);
    run(1_000, a, b);
    const after = rtpFrom(A, a.ports.audio.rtp).slice(before.length);
    const [last, first] = [before.at(-1), after[0]];
    if (!last || !first) throw new Error('nothing was sent again');
    const frames = ((first.timestamp - last.timestamp) >>> 0) / 160;
    expect(frames).toBeGreaterThan(100);
    expect(Number.isInteger(frames)).toBe(true);
    expect((first.sequenceNumber - last.sequenceNumber) & 0xffff).toBe(1);
    // the first sound after silence (RFC 3551 4.1)
    expect([before[0]?.marker, before[1]?.marker, first.marker, after[1]?.marker]).toEqual([true, false, true, false]);
  });

  it('is not given by our own echo', async () => {
    network.line = ({ data, from, to, atMs }) => [{ data, from: to, to: from, atMs }];
    const a = await open(A, B, false);
    a.start([leg('audio', B, { rtp: 30_000, rtcp: 30_001 })], 0);
    run(9_000, a);
    const { received, sent } = of(a.facts(), 'audio');
    expect(received).toMatchObject({ packets: 0, ownEcho: network.sent.length, malformed: 0 });
    expect(sent).toMatchObject({ packets: 2_000 / 20 + 1, rtcpReceived: 0, reports: 0, advancing: false });
  });

  it('is given by reports alone', async () => {
    network.line = (datagram) => (isRtpTo(A)(datagram) ? [] : [datagram]);
    const [a, b] = await pair();
    run(9_000, a, b);
    // each report, one in 2.5 s, gives two more seconds
    expect(of(a.facts(), 'audio').sent.packets).toBeGreaterThan(340);
    expect(of(a.facts(), 'audio').sent).toMatchObject({ advancing: true, lossRatio: 0 });
  });

  it('that was lost does not spoil the verdict of a single report after five seconds', async () => {
    const a = await open(A, B, false);
    const events = { datagram: () => undefined, unreachable: () => undefined, dropped: () => undefined };
    const peer = (await network.bind(B, 30_001, events)) as MediaSocket;
    a.start([leg('audio', B, { rtp: 30_000, rtcp: 30_001 })], 0);
    run(5_000, a);
    const heard = rtpFrom(A, a.ports.audio.rtp);
    expect(heard).toHaveLength(2_000 / 20 + 1);

    const { ssrc = 0, sequenceNumber = 0 } = heard.at(-1) ?? {};
    const block = { ssrc, fractionLost: 0, cumulativeLost: 0, highestSequence: sequenceNumber, jitter: 8, lsr: 0, dlsr: 0 };
    const report = Buffer.from(buildCompound([writeReceiverReport({ ssrc: 77, reports: [block] }), writeSdes(77, 'peer')]));
    peer.send(report, report.length, A, a.ports.audio.rtcp);
    run(1_000, a);
    const { sent } = of(a.facts(), 'audio');
    expect(sent).toMatchObject({ reports: 1, advancing: true, lossRatio: 0 });
    expect(sent.packets).toBeGreaterThan(140);
  });
});

describe('the end of a call', () => {
  it('comes after 12.5 s whatever the call’s own logic does', async () => {
    const [a, b] = await pair();
    run(16_000, a, b);
    expect([a.running, b.running]).toEqual([false, false]);
    expect(network.open).toEqual([]);
    expect(network.sent.filter(({ atMs }) => atMs > 12_500)).toEqual([]);
  });

  it('comes then also for a call that has no stream to send', async () => {
    const a = await open(A, B);
    a.start([], 0);
    run(16_000, a);
    expect(a.running).toBe(false);
    expect(network.open).toEqual([]);
  });

  it('says goodbye, gives the ports back and keeps the facts', async () => {
    const [a, b] = await pair();
    run(1_000, a, b);
    a.end();
    expect(rtcpFrom(A).filter(({ type }) => type === 'BYE')).toHaveLength(2);
    expect(network.open.filter((key) => key.startsWith(A))).toEqual([]);
    const facts = a.facts();
    const sent = network.sent.length;
    run(1_000, a);
    a.end();
    a.start(legsTo(B, b), 0);
    run(1_000, a);
    expect(a.facts()).toEqual(facts);
    expect(facts).toMatchObject({ activeMs: 1_000, clock: 'user' });
    expect(network.sent).toHaveLength(sent);
  });

  it('has no facts of streams when it never started', async () => {
    const a = await open(A, B);
    a.end();
    expect(a.facts()).toEqual({ activeMs: 0, pacingLateMs: 0, clock: 'user' });
    expect(network.sent).toEqual([]);
  });
});

describe('ports', () => {
  it('are even for RTP and the next for RTCP', async () => {
    const { audio, video } = (await open(A, B)).ports;
    for (const ports of [audio, video]) {
      expect((ports?.rtp ?? 1) % 2).toBe(0);
      expect(ports?.rtcp).toBe((ports?.rtp ?? 0) + 1);
    }
  });

  it('are refused when none is free, and none stays taken', async () => {
    const bind = network.bind.bind(network);
    let bound = 0;
    network.bind = (...args) => (++bound > 2 ? Promise.resolve(null) : bind(...args));
    await expect(open(A, B)).rejects.toThrow(NoFreePortError);
    expect(network.open).toEqual([]);
  });

  it('are given back one by one when only the odd one is taken', async () => {
    const other = countingRandom();
    // the call draws its source number and then ports
    other.uint32();
    const port = 20_000 + 2 * (other.uint32() % 19_999);
    network.taken.add(`${A}:${port + 1}`);
    const a = await open(A, B, false);
    expect(a.ports.audio.rtp).not.toBe(port);
    expect(network.open).toHaveLength(2);
  });
});

describe('the target rule', () => {
  it.each([
    ['a stranger', STRANGER, 30_000],
    ['a multicast group', '239.0.0.1', 30_000],
    ['a port of a service', B, 53],
  ])('lets nothing go to %s', async (_title, address, port) => {
    const a = await open(A, B);
    a.start([leg('audio', address, { rtp: port, rtcp: port }), leg('video', address, { rtp: port, rtcp: port })], 0);
    run(2_000, a);
    a.end();
    expect(network.sent).toEqual([]);
    for (const medium of ['audio', 'video'] as const) {
      const { sent } = of(a.facts(), medium);
      expect(sent.packets).toBe(0);
      expect(sent.refused).toBeGreaterThan(50);
    }
  });

  it('holds for a change during the call', async () => {
    const [a, b] = await pair();
    run(500, a, b);
    a.start([leg('audio', STRANGER, { rtp: 30_000, rtcp: 30_001 })], 0);
    run(500, a, b);
    expect(network.sent.filter(({ to }) => to.address === STRANGER)).toEqual([]);
    expect(of(a.facts(), 'audio').sent.refused).toBeGreaterThan(20);
  });
});

describe('a change during the call', () => {
  it('moves to the new port and codec and goes on counting', async () => {
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    const c = await open(B, A, false);
    a.start(legsTo(B, b), 0);
    b.start(legsTo(A, a), 0);
    run(1_000, a, b);
    a.start([leg('audio', B, c.ports.audio, { payloadType: 0, codec: 'PCMU' })], 0);
    c.start([leg('audio', A, a.ports.audio, { payloadType: 0, codec: 'PCMU' })], 0);
    run(1_000, a, c);
    const { received } = of(c.facts(), 'audio');
    expect(received.unexpectedPayloadType).toBe(0);
    expect(received.packets).toBeGreaterThan(45);
    // mu-law read as A-law would be far louder
    expect(received.levelDbov).toBeCloseTo(-60, 0);
    const sequences = rtpFrom(A, a.ports.audio.rtp).map(({ sequenceNumber }) => sequenceNumber);
    expect(sequences).toEqual(sequences.map((_, i) => (sequences[0] ?? 0) + i));
    expect(of(a.facts(), 'audio').received).toMatchObject({ ssrcChanges: 1 });
  });
});

describe('a peer’s picture without a keyframe', () => {
  const peer = { rtp: 30_000, rtcp: 30_001 };
  let socket: MediaSocket;
  let sequence: number;

  const picture = (type: number): void => {
    const packet = Buffer.alloc(64);
    const fields = { marker: true, payloadType: 96, sequenceNumber: ++sequence, timestamp: sequence * 3000, ssrc: 77 };
    socket.send(packet, writeRtp(packet, fields, Uint8Array.of(0x60 | type, 1, 2)), A, call.ports.video?.rtp ?? 0);
  };
  let call: MediaCall;
  beforeEach(async () => {
    sequence = 0;
    call = await open(A, B);
    const events = { datagram: () => undefined, unreachable: () => undefined, dropped: () => undefined };
    socket = (await network.bind(B, peer.rtp, events)) as MediaSocket;
    call.start([leg('video', B, peer)], 0);
  });
  const requests = () =>
    rtcpFrom(A).flatMap((packet) => (packet.type === 'PSFB' ? [[packet.format, packet.firTargets[0] ?? packet.mediaSsrc]] : []));

  it('is asked for with PLI, then twice with FIR, then twice through the signalling, and no more', () => {
    const missing: number[] = [];
    call.onKeyframeMissing = () => missing.push(scheduler.monotonicMs());
    for (let i = 0; i < 60; i++) {
      picture(1);
      run(100, call);
    }
    expect(requests()).toEqual([
      [1, 77],
      [4, 77],
      [4, 77],
    ]);
    expect(missing.map((atMs) => Math.floor(atMs / 100) * 100)).toEqual([3_500, 4_500]);
  });

  it('is not asked for any more once a keyframe has come', () => {
    for (let i = 0; i < 60; i++) {
      picture(i === 10 ? 5 : 1);
      run(100, call);
    }
    expect(requests()).toEqual([[1, 77]]);
    expect(of(call.facts(), 'video').received).toMatchObject({ keyframes: 1, frames: 60 });
  });

  it('is asked of nobody while nobody sends', () => {
    run(5_000, call);
    expect(requests()).toEqual([]);
  });
});

describe('the figures of the call itself', () => {
  it('say how late its sends were', async () => {
    const a = await open(A, B, false);
    a.start([leg('audio', B, { rtp: 30_000, rtcp: 30_001 })], 0);
    scheduler.advance(9);
    a.proceed(scheduler.monotonicMs());
    expect(a.facts().pacingLateMs).toBe(9);
  });

  it('count the first packet from the start, not from the call’s share of the spread', async () => {
    const [a, b] = [await open(A, B, false), await open(B, A, false)];
    b.start(legsTo(A, a), 0);
    run(15, b);
    a.start(legsTo(B, b), 19);
    run(100, a, b);
    expect(of(a.facts(), 'audio').received.firstAfterMs).toBe(6);
  });

  it('stand up to any bytes', async () => {
    const [a, b] = await pair();
    const junk = [Buffer.alloc(0), Buffer.from([0x80]), Buffer.alloc(1500, 0xff), Buffer.from('80c90001', 'hex')];
    network.line = (datagram) => [datagram, ...junk.map((data) => ({ ...datagram, data }))];
    run(1_000, a, b);
    const { received } = of(a.facts(), 'audio');
    expect(received.malformed).toBeGreaterThan(0);
    expect(received.packets).toBe(received.expected);
  });
});
