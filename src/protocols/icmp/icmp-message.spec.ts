import fc from 'fast-check';
import { internetChecksum, ipv4Payload, parseIcmp, writeEchoRequest } from './icmp-message.js';

const request = (family: 4 | 6, id = 0x1234, sequence = 7, payload = Uint8Array.of(1, 2, 3)): Uint8Array => {
  const bytes = new Uint8Array(64);
  return bytes.subarray(0, writeEchoRequest(bytes, { family, id, sequence, payload }));
};

const withChecksum = (bytes: number[]): Uint8Array => {
  const message = Uint8Array.from(bytes);
  const sum = internetChecksum(message);
  message.set([sum >> 8, sum & 0xff], 2);
  return message;
};

/** RFC 791 header of 20 bytes, protocol ICMP, from 192.0.2.1 to 192.0.2.2 */
const IPV4_HEADER = [0x45, 0, 0, 31, 0, 0, 0, 0, 62, 1, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

describe('echo request', () => {
  it('is laid out as RFC 792 draws it', () => {
    const bytes = request(4);
    expect([...bytes.subarray(0, 2)]).toEqual([8, 0]);
    expect([...bytes.subarray(4)]).toEqual([0x12, 0x34, 0, 7, 1, 2, 3]);
    expect(internetChecksum(bytes)).toBe(0);
  });

  it('leaves the checksum of ICMPv6 to the kernel', () => {
    expect([...request(6).subarray(0, 4)]).toEqual([128, 0, 0, 0]);
  });

  it('has the checksum of RFC 1071 section 3', () => {
    expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff);
  });
});

describe(parseIcmp.name, () => {
  it('reads a reply', () => {
    const reply = withChecksum([0, 0, 0, 0, 0x12, 0x34, 0, 7, 9, 9]);
    expect(parseIcmp(reply, 4)).toEqual({
      ok: true,
      value: { type: 'echo-reply', id: 0x1234, sequence: 7, payload: Uint8Array.of(9, 9) },
    });
  });

  it.each([
    [3, 0, 'net'],
    [3, 1, 'host'],
    [3, 3, 'port'],
    [3, 13, 'admin'],
    [11, 0, 'ttl-exceeded'],
  ] as const)('reads type %i code %i as %s, and whose request it is about', (type, code, kind) => {
    const error = withChecksum([type, code, 0, 0, 0, 0, 0, 0, ...IPV4_HEADER, ...request(4)]);
    const about = { id: 0x1234, sequence: 7, destination: '192.0.2.2', payload: Uint8Array.of(1, 2, 3) };
    expect(parseIcmp(error, 4)).toEqual({ ok: true, value: { type: 'error', kind, about } });
  });

  it('reads the next-hop MTU (RFC 1191)', () => {
    const error = withChecksum([3, 4, 0, 0, 0, 0, 0x05, 0x78, ...IPV4_HEADER, ...request(4)]);
    expect(parseIcmp(error, 4)).toMatchObject({ ok: true, value: { kind: 'fragmentation-needed', mtu: 1400 } });
  });

  it('reads packet too big of ICMPv6 (RFC 4443 3.2)', () => {
    const header = Array.from({ length: 40 }, (_, i) => (i === 0 ? 0x60 : i === 6 ? 58 : i === 24 ? 0xfd : i === 39 ? 9 : 0));
    const error = Uint8Array.from([2, 0, 0, 0, 0, 0, 0x05, 0x00, ...header, ...request(6)]);
    expect(parseIcmp(error, 6)).toMatchObject({
      ok: true,
      value: { kind: 'fragmentation-needed', mtu: 1280, about: { sequence: 7, destination: 'fd00::9' } },
    });
  });

  it('says so when an error is about somebody else', () => {
    const udp = [...IPV4_HEADER];
    udp[9] = 17;
    const error = withChecksum([3, 3, 0, 0, 0, 0, 0, 0, ...udp, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(parseIcmp(error, 4)).toMatchObject({ ok: true, value: { type: 'error', about: null } });
  });

  it('refuses a damaged message', () => {
    const reply = withChecksum([0, 0, 0, 0, 0x12, 0x34, 0, 7, 9, 9]);
    reply[9] = 8;
    expect(parseIcmp(reply, 4)).toEqual({ ok: false, error: 'checksum' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(4, 6), (bytes, family) => {
        parseIcmp(bytes, family);
        const inner = ipv4Payload(bytes);
        if (inner) parseIcmp(inner, 4);
      }),
      { numRuns: 2_000 },
    );
  });
});
