import { spawn } from 'node:child_process';
import { err, ok, type Result } from '../common/result.js';

/** What a look at the picture coming in gives; luma from 0 to 255. */
export interface PictureFigures {
  mean: number;
  /** standard deviation over the picture: of a black one measured 0.3, of a test picture 63 */
  sd: number;
  /** mean absolute difference of two pictures: of a frozen one measured 0.12, of a moving one 5.55 */
  diff?: number;
}

const [WIDTH, HEIGHT] = [32, 18];
const PICTURE_BYTES = WIDTH * HEIGHT;
/** of both pictures of a call; one takes a tenth of a second */
const TIME_LIMIT_MS = 5_000;
const MOST_AT_ONCE = 2;
/** With every decoder hung, the last of these still ends before the run of its probe is given up. */
const MOST_WAITING = 20;
const MOST_REASON_CHARACTERS = 200;

/**
 * A decoder that reads a stranger's bytes has to be expected to break: 5 s of processor, 1 GB of memory, no byte into any file,
 * nothing to read but its standard input. One `ulimit` each, since dash takes one resource at a time.
 */
const COMMAND =
  'ulimit -t 5 && ulimit -v 1000000 && ulimit -f 0 && ' +
  'exec ffmpeg -v error -threads 1 -protocol_whitelist pipe -f h264 -i pipe:0 ' +
  `-frames:v 1 -vf scale=${WIDTH}:${HEIGHT} -pix_fmt gray -f rawvideo pipe:1`;

/** the prober's own, whatever it was started with */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Decodes keyframes (H.264 byte streams) to small grey pictures in a limited child process each, keeps their figures and
 * throws the pictures away.
 * @param searchPath where ffmpeg is looked for, as in PATH
 */
export async function measureKeyframes(
  keyframes: readonly Uint8Array[],
  searchPath = USUAL_PATH,
): Promise<Result<PictureFigures>> {
  if (keyframes.length === 0) return err('no keyframe came whole');
  if (running >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING) return err('too many pictures at once');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await measure(keyframes, searchPath);
  } finally {
    // whoever waits takes this place over
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

async function measure(keyframes: readonly Uint8Array[], searchPath: string): Promise<Result<PictureFigures>> {
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  const pictures: Uint8Array[] = [];
  let failure = '';
  for (const keyframe of keyframes) {
    const picture = await decode(keyframe, searchPath, timeLimit);
    if (picture.ok) pictures.push(picture.value);
    else failure = picture.error;
  }
  const [first, second] = pictures;
  if (!first) return err(failure);
  return ok({ ...spread(second ?? first), ...(second ? { diff: difference(first, second) } : {}) });
}

function decode(keyframe: Uint8Array, searchPath: string, signal: AbortSignal): Promise<Result<Uint8Array>> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', COMMAND], { cwd: '/', env: { PATH: searchPath }, signal, killSignal: 'SIGKILL' });
    const picture: Buffer[] = [];
    let bytes = 0;
    let reason = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > PICTURE_BYTES) child.kill('SIGKILL');
      else picture.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      reason = (reason + text).slice(0, MOST_REASON_CHARACTERS);
    });
    child.on('error', ({ message }) => {
      reason = signal.aborted ? `not decoded within ${TIME_LIMIT_MS} ms` : message;
    });
    // it may end before it has read everything
    child.stdin.on('error', () => undefined);
    child.stdin.end(keyframe);
    child.on('close', (code) => {
      const complete = code === 0 && bytes === PICTURE_BYTES;
      resolve(complete ? ok(Buffer.concat(picture)) : err(reason.trim() || `ffmpeg made no picture (exit code ${code})`));
    });
  });
}

function spread(picture: Uint8Array): { mean: number; sd: number } {
  const mean = average(Float64Array.from(picture));
  return { mean, sd: Math.sqrt(average(Float64Array.from(picture, (luma) => (luma - mean) ** 2))) };
}

const difference = (one: Uint8Array, other: Uint8Array): number =>
  average(Float64Array.from(one, (luma, at) => Math.abs(luma - (other[at] ?? 0))));

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
