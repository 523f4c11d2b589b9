import fc from 'fast-check';
import {
  buildCompound,
  parseRtcpCompound,
  type ReportBlock,
  type RtcpPacket,
  writeBye,
  writeFir,
  writePli,
  writeReceiverReport,
  writeSdes,
  writeSenderReport,
} from './rtcp.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/[\s|]/g, ''), 'hex'));
const parsed = (data: Uint8Array): RtcpPacket[] => {
  const result = parseRtcpCompound(data);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

//          about    | lost 64/256, 3 in all | highest  | jitter   | LSR      | DLSR
const BLOCK_HEX = '00000007 | 40 000003 | 00012345 | 00000010 | 11223344 | 00008000';
const BLOCK: ReportBlock = {
  ssrc: 7,
  fractionLost: 0.25,
  cumulativeLost: 3,
  highestSequence: 0x1_2345,
  jitter: 16,
  lsr: 0x1122_3344,
  dlsr: 0x8000,
};
// RC=1, PT=200, 12 words after the first; SSRC; NTP seconds, fraction; RTP time stamp; packets; octets
const SR_HEX = `81 c8 000c | 0000abcd | e5a1b2c3 | 80000000 | 000003e8 | 00000064 | 00003e80 | ${BLOCK_HEX}`;
const SR = {
  ssrc: 0xabcd,
  ntp: { seconds: 0xe5a1_b2c3, fraction: 0x8000_0000 },
  rtpTimestamp: 1000,
  packetCount: 100,
  octetCount: 16_000,
  reports: [BLOCK],
};
const RR_HEX = `81 c9 0007 | 0000abcd | ${BLOCK_HEX}`;
// one chunk; CNAME (1) of 3 bytes "a@b", a zero that ends the list and two that fill the word
const SDES_HEX = '81 ca 0003 | 0000abcd | 01 03 614062 00 0000';
const BYE_HEX = '81 cb 0003 | 0000abcd | 04 68616e67 000000';
const PLI_HEX = '81 ce 0002 | 0000abcd | 00000007';
// the media SSRC of the header is zero, the target stands in the entry with its command number
const FIR_HEX = '84 ce 0004 | 0000abcd | 00000000 | 00000007 | 05 000000';

describe('the written bytes', () => {
  it.each([
    ['sender report', SR_HEX, writeSenderReport(SR)],
    ['receiver report', RR_HEX, writeReceiverReport({ ssrc: 0xabcd, reports: [BLOCK] })],
    ['source description', SDES_HEX, writeSdes(0xabcd, 'a@b')],
    ['goodbye with its reason', BYE_HEX, writeBye({ ssrcs: [0xabcd], reason: 'hang' })],
    ['goodbye without one', '82 cb 0002 | 00000001 | 00000002', writeBye({ ssrcs: [1, 2] })],
    ['picture loss indication', PLI_HEX, writePli(0xabcd, 7)],
    ['full intra request', FIR_HEX, writeFir(0xabcd, 7, 0x105)],
  ])('of a %s', (_title, hex, written) => {
    expect(Buffer.from(written).toString('hex')).toBe(Buffer.from(bytes(hex)).toString('hex'));
  });

  it('keep a report within 31 blocks and a loss within 24 bits', () => {
    const block = { ...BLOCK, cumulativeLost: 0x1000_0000, fractionLost: 1 };
    const [report] = parsed(writeReceiverReport({ ssrc: 1, reports: Array.from({ length: 40 }, () => block) }));
    if (report?.type !== 'RR') throw new Error('no receiver report');
    expect(report.reports).toHaveLength(31);
    expect(report.reports[30]).toMatchObject({ cumulativeLost: 0x7f_ffff, fractionLost: 255 / 256 });
  });

  it('cut a text to what its length byte can say', () => {
    const [description] = parsed(writeSdes(1, 'x'.repeat(300)));
    expect(description).toEqual({ type: 'SDES', chunks: [{ ssrc: 1, cname: 'x'.repeat(255) }] });
  });
});

describe(parseRtcpCompound.name, () => {
  it('reads a compound of every type that a call meets', () => {
    const app = '81 cc 0003 | 00000009 | 74657374 | 01020304';
    const nack = '81 cd 0003 | 00000009 | 00000007 | 00010000';
    const xr = '80 cf 0001 | 00000009';
    expect(parsed(bytes(SR_HEX + RR_HEX + SDES_HEX + app + nack + PLI_HEX + FIR_HEX + xr + BYE_HEX))).toEqual([
      { type: 'SR', ...SR },
      { type: 'RR', ssrc: 0xabcd, reports: [BLOCK] },
      { type: 'SDES', chunks: [{ ssrc: 0xabcd, cname: 'a@b' }] },
      { type: 'APP', subtype: 1, ssrc: 9, name: 'test', data: bytes('01020304') },
      { type: 'RTPFB', format: 1, senderSsrc: 9, mediaSsrc: 7, firTargets: [] },
      { type: 'PSFB', format: 1, senderSsrc: 0xabcd, mediaSsrc: 7, firTargets: [] },
      { type: 'PSFB', format: 4, senderSsrc: 0xabcd, mediaSsrc: 0, firTargets: [7] },
      { type: 'generic', packetType: 207, count: 0, body: bytes('00000009') },
      { type: 'BYE', ssrcs: [0xabcd], reason: 'hang' },
    ]);
  });

  it('reads a negative loss: duplicates can exceed what was lost', () => {
    const [report] = parsed(bytes(RR_HEX.replace('40 000003', '00 ffffff')));
    expect(report).toMatchObject({ reports: [{ cumulativeLost: -1, fractionLost: 0 }] });
  });

  it('reads the CNAME behind another item and in the second chunk', () => {
    // chunk 1: NAME (2) "n"; chunk 2: TOOL (6) "t", then CNAME "c"
    const hex = '82 ca 0005 | 00000001 | 02 01 6e 00 | 00000002 | 06 01 74 01 | 01 63 00 00';
    expect(parsed(bytes(hex))).toEqual([{ type: 'SDES', chunks: [{ ssrc: 1 }, { ssrc: 2, cname: 'c' }] }]);
  });

  it('takes padding off the last packet', () => {
    expect(parsed(bytes('a0 cf 0002 | 00000009 | 00000004'))).toEqual([
      { type: 'generic', packetType: 207, count: 0, body: bytes('00000009') },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a header cut short', '80 c9 00'],
    ['version 1', '40 c9 0001 | 00000001'],
    ['an RTP packet', '80 08 0001 | 00000001'],
    ['a length past the datagram', '80 c9 0002 | 00000001'],
    ['a rest that is no header', '80 c9 0001 | 00000001 | 80'],
    ['more blocks than bytes', '82 c9 0007 | 0000abcd | ' + BLOCK_HEX],
    ['a sender report without its sender', '80 c8 0001 | 00000001'],
    ['padding before the end', 'a0 c9 0001 | 00000001 | 80 c9 0001 | 00000001'],
    ['padding of zero bytes', 'a0 cf 0001 | 00000000'],
    ['padding over the header', 'a0 cf 0001 | 00000008'],
    ['an item past the chunk', '81 ca 0002 | 00000001 | 01 09 6161'],
    ['a chunk without an end', '81 ca 0002 | 00000001 | 01 02 6161'],
    ['a reason past the packet', '81 cb 0002 | 00000001 | 09 616161'],
    ['feedback without a media source', '81 ce 0001 | 00000001'],
    ['an application packet without a name', '80 cc 0001 | 00000001'],
  ])('refuses %s', (_title, hex) => {
    expect(parseRtcpCompound(bytes(hex)).ok).toBe(false);
  });

  it('never throws', () => {
    const header = fc.tuple(fc.integer({ min: 0x80, max: 0xbf }), fc.integer({ min: 192, max: 223 }), fc.constant(0), fc.nat(20));
    const packet = fc.tuple(header, fc.uint8Array({ maxLength: 90 })).map(([head, body]) => Uint8Array.from([...head, ...body]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), packet), (data) => {
        expect(typeof parseRtcpCompound(data).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('reads what the writers wrote', () => {
    const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const block = fc.record({
      ssrc: uint32,
      fractionLost: fc.integer({ min: 0, max: 255 }).map((n) => n / 256),
      cumulativeLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
      highestSequence: uint32,
      jitter: uint32,
      lsr: uint32,
      dlsr: uint32,
    });
    const report = fc.record({
      ssrc: uint32,
      ntp: fc.record({ seconds: uint32, fraction: uint32 }),
      rtpTimestamp: uint32,
      packetCount: uint32,
      octetCount: uint32,
      reports: fc.array(block, { maxLength: 31 }),
    });
    fc.assert(
      fc.property(report, fc.string({ maxLength: 60 }), (sr, text) => {
        const compound = buildCompound([
          writeSenderReport(sr),
          writeSdes(sr.ssrc, text),
          writeBye({ ssrcs: [sr.ssrc], reason: text }),
        ]);
        const [first, second, third] = parsed(compound);
        expect(first).toEqual({ type: 'SR', ...sr });
        expect(second).toEqual({ type: 'SDES', chunks: [{ ssrc: sr.ssrc, cname: text }] });
        expect(third).toEqual({ type: 'BYE', ssrcs: [sr.ssrc], reason: text });
      }),
    );
  });
});
