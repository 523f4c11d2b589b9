import fc from 'fast-check';
import { type RtpFields, writeRtp } from '../protocols/rtp/rtp-packet.js';
import type { MediaLeg } from './contract.js';
import { OwnStream } from './own-stream.js';
import { Receiver } from './receiver.js';

const PEER = { address: '10.0.0.2', port: 30_000 };
const OWN_SSRC = 999;
const LEG: MediaLeg = {
  medium: 'audio',
  remoteAddress: PEER.address,
  remoteRtpPort: PEER.port,
  remoteRtcpPort: PEER.port + 1,
  rtcpMux: false,
  payloadType: 8,
  codec: 'PCMA',
  clockRate: 8000,
  send: true,
  receive: true,
};

function ownStream(): OwnStream {
  const own = new OwnStream(OWN_SSRC, 8000);
  own.follow({ sequence: 10, timestamp: 1600, numbered: 10 });
  return own;
}

let receiver: Receiver;
beforeEach(() => {
  receiver = new Receiver(LEG, 1000, ownStream(), () => undefined);
});

const SILENCE = new Uint8Array(160).fill(0xd5);
const LOUD = new Uint8Array(160).fill(0xaa);

function give(sequenceNumber: number, part: Partial<RtpFields> = {}, from = PEER, payload = SILENCE): boolean {
  const data = Buffer.alloc(12 + payload.length);
  const fields = { marker: false, payloadType: 8, timestamp: sequenceNumber * 160, ssrc: 7, ...part };
  writeRtp(data, { ...fields, sequenceNumber }, payload);
  return receiver.receive({ data, source: from.address, sourcePort: from.port, arrivalMs: 1000 + sequenceNumber * 20 });
}

