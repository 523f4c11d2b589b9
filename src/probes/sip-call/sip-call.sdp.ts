import { isIP } from 'node:net';
import { err, ok, type Result } from '../../common/result.js';
import type { MediaLeg, MediaSession, Medium } from '../../media/contract.js';
import {
  buildAnswer,
  buildOffer,
  type LocalMedia,
  negotiate,
  type Negotiated,
  type NegotiatedStream,
} from '../../protocols/sdp/offer-answer.js';
import { formatSdp, parseSdp, type SessionDescription } from '../../protocols/sdp/session-description.js';

export interface Agreement {
  agreed: Negotiated;
  legs: MediaLeg[];
  foreign: Partial<Record<Medium, string>>;
}

/** Our side of a call's session: what we offer, what came of it, and how we answer when the peer changes its mind. */
export class CallSession {
  private readonly local: LocalMedia;
  private ours: SessionDescription;

  constructor(
    ports: MediaSession['ports'],
    address: string,
    sessionId: string,
    private readonly peerAddress: string,
  ) {
    this.local = {
      address,
      sessionId,
      audioPort: ports.audio.rtp,
      audioRtcpPort: ports.audio.rtcp,
      videoPort: ports.video?.rtp,
      videoRtcpPort: ports.video?.rtcp,
    };
    this.ours = buildOffer(this.local);
  }

  get offer(): string {
    return formatSdp(this.ours);
  }

  /** Answers a re-INVITE or UPDATE. What cannot be read changes nothing: our side is stated once more. */
  answerTo(offerText: string): string {
    const offer = parseSdp(offerText);
    if (offer.ok) {
      this.ours = buildAnswer(offer.value, { ...this.local, accept: { audio: true, video: this.local.videoPort !== undefined } });
    }
    return formatSdp(this.ours);
  }

  /** Reads the peer's side and says where media go and from where they may be sent. */
  agree(theirText: string | null): Result<Agreement> {
    if (theirText === null) return err('the answer holds no session description');
    const theirs = parseSdp(theirText);
    if (!theirs.ok) return theirs;
    const agreed = negotiate(this.ours, theirs.value);
    if (!agreed.ok) return agreed;
    const streams = [agreed.value.audio, agreed.value.video].filter((stream) => stream !== null);
    const foreign: Agreement['foreign'] = {};
    for (const stream of streams) if (this.isForeign(stream)) foreign[stream.kind] = stream.address;
    return ok({ agreed: agreed.value, foreign, legs: streams.map((stream) => this.legOf(stream)) });
  }

  /** Do no harm: media go to the machine that we called and nowhere else, whatever its SDP says. */
  private isForeign(stream: NegotiatedStream): boolean {
    return stream.weSend && stream.address !== this.peerAddress;
  }

  private legOf(stream: NegotiatedStream): MediaLeg {
    const elsewhere = stream.address !== this.peerAddress;
    return {
      medium: stream.kind,
      // only an address can be told apart from the peer's own; a name would be resolved behind our back
      remoteAddress: isIP(stream.address) ? stream.address : this.peerAddress,
      remoteRtpPort: stream.rtpPort,
      remoteRtcpPort: stream.rtcpPort,
      rtcpMux: stream.rtcpMux,
      payloadType: stream.payloadType,
      codec: stream.codec,
      clockRate: stream.clockRate,
      packetizationMode: stream.packetizationMode,
      send: stream.weSend && !elsewhere,
      receive: stream.weReceive,
    };
  }
}
