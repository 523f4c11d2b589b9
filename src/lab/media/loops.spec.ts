import { levelDbov } from '../../protocols/rtp/g711.js';
import { FrameCounter } from '../../protocols/rtp/frame-counter.js';
import { loadMediaLibrary } from './library.js';
import { silenceLoop, toneLoop, videoLoop } from './loops.js';

const startCode = [0, 0, 1];
const nal = (type: number, firstOfPicture: boolean, size = 4): number[] => [
  ...startCode,
  0x60 | type,
  firstOfPicture ? 0x80 : 0x40,
  ...new Array<number>(size).fill(0xab),
];

describe('videoLoop', () => {
  test('one time stamp a picture, the marker on its last packet, parameter sets with the picture they precede', () => {
    const clip = [nal(7, true), nal(8, true), nal(5, true), nal(5, false), nal(1, true), nal(7, true), nal(5, true)].flat();
    const loop = videoLoop(Uint8Array.from(clip), 1150);
    expect(loop.packets.map(({ timestamp, marker }) => [timestamp, marker])).toEqual([
      [0, false],
      [0, false],
      [0, false],
      [0, true],
      [3000, true],
      [6000, false],
      [6000, true],
    ]);
    expect([loop.durationUnits, loop.durationMs]).toEqual([9000, 100]);
  });

  test('a NAL unit that does not fit one packet, and a clip without pictures, are refused', () => {
    expect(() => videoLoop(Uint8Array.from(nal(5, true, 2000)), 1150)).toThrow('NAL unit of 2002 bytes, at most 1150');
    expect(() => videoLoop(new Uint8Array(), 1150)).toThrow('no picture');
  });
});

describe('loadMediaLibrary', () => {
  const library = loadMediaLibrary();
  const framesOf = (name: 'moving' | 'still'): FrameCounter => {
    const counter = new FrameCounter();
    for (const { payload, timestamp } of library[name].packets) counter.add(payload, timestamp);
    return counter;
  };

  test('packets leave in order, and the first of the next loop after the last', () => {
    for (const { packets, durationMs } of [library.moving, library.still, library.tone.PCMA]) {
      const offsets = [...packets.map(({ offsetMs }) => offsetMs), durationMs];
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    }
  });

  test('a still picture is a moving one with next to nothing in its frames', () => {
    const [moving, still] = [framesOf('moving'), framesOf('still')];
    expect(still.frames).toBe(moving.frames);
    expect(still.keyframes).toBeGreaterThan(0);
    expect(moving.medianFrameBytes()).toBeGreaterThan(10 * (still.medianFrameBytes() ?? Infinity));
  });
});

test.each(['PCMA', 'PCMU'] as const)('%s: the tone is heard and closes on itself, silence is none', (codec) => {
  const tone = toneLoop(codec);
  const levels = tone.packets.map(({ payload }) => levelDbov(payload, codec));
  for (const level of levels) expect(level).toBeCloseTo(-35, 0);
  expect(tone.durationUnits).toBe(800);
  expect(levelDbov(silenceLoop(codec).packets[0]?.payload ?? new Uint8Array(), codec)).toBeLessThan(-70);
});
