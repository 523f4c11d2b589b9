import fc from 'fast-check';
import { nalTypes, packetizeNal, splitAnnexB } from './h264-payload.js';

const SPS = Uint8Array.of(0x67, 0x42, 0xe0, 0x1f);
const PPS = Uint8Array.of(0x68, 0xce, 0x3c, 0x80);
const IDR = Uint8Array.of(0x65, 0x88, 0x84);

describe(splitAnnexB.name, () => {
  it('finds NAL units behind start codes of three and four bytes', () => {
    const stream = Uint8Array.from([0, 0, 0, 1, ...SPS, 0, 0, 1, ...PPS, 0, 0, 0, 1, ...IDR]);
    expect(splitAnnexB(stream)).toEqual([SPS, PPS, IDR]);
  });

  it.each([
    ['bytes before the first start code', [9, 9, 0, 0, 1, 0x65, 7], [[0x65, 7]]],
    ['zeros that trail a unit', [0, 0, 1, 0x65, 7, 0, 0, 0], [[0x65, 7]]],
    ['a start code with nothing behind it', [0, 0, 1, 0x65, 7, 0, 0, 1], [[0x65, 7]]],
    ['no start code at all', [0x65, 1, 2, 3], []],
    ['nothing', [], []],
  ])('copes with %s', (_title, stream, nals) => {
    expect(splitAnnexB(Uint8Array.from(stream))).toEqual(nals.map((nal) => Uint8Array.from(nal)));
  });

  it('never throws and never gives an empty unit', () => {
    const stream = fc.array(fc.constantFrom(0, 0, 0, 1, 0x65), { maxLength: 60 });
    fc.assert(fc.property(stream, (data) => splitAnnexB(Uint8Array.from(data)).every((nal) => nal.length > 0)));
  });
});

describe(packetizeNal.name, () => {
  it('sends what fits as it is (RFC 6184 5.6)', () => {
    expect(packetizeNal(IDR, 0, 3)).toEqual([IDR]);
    expect(packetizeNal(IDR, 1, 3)).toEqual([IDR]);
  });

  it('cuts what does not into FU-A (RFC 6184 5.8)', () => {
    // NRI 3, type 5 -> indicator 7c, headers: start 85, middle 05, end 45
    expect(packetizeNal(Uint8Array.of(0x65, 1, 2, 3, 4, 5), 1, 4)).toEqual([
      Uint8Array.of(0x7c, 0x85, 1, 2),
      Uint8Array.of(0x7c, 0x05, 3, 4),
      Uint8Array.of(0x7c, 0x45, 5),
    ]);
  });

  it('throws in mode 0, which cannot cut: our clip is wrong then', () => {
    expect(() => packetizeNal(IDR, 0, 2)).toThrow(RangeError);
  });

  it('loses no byte, keeps every limit, and marks one start and one end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 400 }), fc.integer({ min: 3, max: 11 }), (nal, most) => {
        const fragments = packetizeNal(nal, 1, most);
        expect(fragments.every(({ length }) => length <= most)).toBe(true);
        expect(fragments.flatMap((fragment) => [...fragment.subarray(2)])).toEqual([...nal.subarray(1)]);
        const header = nal[0] ?? 0;
        expect(fragments.every(([indicator = 0, fu = 0]) => ((indicator & 0xe0) | (fu & 0x1f)) === header)).toBe(true);
        expect(fragments.map(([, fu = 0]) => fu & 0xc0)).toEqual(
          fragments.map((_, i) => (i === 0 ? 0x80 : 0) | (i === fragments.length - 1 ? 0x40 : 0)),
        );
      }),
    );
  });
});

describe(nalTypes.name, () => {
  it.each([
    ['a single unit', [0x65, 1], [5]],
    ['a fragment', [0x7c, 0x05, 1], [5]],
    ['an aggregate (STAP-A)', [0x78, 0, 4, ...SPS, 0, 3, ...IDR], [7, 5]],
    ['a fragment without its header', [0x7c], []],
    ['an aggregate whose second size runs past the end', [0x78, 0, 1, 0x67, 0, 9, 0x65], [7]],
    ['an aggregate with a size of zero', [0x78, 0, 0, 0x65], []],
    ['nothing', [], []],
  ])('of %s', (_title, payload, types) => {
    expect(nalTypes(Uint8Array.from(payload))).toEqual(types);
  });
});
