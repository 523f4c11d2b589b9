import type { LocalMedia } from '../../protocols/sdp/offer-answer.js';
import type { SipCallOptions } from './sip-call.options.js';

/** G.711 of 20 ms: 160 bytes of sound and 40 of IP, UDP and RTP, 50 times a second. */
export const AUDIO_KBPS = 80;
/** Our slide has 32 kbit/s, 43 with its headers; a codec that is allowed less than this sends nothing that can be seen. */
export const LEAST_VIDEO_KBPS = 64;
/** What a codec makes of a picture of 720p at most. */
const USUAL_VIDEO_KBPS = 1_024;

export interface CallMedia {
  /** in the order of the offer */
  audioCodecs: NonNullable<LocalMedia['audioCodecs']>;
  video: boolean;
  /** most of the video, headers included */
  videoKbps: number;
}

type MediaOptions = Partial<Pick<SipCallOptions, 'video' | 'codecs' | 'bandwidthKbps'>>;

/** What a call offers: video only where it is wanted, its codec is among the codecs, and the bandwidth leaves it enough. */
export function callMediaOf({ video = true, codecs = ['PCMA', 'PCMU', 'H264'], bandwidthKbps }: MediaOptions): CallMedia {
  const videoKbps = bandwidthKbps === undefined ? USUAL_VIDEO_KBPS : bandwidthKbps - AUDIO_KBPS;
  return {
    audioCodecs: codecs.filter((codec) => codec !== 'H264'),
    video: video && codecs.includes('H264') && videoKbps >= LEAST_VIDEO_KBPS,
    videoKbps,
  };
}
