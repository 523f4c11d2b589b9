import { levelDbov } from '../protocols/rtp/g711.js';
import { nalTypes } from '../protocols/rtp/h264-payload.js';
import { slideOf, soundOf, takeSoundVariant } from './payloads.js';

describe('what we send', () => {
  it.each(['PCMA', 'PCMU'] as const)('is one second of quiet noise in %s, 20 ms a packet', (codec) => {
    const { frames, frameMs, timestampStep } = soundOf(codec, 7);
    expect([frames.length, frameMs, timestampStep]).toEqual([50, 20, 160]);
    for (const { payloads } of frames) {
      expect(payloads.map(({ length }) => length)).toEqual([160]);
      // neither silence to an endpoint nor a sound to a room
      expect(Math.abs(levelDbov(payloads[0] as Uint8Array, codec) - -60)).toBeLessThan(3);
    }
  });

  it.each([0, 1] as const)('is the slide in mode %i: every packet fits, the first picture is a keyframe', (mode) => {
    const { frames, frameMs, timestampStep } = slideOf(mode);
    expect(frameMs * 30).toBeCloseTo(1000);
    expect(timestampStep).toBe(3000);
    expect(frames.length).toBeGreaterThan(1);
    for (const { payloads } of frames) {
      expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(1200);
      expect(payloads.flatMap(nalTypes).some((type) => type >= 1 && type <= 5)).toBe(true);
    }
    const types = (frames[0]?.payloads ?? []).flatMap(nalTypes);
    // sequence and picture parameter sets before the picture: a decoder can begin here
    expect(
      types
        .slice(types.indexOf(7))
        .filter((type) => [5, 7, 8].includes(type))
        .slice(0, 3),
    ).toEqual([7, 8, 5]);
  });

  it('sends nothing fragmented in mode 0', () => {
    const first = slideOf(0).frames.flatMap(({ payloads }) => payloads.map(([header = 0]) => header & 0x1f));
    expect(Math.max(...first)).toBeLessThan(24);
  });

  it('is made once', () => {
    expect(soundOf('PCMA', 1)).toBe(soundOf('PCMA', 1));
  });

  it('is a noise of its own in each of 160 calls', () => {
    const variants = Array.from({ length: 160 }, takeSoundVariant);
    const hashes = variants.flatMap((variant) => [...(soundOf('PCMU', variant).hashes ?? [])]);
    expect(new Set(hashes).size).toBe(160 * 50);
  });
});
