import { parseRtp, type RtpPacket } from '../../protocols/rtp/rtp-packet.js';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import { HEALTHY, type Behaviour } from '../faults/behaviour.js';
import { seededFractions } from '../faults/seeded-random.js';
import type { MediaLoop } from './loops.js';
import { PacedLoop } from './paced-loop.js';
import { RtpSender } from './rtp-sender.js';

const loopOf = (mark: number): MediaLoop => ({
  packets: [0, 1, 2].map((index) => ({
    payload: Uint8Array.of(mark, index),
    marker: index === 2,
    timestamp: index * 160,
    offsetMs: index * 20,
  })),
  durationMs: 60,
  durationUnits: 480,
});

function setUp(behaviour: Partial<Behaviour> = {}) {
  const scheduler = new ManualScheduler();
  const paced = new PacedLoop(scheduler);
  const sent: { atMs: number; packet: RtpPacket }[] = [];
  const now = { loop: loopOf(1), behaviour: { ...HEALTHY, ...behaviour }, mayReceive: true };
  const sender = new RtpSender(
    { ssrc: 7, payloadType: 8, clockRate: 8000, firstSequence: 65_534, firstTimestamp: 0xffff_ff00 },
    {
      loop: () => now.loop,
      behaviour: () => now.behaviour,
      mayReceive: () => now.mayReceive,
      fraction: seededFractions(1),
      send: (bytes, length) => {
        const parsed = parseRtp(Buffer.from(bytes.subarray(0, length)));
        if (parsed.ok) sent.push({ atMs: scheduler.monotonicMs(), packet: parsed.value });
      },
    },
    0,
  );
  paced.add(sender, 0);
  return { scheduler, sender, sent, now };
}

describe(RtpSender.name, () => {
  test('numbers and time stamps go on over the end of the loop and of their fields', () => {
    const { scheduler, sent } = setUp();
    scheduler.advance(99);
    expect(sent.map(({ atMs, packet }) => [atMs, packet.sequenceNumber, packet.timestamp, packet.marker])).toEqual([
      [0, 65_534, 0xffff_ff00, false],
      [20, 65_535, 0xffff_ffa0, false],
      [40, 0, 0x40, true],
      [60, 1, 0xe0, false],
      [80, 2, 0x180, false],
    ]);
  });

  test('a lost packet has its number and is counted as sent', () => {
    const { scheduler, sent, sender } = setUp({ sentLossRatio: 0.3 });
    scheduler.advance(20 * 999);
    expect(sender.packetCount).toBe(1000);
    expect(sent.length).toBeGreaterThan(640);
    expect(sent.length).toBeLessThan(760);
    const last = sent.at(-1)?.packet.sequenceNumber ?? 0;
    expect((last - 65_534) & 0xffff).toBeGreaterThan(990);
  });

  test('nothing leaves while the peer holds the call or media is off; numbers then go on without a gap', () => {
    const { scheduler, sent, now } = setUp();
    scheduler.advance(25);
    now.mayReceive = false;
    scheduler.advance(100);
    now.mayReceive = true;
    now.behaviour = { ...HEALTHY, sendMedia: false };
    scheduler.advance(100);
    now.behaviour = HEALTHY;
    scheduler.advance(20);
    expect(sent.map(({ atMs, packet }) => [atMs, packet.sequenceNumber])).toEqual([
      [0, 65_534],
      [20, 65_535],
      [240, 0],
    ]);
    expect(sent.at(-1)?.packet.timestamp).toBe((0xffff_ff00 + 12 * 160) >>> 0);
  });

  test('another picture begins where one is complete, on the same time line', () => {
    const { scheduler, sent, now } = setUp();
    scheduler.advance(10);
    now.loop = loopOf(2);
    scheduler.advance(60);
    expect(sent.map(({ packet }) => [...packet.payload])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(sent.map(({ packet }) => (packet.timestamp - 0xffff_ff00) >>> 0)).toEqual([0, 160, 320, 480]);
  });

  test('jitter delays packets, keeps their order and does not add up', () => {
    const { scheduler, sent } = setUp({ jitterMs: 50 });
    scheduler.advance(20 * 500);
    const sequence = sent.map(({ packet }) => (packet.sequenceNumber - 65_534) & 0xffff);
    expect(sequence).toEqual(sequence.map((_, index) => index));
    const lateness = sent.map(({ atMs }, index) => atMs - index * 20);
    expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...lateness)).toBeGreaterThan(20);
    expect(Math.max(...lateness)).toBeLessThanOrEqual(70);
  });

  test('after a stall packets are given up instead of sent in one burst', () => {
    const { sender, sent } = setUp();
    expect(sender.fire(10_000)).toBeGreaterThan(9_990);
    expect(sent).toHaveLength(1);
    expect(sender.timestampAt(10_020)).toBeGreaterThanOrEqual(0);
  });
});
