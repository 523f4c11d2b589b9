import { readFileSync } from 'node:fs';
import { systemRandom } from '../common/random.js';
import { comfortNoise, type G711Codec } from '../protocols/rtp/g711.js';
import { groupPictures, packetizeNal, type PacketizationMode, splitAnnexB } from '../protocols/rtp/h264-payload.js';
import { hash32 } from '../protocols/rtp/payload-hash.js';

/** One moment of a medium: the packets that share a time stamp. */
export interface Frame {
  payloads: Uint8Array[];
}

/** A medium that repeats for ever, prepared once: the paced loop only copies. */
export interface LoopedMedium {
  frames: Frame[];
  frameMs: number;
  /** RTP clock units from one frame to the next */
  timestampStep: number;
  /** sound: of the payloads, which nobody else sends */
  hashes?: ReadonlySet<number>;
}

const AUDIO_FRAME_MS = 20;
const AUDIO_FRAME_SAMPLES = 160;
/** one second of noise: long enough not to sound like a rhythm */
const AUDIO_FRAMES = 50;
/** A live room must not be startled: about the level of a quiet room's own noise. */
const NOISE_DBOV = -60;
/** Each thread has noise of its own, so that two monitors do not hear themselves in each other. */
const noiseSeed = systemRandom.uint32();
/**
 * The packets of one second of noise can be cut at so many places, each giving other packets. Calls take them in turn: two
 * of one thread that call each other send different bytes as well.
 */
const SOUND_VARIANTS = AUDIO_FRAME_SAMPLES;
let nextVariant = 0;

const VIDEO_FRAMES_PER_SECOND = 30;
const VIDEO_CLOCK_HZ = 90_000;
const MAX_PAYLOAD_BYTES = 1_200;

const noise = new Map<G711Codec, Uint8Array>();

function noiseOf(codec: G711Codec): Uint8Array {
  const samples = AUDIO_FRAMES * AUDIO_FRAME_SAMPLES + SOUND_VARIANTS;
  const sound = noise.get(codec) ?? comfortNoise(codec, samples, NOISE_DBOV, noiseSeed);
  noise.set(codec, sound);
  return sound;
}

function quietNoise(codec: G711Codec, variant: number): LoopedMedium {
  const sound = noiseOf(codec).subarray(variant);
  const payloads = Array.from({ length: AUDIO_FRAMES }, (_, i) =>
    sound.subarray(i * AUDIO_FRAME_SAMPLES, (i + 1) * AUDIO_FRAME_SAMPLES),
  );
  return {
    frames: payloads.map((payload) => ({ payloads: [payload] })),
    frameMs: AUDIO_FRAME_MS,
    timestampStep: AUDIO_FRAME_SAMPLES,
    hashes: new Set(payloads.map(hash32)),
  };
}

/** The slide "Kiểm tra tự động / automatic check": who looks at the screen sees that nobody is calling. */
const checkSlide = (mode: PacketizationMode): LoopedMedium => ({
  frames: groupPictures(splitAnnexB(readFileSync(new URL('./assets/check-slide.h264', import.meta.url)))).map((nals) => ({
    payloads: nals.flatMap((nal) => packetizeNal(nal, mode, MAX_PAYLOAD_BYTES)),
  })),
  frameMs: 1000 / VIDEO_FRAMES_PER_SECOND,
  timestampStep: VIDEO_CLOCK_HZ / VIDEO_FRAMES_PER_SECOND,
});

const prepared = new Map<string, LoopedMedium>();

function preparedOnce(key: string, make: () => LoopedMedium): LoopedMedium {
  const medium = prepared.get(key) ?? make();
  prepared.set(key, medium);
  return medium;
}

/** Which cut of the noise a call sends. */
export const takeSoundVariant = (): number => nextVariant++ % SOUND_VARIANTS;

/** Made once a thread. */
export const soundOf = (codec: G711Codec, variant: number): LoopedMedium =>
  preparedOnce(`${codec} ${variant}`, () => quietNoise(codec, variant));

/** Made once a thread. */
export const slideOf = (mode: PacketizationMode): LoopedMedium => preparedOnce(`H264 ${mode}`, () => checkSlide(mode));

/** Making them takes some 50 ms: done inside the first call, it would be that call's lateness. */
export function prepareMedia(): void {
  noiseOf('PCMA');
  noiseOf('PCMU');
  slideOf(0);
  slideOf(1);
}
