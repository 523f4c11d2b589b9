import { ManualScheduler } from '../common/manual-scheduler.js';
import type { MediaSocket } from '../net/media-sockets.js';
import {
  buildCompound,
  parseRtcpCompound,
  type RtcpPacket,
  writeBye,
  writeReceiverReport,
  writeSdes,
} from '../protocols/rtp/rtcp.js';
import { isRtcp, parseRtp, type RtpFields, type RtpPacket, writeRtp } from '../protocols/rtp/rtp-packet.js';
import { MediaCall } from './media-call.js';
import { soundOf } from './payloads.js';
import { countingRandom, MemoryMediaNetwork } from './testing/memory-media-network.js';

const [A, B] = ['10.0.0.1', '10.0.0.2'];
const PEER = { rtp: 30_000, rtcp: 30_001 };
const TONE = new Uint8Array(160).fill(0xaa);

/** One call with sound, and a peer that answers each of its packets as the test wants. */
class Loop {
  readonly scheduler = new ManualScheduler();
  readonly network = new MemoryMediaNetwork(this.scheduler);
  readonly packets: RtpPacket[] = [];
  readonly reports: RtcpPacket[] = [];
  answer: (packet: RtpPacket) => void = () => undefined;
  answerReport: (bytes: Buffer) => void = () => undefined;
  private readonly random = countingRandom();
  private rtp!: MediaSocket;
  private rtcp!: MediaSocket;
  call!: MediaCall;

  static async open(): Promise<Loop> {
    const loop = new Loop();
    const { network, scheduler, random } = loop;
    loop.call = await MediaCall.open({ localAddress: A, video: false, allowedAddresses: [B] }, network, scheduler, random);
    const events = { unreachable: () => undefined, dropped: () => undefined };
    loop.rtp = (await network.bind(B, PEER.rtp, { ...events, datagram: ({ data }) => loop.takeRtp(data) })) as MediaSocket;
    loop.rtcp = (await network.bind(B, PEER.rtcp, { ...events, datagram: ({ data }) => loop.takeRtcp(data) })) as MediaSocket;
    return loop;
  }

  run(forMs: number): void {
    if (!this.call.running) {
      const ports = { remoteAddress: B, remoteRtpPort: PEER.rtp, remoteRtcpPort: PEER.rtcp, rtcpMux: false };
      const format = { payloadType: 8, codec: 'PCMA', clockRate: 8000 } as const;
      this.call.start([{ medium: 'audio', ...ports, ...format, send: true, receive: true }], 0);
    }
    for (let passed = 0; passed < forMs; passed++) {
      this.scheduler.advance(1);
      const nowMs = this.scheduler.monotonicMs();
      if (this.call.nextMs <= nowMs) this.call.proceed(nowMs);
    }
  }

  send(fields: Omit<RtpFields, 'marker' | 'payloadType'>, payload: Uint8Array): void {
    const packet = Buffer.alloc(12 + payload.length);
    const length = writeRtp(packet, { marker: false, payloadType: 8, ...fields }, payload);
    this.rtp.send(packet, length, A, this.call.ports.audio.rtp);
  }

  report(...packets: Uint8Array[]): void {
    this.reportBytes(Buffer.from(buildCompound(packets)));
  }

  reportBytes(bytes: Buffer): void {
    this.rtcp.send(bytes, bytes.length, A, this.call.ports.audio.rtcp);
  }

  get received() {
    const received = this.call.facts().audio?.received;
    if (!received) throw new Error('no sound');
    return received;
  }

  get ssrcs(): number[] {
    return [...new Set(this.packets.map(({ ssrc }) => ssrc))];
  }

  private takeRtp(data: Buffer): void {
    const parsed = parseRtp(data);
    if (!parsed.ok || isRtcp(data)) throw new Error('no RTP');
    this.packets.push(parsed.value);
    this.answer(parsed.value);
  }

  private takeRtcp(data: Buffer): void {
    const parsed = parseRtcpCompound(data);
    if (parsed.ok) this.reports.push(...parsed.value);
    this.answerReport(data);
  }
}

let loop: Loop;
beforeEach(async () => {
  loop = await Loop.open();
});

