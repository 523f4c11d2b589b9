import { readFileSync } from 'node:fs';
import type { G711Codec } from '../../protocols/rtp/g711.js';
import { silenceLoop, toneLoop, videoLoop, type MediaLoop } from './loops.js';

/** leaves room for IP, UDP and RTP headers, and a tunnel, in 1280 bytes */
const MAX_PAYLOAD_BYTES = 1150;

/** All that simulated endpoints send, read and packetised once for the whole process. */
export interface MediaLibrary {
  tone: Record<G711Codec, MediaLoop>;
  silence: Record<G711Codec, MediaLoop>;
  moving: MediaLoop;
  still: MediaLoop;
}

const clip = (name: string): MediaLoop =>
  videoLoop(readFileSync(new URL(`../assets/${name}`, import.meta.url)), MAX_PAYLOAD_BYTES);

export const loadMediaLibrary = (): MediaLibrary => ({
  tone: { PCMA: toneLoop('PCMA'), PCMU: toneLoop('PCMU') },
  silence: { PCMA: silenceLoop('PCMA'), PCMU: silenceLoop('PCMU') },
  moving: clip('moving.h264'),
  still: clip('still.h264'),
});
