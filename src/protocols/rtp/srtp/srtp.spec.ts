import fc from 'fast-check';
import { writeRtp } from '../rtp-packet.js';
import { Authenticator } from './authenticator.js';
import { deriveSessionKeys, RTCP_LABELS } from './key-derivation.js';
import { PacketIndex } from './packet-index.js';
import { PacketProtection } from './packet-protection.js';
import { ReplayList } from './replay-list.js';
import { SrtpReceiver } from './srtp-receiver.js';
import { SrtpSender } from './srtp-sender.js';
import { RTCP_TAG_BYTES, SRTP_SUITES, type SrtpSuite } from './suite.js';

const KEY = Buffer.alloc(30, 'one key and its salt');
const OTHER_KEY = Buffer.alloc(30, 'another key');
const SUITE: SrtpSuite = 'AES_CM_128_HMAC_SHA1_80';
const SSRC = 0xcafe_babe;

function rtp(sequenceNumber: number, payload = Buffer.from('sound'), ssrc = SSRC): Buffer {
  const packet = Buffer.alloc(1600);
  const fields = { marker: false, payloadType: 8, sequenceNumber, timestamp: sequenceNumber * 160, ssrc };
  return packet.subarray(0, writeRtp(packet, fields, payload));
}

/** A copy with the tag behind it, as it travels. */
function protect(sender: { protectRtp(packet: Buffer, length: number): number }, plain: Buffer): Buffer {
  const packet = Buffer.concat([plain, Buffer.alloc(10)]);
  return packet.subarray(0, sender.protectRtp(packet, plain.length));
}

const report = (ssrc = SSRC): Buffer => {
  const packet = Buffer.from('80c90001000000000', 'hex');
  const compound = Buffer.concat([packet, Buffer.from('the rest of a compound')]);
  compound.writeUInt32BE(ssrc, 4);
  return compound;
};

describe.each(SRTP_SUITES)('SRTP with %s', (suite) => {
  const tagBytes = suite.endsWith('32') ? 4 : 10;

  it('should carry any payload there and back, unreadable on the way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 1400 }), fc.nat(0xffff), (payload, sequence) => {
        const plain = rtp(sequence, Buffer.from(payload));
        const packet = protect(new SrtpSender(suite, KEY), plain);
        expect(packet).toHaveLength(plain.length + tagBytes);
        expect(packet.subarray(0, 12)).toEqual(plain.subarray(0, 12));
        expect(packet.subarray(12, plain.length).equals(plain.subarray(12))).toBe(false);
        expect(new SrtpReceiver(suite, KEY).unprotectRtp(packet)).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it('should protect reports with 80 bits in either suite (RFC 4568 6.2.2)', () => {
    const packet = new SrtpSender(suite, KEY).protectRtcp(report());
    expect(packet).toHaveLength(report().length + 4 + 10);
    expect(new SrtpReceiver(suite, KEY).unprotectRtcp(packet)).toEqual(report());
  });

  it('should go on through rollovers of the sequence number', () => {
    const [sender, receiver] = [new SrtpSender(suite, KEY), new SrtpReceiver(suite, KEY)];
    const opened = Array.from({ length: 40 }, (_, i) => rtp((i * 4096) & 0xffff)).map((plain) => {
      const result = receiver.unprotectRtp(protect(sender, plain));
      return Buffer.isBuffer(result) && result.equals(plain);
    });
    expect(opened).toEqual(Array(40).fill(true));
  });
});

describe('SRTP receiver', () => {
  let sender: SrtpSender;
  let receiver: SrtpReceiver;
  beforeEach(() => {
    sender = new SrtpSender(SUITE, KEY);
    receiver = new SrtpReceiver(SUITE, KEY);
  });

  it('should drop a packet that comes a second time, RTP and RTCP', () => {
    const [packet, compound] = [protect(sender, rtp(7)), sender.protectRtcp(report())];
    const again = [Buffer.from(packet), Buffer.from(compound)] as const;
    receiver.unprotectRtp(packet);
    receiver.unprotectRtcp(compound);
    expect(receiver.unprotectRtp(again[0])).toBe('replayed');
    expect(receiver.unprotectRtcp(again[1])).toBe('replayed');
  });

  it('should take packets in any order, also across a rollover', () => {
    const sequences = [65_534, 65_535, 0, 1, 2];
    const packets = sequences.map((sequence) => protect(sender, rtp(sequence)));
    const order = [0, 3, 1, 2, 4];
    for (const at of order) expect(receiver.unprotectRtp(packets[at]!)).toEqual(rtp(sequences[at]!));
  });

  it('should leave what is false as it came, wherever a bit was turned', () => {
    const packet = protect(sender, rtp(7));
    for (let at = 0; at < packet.length; at++) {
      const forged = Buffer.from(packet);
      forged[at]! ^= 0x01;
      const before = Buffer.from(forged);
      expect(receiver.unprotectRtp(forged)).toBe('false');
      expect(forged).toEqual(before);
    }
    expect(receiver.unprotectRtp(packet)).toEqual(rtp(7));
  });

  it('should not be moved by a forged sequence number far ahead', () => {
    const [first, second] = [protect(sender, rtp(7)), protect(sender, rtp(8))];
    receiver.unprotectRtp(first);
    const forged = Buffer.from(second);
    forged.writeUInt16BE(60_000, 2);
    expect(receiver.unprotectRtp(forged)).toBe('false');
    expect(receiver.unprotectRtp(second)).toEqual(rtp(8));
  });

  it('should refuse what another key made, and plain RTP and RTCP', () => {
    const stranger = new SrtpSender(SUITE, OTHER_KEY);
    expect(receiver.unprotectRtp(protect(stranger, rtp(7)))).toBe('false');
    expect(receiver.unprotectRtcp(stranger.protectRtcp(report()))).toBe('false');
    expect(receiver.unprotectRtp(rtp(7))).toBe('false');
    expect(receiver.unprotectRtcp(report())).toBe('false');
  });

  it('should keep the indices of two sources apart', () => {
    const other = new SrtpSender(SUITE, KEY);
    for (const [from, ssrc] of [
      [sender, 1],
      [other, 2],
    ] as const) {
      const plain = rtp(7, Buffer.from('sound'), ssrc);
      expect(receiver.unprotectRtp(protect(from, plain))).toEqual(plain);
    }
  });

  it('should accept an authentic report that is not encrypted (E = 0)', () => {
    const body = report();
    const signed = Buffer.concat([body, Buffer.from([0, 0, 0, 0])]);
    const auth = new Authenticator(deriveSessionKeys(KEY, RTCP_LABELS).auth, RTCP_TAG_BYTES);
    expect(receiver.unprotectRtcp(Buffer.concat([signed, auth.tagOf(signed)]))).toEqual(body);
  });

  it('should not throw on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(receiver.unprotectRtp(Buffer.from(bytes))).toBe('false');
        expect(receiver.unprotectRtcp(Buffer.from(bytes))).toBe('false');
        const headed = Buffer.concat([Buffer.from([0x9f, 8]), bytes]);
        expect(receiver.unprotectRtp(headed)).toBe('false');
      }),
    );
  });
});

