import {
  alawOf,
  comfortNoise,
  decodeG711,
  encodeAlaw,
  encodeUlaw,
  type G711Codec,
  LEVEL_FLOOR_DBOV,
  levelDbov,
  toneFrame,
  ulawOf,
} from './g711.js';

const CODECS: G711Codec[] = ['PCMA', 'PCMU'];
const linear = (code: number, codec: G711Codec): number | undefined => decodeG711(Uint8Array.of(code), codec)[0];

describe('G.711', () => {
  // the reference codes of ITU-T G.191
  it.each([
    ['PCMA', 0, 0xd5],
    ['PCMA', -1, 0x55],
    ['PCMA', 32_767, 0xaa],
    ['PCMA', -32_768, 0x2a],
    ['PCMU', 0, 0xff],
    ['PCMU', 32_767, 0x80],
    ['PCMU', -32_768, 0x00],
    ['PCMU', 1000, 0xce],
  ] as const)('%s: sample %i is code %i', (codec, sample, code) => {
    expect((codec === 'PCMA' ? alawOf : ulawOf)(sample)).toBe(code);
  });

  it.each([
    ['PCMA', 0xd5, 8],
    ['PCMA', 0x55, -8],
    ['PCMA', 0xaa, 32_256],
    ['PCMA', 0x2a, -32_256],
    ['PCMU', 0xff, 0],
    ['PCMU', 0x80, 32_124],
    ['PCMU', 0x00, -32_124],
  ] as const)('%s: code %i is sample %i', (codec, code, sample) => {
    expect(linear(code, codec)).toBe(sample);
  });

  it('gives every code back after decoding, but for the second zero of mu-law', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    expect(encodeAlaw(decodeG711(codes, 'PCMA'))).toEqual(codes);
    expect(encodeUlaw(decodeG711(codes, 'PCMU'))).toEqual(codes.map((code) => (code === 0x7f ? 0xff : code)));
  });

  it.each(CODECS)('%s errs by no more than half of its step, a thirty-second of the sample', (codec) => {
    const of = codec === 'PCMA' ? alawOf : ulawOf;
    for (let sample = -32_000; sample <= 32_000; sample += 37) {
      expect(Math.abs((linear(of(sample), codec) ?? 0) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 30 + 9);
    }
  });
});

describe(levelDbov.name, () => {
  it.each([
    ['PCMA', 0xd5, -72.25],
    ['PCMU', 0xff, LEVEL_FLOOR_DBOV],
  ] as const)('digital silence of %s', (codec, code, level) => {
    expect(levelDbov(new Uint8Array(160).fill(code), codec)).toBeCloseTo(level, 1);
  });

  it('is the floor for a payload without samples', () => {
    expect(levelDbov(new Uint8Array(0), 'PCMA')).toBe(LEVEL_FLOOR_DBOV);
  });

  it.each([
    ['PCMA', -10],
    ['PCMU', -10],
    ['PCMA', -30],
    ['PCMU', -40],
  ] as const)('measures a tone in %s at %i dBov', (codec, level) => {
    // 1000 Hz: 100 whole periods
    expect(levelDbov(toneFrame(codec, 800, { hz: 1000, level, fromSample: 0 }), codec)).toBeCloseTo(level, 0);
  });

  it.each(CODECS)('measures our noise in %s at the level that was asked for', (codec) => {
    expect(Math.abs(levelDbov(comfortNoise(codec, 8000, -60, 1), codec) - -60)).toBeLessThan(1);
  });
});

describe('generated sound', () => {
  it('is the same for the same seed only', () => {
    expect(comfortNoise('PCMA', 160, -50, 7)).toEqual(comfortNoise('PCMA', 160, -50, 7));
    expect(comfortNoise('PCMA', 160, -50, 7)).not.toEqual(comfortNoise('PCMA', 160, -50, 8));
  });

  it('goes on from frame to frame without a step', () => {
    const tone = { hz: 440, level: -20, fromSample: 0 };
    const whole = toneFrame('PCMU', 320, tone);
    expect(toneFrame('PCMU', 160, { ...tone, fromSample: 160 })).toEqual(whole.subarray(160));
  });
});
