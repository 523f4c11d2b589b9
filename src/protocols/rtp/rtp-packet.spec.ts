import fc from 'fast-check';
import { isRtcp, parseRtp, RTP_HEADER_BYTES, writeRtp } from './rtp-packet.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const parsed = (hex: string) => {
  const result = parseRtp(bytes(hex));
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

//                  V=2 P X CC=0 | M PT=8 | sequence | time stamp | SSRC
const PLAIN_HEADER = '80 88 1234 000000a0 deadbeef';

describe(parseRtp.name, () => {
  it('reads the fixed header and leaves the rest as payload', () => {
    expect(parsed(`${PLAIN_HEADER} d5d5d5`)).toEqual({
      version: 2,
      padding: false,
      marker: true,
      payloadType: 8,
      sequenceNumber: 0x1234,
      timestamp: 160,
      ssrc: 0xdead_beef,
      csrc: [],
      payload: bytes('d5d5d5'),
    });
  });

  it('reads contributing sources, a header extension and padding', () => {
    // P, X and CC=2; two CSRCs; profile bede with one word; two payload bytes; three of padding
    const packet = parsed('b2 60 0001 00000002 00000003  0000000a ffffffff  bede 0001 10aabbcc  6588 000003');
    expect(packet).toMatchObject({ padding: true, marker: false, payloadType: 96, csrc: [10, 0xffff_ffff] });
    expect(packet.extension).toEqual({ profile: 0xbede, data: bytes('10aabbcc') });
    expect(packet.payload).toEqual(bytes('6588'));
  });

  it('reads a packet that is a view into a larger buffer', () => {
    const packet = parseRtp(bytes(`ffffff ${PLAIN_HEADER} 01`).subarray(3));
    expect(packet).toMatchObject({ ok: true, value: { ssrc: 0xdead_beef, payload: bytes('01') } });
  });

  it('lets padding take the whole payload', () => {
    expect(parsed('a0 08 0001 00000002 00000003 01').payload).toHaveLength(0);
  });

  it.each([
    ['eleven bytes', '80 88 1234 000000a0 deadbe'],
    ['version 1', '40 88 1234 000000a0 deadbeef'],
    ['CSRC list past the end', '81 88 1234 000000a0 deadbeef 0000'],
    ['extension header past the end', '90 88 1234 000000a0 deadbeef bede'],
    ['extension past the end', '90 88 1234 000000a0 deadbeef bede 0002 00000000'],
    ['padding of zero bytes', 'a0 88 1234 000000a0 deadbeef 00'],
    ['padding longer than the payload', 'a0 88 1234 000000a0 deadbeef 02'],
  ])('refuses %s', (_title, hex) => {
    expect(parseRtp(bytes(hex)).ok).toBe(false);
  });

  it('never throws and never reads beyond the datagram', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
        const result = parseRtp(data);
        if (result.ok) expect(result.value.payload.length).toBeLessThanOrEqual(data.length - RTP_HEADER_BYTES);
      }),
    );
  });
});

describe(writeRtp.name, () => {
  it('writes the bytes of RFC 3550 5.1', () => {
    const into = Buffer.alloc(64, 0xee);
    const fields = { marker: true, payloadType: 8, sequenceNumber: 0x1234, timestamp: 160, ssrc: 0xdead_beef };
    const length = writeRtp(into, fields, bytes('d5d5d5'));
    expect(into.subarray(0, length)).toEqual(Buffer.from(bytes(`${PLAIN_HEADER} d5d5d5`)));
    expect(into[length]).toBe(0xee);
  });

  it('is read back as it was written, each field reduced to its width', () => {
    const field = fc.integer({ min: 0, max: 0x1_ffff_ffff });
    const fields = fc.record({
      marker: fc.boolean(),
      payloadType: fc.integer({ min: 0, max: 255 }),
      sequenceNumber: field,
      timestamp: field,
      ssrc: field,
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 200 }), (written, payload) => {
        const into = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
        expect(parseRtp(into.subarray(0, writeRtp(into, written, payload)))).toMatchObject({
          ok: true,
          value: {
            marker: written.marker,
            payloadType: written.payloadType % 0x80,
            sequenceNumber: written.sequenceNumber % 0x1_0000,
            timestamp: written.timestamp % 0x1_0000_0000,
            ssrc: written.ssrc % 0x1_0000_0000,
          },
        });
        expect(Uint8Array.from(into.subarray(RTP_HEADER_BYTES))).toEqual(payload);
      }),
    );
  });
});

describe(isRtcp.name, () => {
  it.each([
    [191, false],
    [192, true],
    [200, true],
    [223, true],
    [224, false],
    [8, false],
    [0x80 | 8, false],
    [0x80 | 96, false],
  ])('a second byte of %i: %s (RFC 5761 section 4)', (second, expected) => {
    expect(isRtcp(Uint8Array.of(0x80, second))).toBe(expected);
  });

  it('is false for a datagram without a second byte', () => {
    expect(isRtcp(Uint8Array.of(0x80))).toBe(false);
  });
});