describe('PacketIndex', () => {
  it.each([
    [[], 65_535, 65_535],
    [[10], 9, 9],
    [[65_535], 0, 65_536],
    [[65_535, 65_536], 65_534, 65_534],
    [[65_536 + 40_000], 100, 2 * 65_536 + 100],
    // before the first rollover there is nothing to go back to
    [[5], 65_000, 65_000],
  ])('should after %j take %i for %i', (accepted, sequence, index) => {
    const packets = new PacketIndex();
    for (const one of accepted) packets.accept(one);
    expect(packets.estimate(sequence)).toBe(index);
  });
});

describe('ReplayList', () => {
  it('should know each index once, and none that is too old', () => {
    const list = new ReplayList();
    for (const index of [1000, 1003, 1001]) list.remember(index);
    expect([1000, 1001, 1002, 1003, 1004].map((index) => list.isNew(index))).toEqual([false, false, true, false, true]);
    list.remember(2000);
    expect([1000, 1002, 1744, 1745, 2001].map((index) => list.isNew(index))).toEqual([false, false, false, true, true]);
  });
});

describe('PacketProtection', () => {
  const keys = { suite: SUITE, send: KEY, receive: OTHER_KEY };
  const mirrored = { suite: SUITE, send: OTHER_KEY, receive: KEY };
  const NEW_KEY = Buffer.alloc(30, 'a third key');

  it('should let two sides hear each other, and nobody hear himself', () => {
    const [us, them] = [new PacketProtection(keys), new PacketProtection(mirrored)];
    expect(them.unprotectRtp(protect(us, rtp(1)))).toEqual(rtp(1));
    expect(us.unprotectRtcp(them.protectRtcp(report()))).toEqual(report());
    expect(us.unprotectRtp(protect(us, rtp(2)))).toBe('false');
  });

  it('should follow a new key of the peer and still open what it sent with the former one', () => {
    const [us, them] = [new PacketProtection(keys), new PacketProtection(mirrored)];
    const late = protect(them, rtp(1));
    const lateReport = them.protectRtcp(report());
    us.rekey({ ...keys, receive: NEW_KEY });
    them.rekey({ ...mirrored, send: NEW_KEY });
    expect(us.unprotectRtp(protect(them, rtp(2)))).toEqual(rtp(2));
    expect(us.unprotectRtp(late)).toEqual(rtp(1));
    expect(us.unprotectRtcp(lateReport)).toEqual(report());
  });

  it('should keep the replay list of a key that stays', () => {
    const [us, them] = [new PacketProtection(keys), new PacketProtection(mirrored)];
    const packet = protect(us, rtp(1));
    const again = Buffer.from(packet);
    them.unprotectRtp(packet);
    them.rekey({ ...mirrored, receive: Buffer.from(KEY) });
    expect(them.unprotectRtp(again)).toBe('replayed');
  });

  it('should not send two reports with one index after a description that changes nothing', () => {
    const us = new PacketProtection(keys);
    const first = us.protectRtcp(report());
    us.rekey({ ...keys, send: Buffer.from(KEY) });
    expect(us.protectRtcp(report())).not.toEqual(first);
  });
});
