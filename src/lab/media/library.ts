import { readFileSync } from 'node:fs';
import type { G711Codec } from '../../protocols/rtp/g711.js';
import { recordedLoop } from './recorded-loop.js';
import { silenceLoop, toneLoop, videoLoop, withoutKeyframes, type MediaLoop } from './loops.js';

/** leaves room for IP, UDP and RTP headers, and a tunnel, in 1280 bytes */
const MAX_PAYLOAD_BYTES = 1150;

/** All that simulated endpoints send, read and packetised once for the whole process. */
export interface MediaLibrary {
  tone: Record<G711Codec, MediaLoop>;
  silence: Record<G711Codec, MediaLoop>;
  moving: MediaLoop;
  still: MediaLoop;
  /** moving, without the pictures that a decoder can begin with */
  keyless: MediaLoop;
  /** moving, in the codecs before H.264 */
  recorded: Record<'H263' | 'H261', MediaLoop>;
}

const asset = (name: string): Buffer => readFileSync(new URL(`../assets/${name}`, import.meta.url));
const clip = (name: string): MediaLoop => videoLoop(asset(name), MAX_PAYLOAD_BYTES);

export function loadMediaLibrary(): MediaLibrary {
  const moving = clip('moving.h264');
  return {
    tone: { PCMA: toneLoop('PCMA'), PCMU: toneLoop('PCMU') },
    silence: { PCMA: silenceLoop('PCMA'), PCMU: silenceLoop('PCMU') },
    moving,
    still: clip('still.h264'),
    keyless: withoutKeyframes(moving),
    recorded: { H263: recordedLoop(asset('moving.h263.rtp')), H261: recordedLoop(asset('moving.h261.rtp')) },
  };
}
