import { groupPictures, nalTypes, splitAnnexB } from '../../protocols/rtp/h264-payload.js';
import { toneFrame, type G711Codec } from '../../protocols/rtp/g711.js';

export interface LoopPacket {
  payload: Uint8Array;
  marker: boolean;
  /** RTP time stamp since the begin of the loop, clock units */
  timestamp: number;
  /** when it is sent, since the begin of the loop */
  offsetMs: number;
}

/** RTP payloads made once and sent round and round by every call: the senders allocate nothing. */
export interface MediaLoop {
  packets: readonly LoopPacket[];
  durationMs: number;
  durationUnits: number;
}

export const AUDIO_FRAME_MS = 20;
export const VIDEO_FRAME_RATE = 30;
const AUDIO_FRAME_SAMPLES = 160;
const NAL_SLICE = 1;
const TONE_HZ = 440;
/** audible, yet far below speech */
const TONE_LEVEL_DBOV = -35;
/** 44 periods of 440 Hz: after five frames the sine closes on itself without a click */
const TONE_LOOP_FRAMES = 5;
const VIDEO_UNITS_PER_FRAME = 90_000 / VIDEO_FRAME_RATE;
const VIDEO_FRAME_MS = 1000 / VIDEO_FRAME_RATE;
/** packets of one picture leave over this part of its time, as an encoder's pacing does */
const VIDEO_SPREAD = 0.6;
/** A-law and mu-law codes of a sample that is zero: a muted microphone sends nothing else */
const SILENCE = { PCMA: 0xd5, PCMU: 0xff } as const;

const audioLoop = (payloads: readonly Uint8Array[]): MediaLoop => ({
  packets: payloads.map((payload, index) => ({
    payload,
    marker: false,
    timestamp: index * AUDIO_FRAME_SAMPLES,
    offsetMs: index * AUDIO_FRAME_MS,
  })),
  durationMs: payloads.length * AUDIO_FRAME_MS,
  durationUnits: payloads.length * AUDIO_FRAME_SAMPLES,
});

export function toneLoop(codec: G711Codec): MediaLoop {
  const frame = (index: number): Uint8Array =>
    toneFrame(codec, AUDIO_FRAME_SAMPLES, { hz: TONE_HZ, level: TONE_LEVEL_DBOV, fromSample: index * AUDIO_FRAME_SAMPLES });
  return audioLoop(Array.from({ length: TONE_LOOP_FRAMES }, (_, index) => frame(index)));
}

export const silenceLoop = (codec: G711Codec): MediaLoop => audioLoop([new Uint8Array(AUDIO_FRAME_SAMPLES).fill(SILENCE[codec])]);

/**
 * A clip in annex B as single NAL unit packets (RFC 6184 5.6), valid in packetization modes 0 and 1.
 * @throws RangeError when a NAL unit is too large for that, i.e. the clip was encoded with the wrong settings
 */
export function videoLoop(annexB: Uint8Array, maxPayloadBytes: number): MediaLoop {
  const pictures = groupPictures(splitAnnexB(annexB));
  if (pictures.length === 0) throw new RangeError('the clip holds no picture');
  const packets = pictures.flatMap((nals, picture) =>
    nals.map((payload, index): LoopPacket => {
      if (payload.length > maxPayloadBytes)
        throw new RangeError(`NAL unit of ${payload.length} bytes, at most ${maxPayloadBytes}`);
      return {
        payload,
        marker: index === nals.length - 1,
        timestamp: picture * VIDEO_UNITS_PER_FRAME,
        offsetMs: (picture + (VIDEO_SPREAD * index) / nals.length) * VIDEO_FRAME_MS,
      };
    }),
  );
  return { packets, durationMs: pictures.length * VIDEO_FRAME_MS, durationUnits: pictures.length * VIDEO_UNITS_PER_FRAME };
}

/** Slices of other pictures alone: no parameter sets and no IDR. */
export function withoutKeyframes(loop: MediaLoop): MediaLoop {
  return { ...loop, packets: loop.packets.filter(({ payload }) => nalTypes(payload).every((type) => type === NAL_SLICE)) };
}