describe(Receiver.name, () => {
  it('counts what comes, and when the first and the last came', () => {
    for (const sequence of [1, 2, 3]) expect(give(sequence)).toBe(true);
    expect(receiver.facts()).toMatchObject({
      packets: 3,
      bytes: 3 * 172,
      firstAfterMs: 20,
      lastAfterMs: 60,
      fromElsewhere: 0,
      source: PEER,
    });
  });

  it('has no times, no source and no level of what never came', () => {
    expect(receiver.facts()).toEqual({
      ...{ packets: 0, bytes: 0, expected: 0, duplicates: 0, reordered: 0, jitterMs: 0, maxJitterMs: 0, ssrcChanges: 0 },
      ...{ fromElsewhere: 0, ownEcho: 0, malformed: 0, unexpectedPayloadType: 0 },
    });
  });

  it.each([
    ['another port', { ...PEER, port: 41_000 }],
    ['another address', { ...PEER, address: '10.9.9.9' }],
  ])('hears a peer that sends from %s, and says so', (_title, from) => {
    for (const sequence of [1, 2, 3]) expect(give(sequence, {}, from)).toBe(true);
    expect(receiver.facts()).toMatchObject({ packets: 3, fromElsewhere: 3, source: from });
  });

  it('takes the source that sent most for the peer when the SSRC changes', () => {
    for (const sequence of [1, 2]) give(sequence, { ssrc: 6 });
    for (const sequence of [50, 51, 52]) give(sequence, { ssrc: 7 });
    expect(receiver.mainSsrc).toBe(7);
    expect(receiver.facts()).toMatchObject({ packets: 3, ssrcChanges: 1 });
    expect(receiver.reportBlocks(0)).toMatchObject([{ ssrc: 7, highestSequence: 52 }]);
  });

  it('remembers no more than eight sources, however many are invented', () => {
    for (let ssrc = 0; ssrc < 100; ssrc++) give(1, { ssrc });
    expect(receiver.facts().ssrcChanges).toBe(7);
  });

  it('does not take our own echo, bytes that are no RTP or another format for the peer', () => {
    expect(give(1, { ssrc: OWN_SSRC })).toBe(false);
    expect(receiver.receive({ data: Buffer.from('hello'), source: PEER.address, sourcePort: PEER.port, arrivalMs: 0 })).toBe(
      false,
    );
    expect(give(1, { payloadType: 97 })).toBe(false);
    expect(receiver.facts()).toMatchObject({ packets: 0, ownEcho: 1, malformed: 1, unexpectedPayloadType: 1 });
  });

  it('takes comfort noise for a living peer, but not for sound (RFC 3389)', () => {
    for (const sequence of [1, 2, 3]) expect(give(sequence, { payloadType: 13 })).toBe(true);
    expect(receiver.facts()).toMatchObject({ packets: 3, unexpectedPayloadType: 3 });
    expect(receiver.facts().levelDbov).toBeUndefined();
  });

  it('hears sound in the codec that the peer sends, where it is not ours', () => {
    receiver = new Receiver({ ...LEG, codec: 'PCMU', receiveCodec: 'PCMA' }, 1000, ownStream(), () => undefined);
    for (const sequence of [1, 2, 3]) give(sequence);
    expect(receiver.facts()).toMatchObject({ packets: 3, silentRatio: 1 });
  });

  it.each(['H263', 'H261'] as const)('counts pictures of %s by their markers, and misses no keyframe there', (receiveCodec) => {
    const leg: MediaLeg = { ...LEG, medium: 'video', codec: 'H264', receiveCodec, receivePayloadType: 34 };
    receiver = new Receiver(leg, 1000, ownStream(), () => undefined);
    for (const sequence of [1, 2, 3, 4]) give(sequence, { payloadType: 34, marker: sequence % 2 === 0 });
    expect(receiver.lacksKeyframe).toBe(false);
    expect(receiver.facts()).toMatchObject({ packets: 4, frames: 2 });
    expect(receiver.facts().medianFrameBytes).toBeUndefined();
  });

  it('hears a peer that renumbered the format in its answer', () => {
    receiver.setLeg({ ...LEG, receivePayloadType: 108 });
    for (const sequence of [1, 2]) give(sequence, { payloadType: 108 });
    give(3);
    expect(receiver.facts()).toMatchObject({ packets: 2, unexpectedPayloadType: 1 });
  });

  it('tells digital silence from sound, and hears a duplicate once', () => {
    for (const sequence of [1, 2, 3]) give(sequence);
    expect(receiver.facts().silentRatio).toBe(1);
    expect(receiver.facts().levelDbov).toBeCloseTo(-72.2, 1);
    give(4, {}, PEER, LOUD);
    give(4, {}, PEER, LOUD);
    expect(receiver.facts()).toMatchObject({ duplicates: 1, silentRatio: 0.75 });
  });

  it('reports on a source that proved itself only, and gives its sender report back', () => {
    give(1);
    expect(receiver.reportBlocks(0)).toEqual([]);
    give(2);
    receiver.noteSenderReport(7, 0xb705_2000, 1000);
    receiver.noteSenderReport(1234, 1, 1000);
    expect(receiver.reportBlocks(2000)).toMatchObject([{ ssrc: 7, lsr: 0xb705_2000, dlsr: 65_536 }]);
  });

  it('names datagrams that our own kernel dropped', () => {
    receiver.ownDrops = 4;
    expect(receiver.facts().ownDrops).toBe(4);
  });

  it.each(['audio', 'video'] as const)('never throws on %s', (medium) => {
    const leg = medium === 'audio' ? LEG : { ...LEG, medium, codec: 'H264' as const, clockRate: 90_000 };
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), fc.boolean(), (datagrams, headed) => {
        const hostile = new Receiver(leg, 0, ownStream(), () => undefined);
        datagrams.forEach((bytes, i) => {
          const data = Buffer.from(headed ? [0x80, 8, ...bytes] : bytes);
          hostile.receive({ data, source: PEER.address, sourcePort: PEER.port, arrivalMs: i });
        });
        const { packets, malformed } = hostile.facts();
        expect(packets + malformed).toBeLessThanOrEqual(datagrams.length);
      }),
    );
  });
});