describe('our own stream that comes back', () => {
  it.each([
    ['as it was', (packet: RtpPacket) => loop.send(packet, packet.payload)],
    ['with our numbering, though with other bytes', (packet: RtpPacket) => loop.send(packet, TONE)],
    [
      'under another SSRC and numbering',
      (packet: RtpPacket) =>
        loop.send(
          { ssrc: 7, sequenceNumber: packet.sequenceNumber + 500, timestamp: packet.timestamp + 4_000_000 },
          packet.payload,
        ),
    ],
  ])('%s is no living peer: no packets, no consent, no new SSRC', (_title, answer) => {
    loop.answer = answer;
    loop.run(4_000);
    // 2 s of consent and what is still on its way
    expect(loop.packets).toHaveLength(101);
    expect(loop.received).toMatchObject({ packets: 0, ownEcho: 101, ssrcChanges: 0 });
    expect(loop.received.ssrcCollisions).toBeUndefined();
    expect(loop.ssrcs).toHaveLength(1);
  });

  it('is known by the CNAME of its reports', () => {
    loop.answerReport = (bytes) => loop.reportBytes(bytes);
    loop.run(4_000);
    expect(loop.received.ownEcho).toBe(loop.reports.filter(({ type }) => type === 'SDES').length);
    expect(loop.call.facts().audio?.sent.rtcpReceived).toBe(0);
  });

  it('is not seen in a mixer that describes us among its sources', () => {
    loop.run(300);
    const chunk = loop.reports.flatMap((report) => (report.type === 'SDES' ? report.chunks : []))[0];
    const { ssrc = 0, cname = '' } = chunk ?? {};
    loop.report(writeReceiverReport({ ssrc: 7, reports: [] }), writeSdes(7, 'mixer'), writeSdes(ssrc, cname));
    loop.run(100);
    expect(loop.received).toMatchObject({ ownEcho: 0 });
    expect(loop.received.ssrcCollisions).toBeUndefined();
    expect(loop.call.facts().audio?.sent.rtcpReceived).toBe(1);
  });

  it('does not hide a peer that sends beside it', () => {
    loop.answer = (packet) => {
      loop.send(packet, packet.payload);
      loop.send({ ssrc: 7, sequenceNumber: packet.sequenceNumber, timestamp: packet.timestamp }, TONE);
    };
    loop.run(1_000);
    expect(loop.received).toMatchObject({ packets: 49, expected: 49, ssrcChanges: 0 });
    expect(loop.received.ownEcho).toBe(49);
  });
});

describe('somebody else with our SSRC (RFC 3550 8.2)', () => {
  const elsewhere = ({ ssrc, sequenceNumber, timestamp }: RtpPacket) => ({
    ssrc,
    sequenceNumber: (sequenceNumber + 30_000) & 0xffff,
    timestamp: (timestamp + 0x7000_0000) >>> 0,
  });

  it('is left to it: BYE for the old one, a new one of ours, and every packet of the peer counts', () => {
    let first: number | undefined;
    loop.answer = (packet) => loop.send({ ...elsewhere(packet), ssrc: (first ??= packet.ssrc) }, TONE);
    loop.run(3_000);
    const [old, fresh, ...more] = loop.ssrcs;
    expect(more).toEqual([]);
    expect(old).not.toBe(fresh);
    expect(loop.reports.filter(({ type }) => type === 'BYE')).toEqual([{ type: 'BYE', ssrcs: [old] }]);
    expect(loop.received).toMatchObject({ packets: 149, expected: 149, ssrcCollisions: 1, ownEcho: 0 });
    const numbers = loop.packets.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
    // the reports of the new one count its own packets alone
    const counts = loop.reports.flatMap((report) => (report.type === 'SR' && report.ssrc === fresh ? [report.packetCount] : []));
    // the first leaves at 250 ms, after 13 packets
    expect(counts[0]).toBe(13 - loop.packets.filter(({ ssrc }) => ssrc === old).length);
  });

  it('ends the SSRC that a report takes as well', () => {
    loop.answer = (packet) => loop.send({ ...packet, ssrc: 7 }, TONE);
    loop.run(100);
    const [old = 0] = loop.ssrcs;
    loop.report(writeReceiverReport({ ssrc: old, reports: [] }), writeSdes(old, 'somebody@else'));
    loop.run(200);
    expect(loop.ssrcs).toHaveLength(2);
    expect(loop.received).toMatchObject({ ssrcCollisions: 1, ownEcho: 0 });
    expect(loop.call.facts().audio?.sent.rtcpReceived).toBe(1);
  });

  it('that follows to each new one is a loop: three changes and no more', () => {
    loop.answer = (packet) => loop.send(elsewhere(packet), TONE);
    loop.run(3_000);
    expect(loop.ssrcs).toHaveLength(4);
    expect(loop.received.ssrcCollisions).toBe(3);
    expect(loop.received.ownEcho).toBeGreaterThan(90);
  });
});

it('a goodbye to our SSRC from the peer ends nothing', () => {
  loop.run(40);
  loop.report(writeReceiverReport({ ssrc: 7, reports: [] }), writeSdes(7, 'peer'), writeBye({ ssrcs: [7] }));
  loop.run(100);
  expect(loop.ssrcs).toHaveLength(1);
});

it('two monitors that call each other send different sounds', () => {
  const [one, other] = [soundOf('PCMA', 1), soundOf('PCMA', 2)];
  expect([...(one.hashes ?? [])].filter((hash) => other.hashes?.has(hash))).toEqual([]);
});
