import { execFileSync, spawnSync } from 'node:child_process';
import { groupPictures, splitAnnexB } from '../protocols/rtp/h264-payload.js';
import { measureKeyframes } from './keyframe-decoder.js';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const withFfmpeg = hasFfmpeg ? it : it.skip;
if (!hasFfmpeg) console.error('ffmpeg is missing: decoding is not tested');

/** Pictures of a synthetic source, a second apart, each a byte stream of its own. */
function clip(source: string): Uint8Array[] {
  const args = `-v error -f lavfi -i ${source}=size=320x180:rate=1 -t 3 -c:v libx264 -g 1 -f h264 pipe:1`.split(' ');
  const pictures = groupPictures(splitAnnexB(execFileSync('ffmpeg', args)));
  return pictures.map((nals) => Buffer.concat(nals.flatMap((nal) => [Uint8Array.of(0, 0, 0, 1), nal])));
}

describe(measureKeyframes.name, () => {
  withFfmpeg('tells a black picture from a living one, and two that differ from two alike', async () => {
    const [[first = new Uint8Array(), , third = new Uint8Array()], [black = new Uint8Array()]] = [clip('testsrc'), clip('color')];
    const moving = await measureKeyframes([first, third]);
    const frozen = await measureKeyframes([first, first]);
    const dark = await measureKeyframes([black]);
    if (!moving.ok || !frozen.ok || !dark.ok) throw new Error(JSON.stringify([moving, frozen, dark]));
    expect(moving.value.sd).toBeGreaterThan(30);
    expect(moving.value.diff).toBeGreaterThan(1);
    expect(frozen.value).toMatchObject({ diff: 0 });
    expect(dark.value.mean).toBeLessThan(20);
    expect(dark.value.sd).toBeLessThan(3);
    expect(dark.value).not.toHaveProperty('diff');
  });

  withFfmpeg('makes do with one picture where the other cannot be decoded', async () => {
    const [first = new Uint8Array()] = clip('testsrc');
    const figures = await measureKeyframes([Buffer.from('no picture'), first]);
    expect(figures).toMatchObject({ ok: true });
    expect(figures).not.toHaveProperty('value.diff');
  });

  withFfmpeg('says why what a stranger sent is no picture', async () => {
    const figures = await measureKeyframes([Buffer.from('no picture')]);
    expect(figures).toMatchObject({ ok: false, error: expect.stringMatching(/^.{10,200}$/s) as string });
  });

  it('says that ffmpeg is missing', async () => {
    const figures = await measureKeyframes([Uint8Array.of(1)], '/nonexistent');
    expect(figures).toMatchObject({ ok: false, error: expect.stringContaining('ffmpeg') as string });
  });

  it('says that no keyframe came', async () => {
    expect(await measureKeyframes([])).toEqual({ ok: false, error: 'no keyframe came whole' });
  });

  it('lets a crowd wait up to a bound, and refuses the others at once', async () => {
    const crowd = await Promise.all(Array.from({ length: 30 }, () => measureKeyframes([Uint8Array.of(1)], '/nonexistent')));
    const refused = crowd.filter((figures) => !figures.ok && figures.error === 'too many pictures at once');
    expect(refused).toHaveLength(30 - 2 - 20);
    expect(await measureKeyframes([Uint8Array.of(1)], '/nonexistent')).not.toMatchObject({ error: 'too many pictures at once' });
  });
});
