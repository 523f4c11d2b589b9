import fc from 'fast-check';
import { FrameCounter } from './frame-counter.js';
import { packetizeNal } from './h264-payload.js';

const SPS = Uint8Array.of(0x67, 0x42, 0xe0, 0x1f);
const PPS = Uint8Array.of(0x68, 0xce, 0x3c, 0x80);
const IDR = Uint8Array.of(0x65, 0x88, 0x84);
const SLICE = Uint8Array.of(0x41, 0x9a);
const NON_REFERENCE = Uint8Array.of(0x01, 0x9b);

describe(FrameCounter.name, () => {
  it('counts pictures by time stamp, and keyframes among them', () => {
    const counter = new FrameCounter();
    for (const nal of [SPS, PPS, IDR, IDR]) counter.add(nal, 0);
    counter.add(SLICE, 3000);
    counter.add(SLICE, 3000);
    counter.add(NON_REFERENCE, 6000);
    expect([counter.frames, counter.keyframes]).toEqual([3, 1]);
  });

  it('counts a fragmented keyframe once', () => {
    const counter = new FrameCounter();
    const nal = new Uint8Array(3000).fill(0x65);
    for (const fragment of packetizeNal(nal, 1, 1000)) counter.add(fragment, 90);
    expect([counter.frames, counter.keyframes]).toEqual([1, 1]);
  });

  it('takes parameter sets under a time stamp of their own for no frame', () => {
    const counter = new FrameCounter();
    counter.add(SPS, 0);
    counter.add(IDR, 3000);
    expect(counter.frames).toBe(1);
  });

  it('knows the median size of the complete frames', () => {
    const counter = new FrameCounter();
    expect(counter.medianFrameBytes()).toBeUndefined();
    const sizes = [500, 20, 40, 30];
    sizes.forEach((size, i) => counter.add(new Uint8Array(size).fill(0x41), i));
    // the last may not be complete: 500, 20, 40
    expect(counter.medianFrameBytes()).toBe(40);
  });

  it('counts pictures whose packets come among each other once', () => {
    const counter = new FrameCounter();
    for (const timestamp of [0, 3000, 0, 6000, 3000, 0, 9000, 6000]) counter.add(IDR, timestamp);
    expect([counter.frames, counter.keyframes]).toEqual([4, 4]);
    // three, two and two packets; the last picture may not be complete
    expect(counter.medianFrameBytes()).toBe(2 * IDR.length);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 30 }), fc.nat(3))), (payloads) => {
        const counter = new FrameCounter();
        for (const [payload, timestamp] of payloads) counter.add(payload, timestamp);
        expect(counter.keyframes).toBeLessThanOrEqual(counter.frames);
      }),
    );
  });
});
