import { readFileSync } from 'node:fs';
import { comfortNoise, type G711Codec } from '../protocols/rtp/g711.js';
import { groupPictures, packetizeNal, type PacketizationMode, splitAnnexB } from '../protocols/rtp/h264-payload.js';

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
}

const AUDIO_FRAME_MS = 20;
const AUDIO_FRAME_SAMPLES = 160;
/** one second of noise: long enough not to sound like a rhythm */
const AUDIO_FRAMES = 50;
/** A live room must not be startled: about the level of a quiet room's own noise. */
const NOISE_DBOV = -60;
const NOISE_SEED = 20_251;

const VIDEO_FRAMES_PER_SECOND = 30;
const VIDEO_CLOCK_HZ = 90_000;
const MAX_PAYLOAD_BYTES = 1_200;

const quietNoise = (codec: G711Codec): LoopedMedium => {
  const sound = comfortNoise(codec, AUDIO_FRAMES * AUDIO_FRAME_SAMPLES, NOISE_DBOV, NOISE_SEED);
  const frames = Array.from({ length: AUDIO_FRAMES }, (_, i) => ({
    payloads: [sound.subarray(i * AUDIO_FRAME_SAMPLES, (i + 1) * AUDIO_FRAME_SAMPLES)],
  }));
  return { frames, frameMs: AUDIO_FRAME_MS, timestampStep: AUDIO_FRAME_SAMPLES };
};

/** The slide "Kiểm tra tự động / automatic check": who looks at the screen sees that nobody is calling. */
const checkSlide = (mode: PacketizationMode): LoopedMedium => ({
  frames: groupPictures(splitAnnexB(readFileSync(new URL('./assets/check-slide.h264', import.meta.url)))).map((nals) => ({
    payloads: nals.flatMap((nal) => packetizeNal(nal, mode, MAX_PAYLOAD_BYTES)),
  })),
  frameMs: 1000 / VIDEO_FRAMES_PER_SECOND,
  timestampStep: VIDEO_CLOCK_HZ / VIDEO_FRAMES_PER_SECOND,
});

const prepared = new Map<string, LoopedMedium>();

/** What we send in a codec; made once a thread. */
export function mediumOf(codec: G711Codec | 'H264', mode: PacketizationMode = 0): LoopedMedium {
  const key = `${codec} ${mode}`;
  const medium = prepared.get(key) ?? (codec === 'H264' ? checkSlide(mode) : quietNoise(codec));
  prepared.set(key, medium);
  return medium;
}

/** Making them takes some 50 ms: done inside the first call, it would be that call's lateness. */
export function prepareMedia(): void {
  mediumOf('PCMA');
  mediumOf('PCMU');
  mediumOf('H264', 0);
  mediumOf('H264', 1);
}
