import { err, ok, type Result } from '../../common/result.js';
import { buildAnswer, buildOffer, negotiate, type LocalMedia } from '../../protocols/sdp/offer-answer.js';
import { formatSdp, parseSdp } from '../../protocols/sdp/session-description.js';
import type { AgreedMedia, CallPorts } from '../media/call-media.js';

export interface SessionAnswer {
  sdp: string;
  agreed: AgreedMedia;
}

/** The offer/answer side of one call (RFC 3264): each description of ours has a higher version than the one before. */
export class Session {
  private version = 0;
  private ourOffer = '';

  constructor(
    private readonly address: string,
    private readonly sessionId: string,
    private readonly ports: CallPorts,
  ) {}

  /** An error when the two sides have no sound in common: that is a 488. */
  answer(offerText: string, video: boolean): Result<SessionAnswer> {
    const offer = parseSdp(offerText);
    if (!offer.ok) return offer;
    const answer = buildAnswer(offer.value, { ...this.nextLocal(), accept: { audio: true, video } });
    // the same rules from the other side: our answer bounds what we do with their description
    const agreed = negotiate(answer, offer.value);
    if (!agreed.ok) return agreed;
    const { audio, video: picture } = agreed.value;
    return audio ? ok({ sdp: formatSdp(answer), agreed: { audio, video: picture } }) : err('no common audio codec');
  }

  /** For an INVITE without one: the caller answers in its ACK (RFC 3261 13.2.1). */
  offer(video: boolean): string {
    const { videoPort, videoRtcpPort, ...audio } = this.nextLocal();
    this.ourOffer = formatSdp(buildOffer(video ? { ...audio, videoPort, videoRtcpPort } : audio));
    return this.ourOffer;
  }

  accepted(answerText: string): Result<AgreedMedia> {
    const offer = parseSdp(this.ourOffer);
    const answer = parseSdp(answerText);
    if (!offer.ok || !answer.ok) return err('no offer to this answer');
    return negotiate(offer.value, answer.value);
  }

  private nextLocal(): LocalMedia {
    const { audio, video } = this.ports;
    return {
      address: this.address,
      sessionId: this.sessionId,
      sessionVersion: String(++this.version),
      username: 'lab',
      audioPort: audio.rtp,
      audioRtcpPort: audio.rtcp,
      videoPort: video.rtp,
      videoRtcpPort: video.rtcp,
    };
  }
}
