import { err, ok, type Result } from '../../common/result.js';
import type { MediaLeg, MediaSession, Medium } from '../../media/contract.js';
import type { TargetRule } from '../../media/target-rule.js';
import {
  buildAnswer,
  buildOffer,
  type LocalMedia,
  negotiate,
  type Negotiated,
  type NegotiatedStream,
} from '../../protocols/sdp/offer-answer.js';
import { formatSdp, parseSdp } from '../../protocols/sdp/session-description.js';

export interface Agreement {
  agreed: Negotiated;
  legs: MediaLeg[];
  foreign: Partial<Record<Medium, string>>;
}

/** Our side of a call's session: what we offer, what came of it, and how we answer when the peer changes its mind. */
export class CallSession {
  private readonly local: LocalMedia;
  private version = 1;
  private said: string;
  readonly offer: string;

  constructor(
    ports: MediaSession['ports'],
    address: string,
    sessionId: string,
    /** the machine that we called */
    private readonly peerAddress: string,
    private readonly targets: TargetRule,
    /** with `keys` the call is for SRTP alone */
    wanted: Pick<LocalMedia, 'keys' | 'audioCodecs' | 'audioKbps' | 'videoKbps'>,
  ) {
    this.local = {
      address,
      sessionId,
      audioPort: ports.audio.rtp,
      audioRtcpPort: ports.audio.rtcp,
      videoPort: ports.video?.rtp,
      videoRtcpPort: ports.video?.rtcp,
      ...wanted,
    };
    this.offer = formatSdp(buildOffer(this.local));
    this.said = this.offer;
  }

  /** Answers a re-INVITE or UPDATE; null for what cannot be read: the session stays as it is. */
  answerTo(offerText: string): string | null {
    const offer = parseSdp(offerText);
    if (!offer.ok) return null;
    const accept = { audio: true, video: this.local.videoPort !== undefined };
    const answer = (version: number): string =>
      formatSdp(buildAnswer(offer.value, { ...this.local, accept, sessionVersion: String(version) }));
    // RFC 3264 section 8: one higher for each change, so that the peer reads it at all, and the same for the same words
    if (answer(this.version) !== this.said) this.version++;
    this.said = answer(this.version);
    return this.said;
  }

  /**
   * Reads the peer's side and says where media go and from where they may be sent. Which side made the offer does not matter
   * for this: each sends to the address, and with the payload type numbers, of the other's description.
   */
  agree(theirText: string | null, ourText = this.offer): Result<Agreement> {
    if (theirText === null) return err('the answer holds no session description');
    const theirs = parseSdp(theirText);
    const ours = parseSdp(ourText);
    if (!theirs.ok) return theirs;
    if (!ours.ok) return ours;
    const agreed = negotiate(ours.value, theirs.value);
    if (!agreed.ok) return agreed;
    const streams = [agreed.value.audio, agreed.value.video].filter((stream) => stream !== null);
    const foreign: Agreement['foreign'] = {};
    for (const stream of streams) if (this.isForeign(stream)) foreign[stream.kind] = namedTarget(stream);
    return ok({ agreed: agreed.value, foreign, legs: streams.map((stream) => this.legOf(stream)) });
  }

  /** Do no harm: media go to the machine that we called and what was allowed beside it, whatever its SDP says. */
  private isForeign(stream: NegotiatedStream): boolean {
    return stream.weSend && this.targetOf(stream) === undefined;
  }

  private targetOf({ address, rtpPort }: NegotiatedStream): string | undefined {
    return this.targets.targetOf(address, rtpPort);
  }

  private legOf(stream: NegotiatedStream): MediaLeg {
    const target = this.targetOf(stream);
    return {
      medium: stream.kind,
      remoteAddress: target ?? this.peerAddress,
      remoteRtpPort: stream.rtpPort,
      remoteRtcpPort: stream.rtcpPort,
      rtcpMux: stream.rtcpMux,
      payloadType: stream.payloadType,
      receivePayloadType: stream.receivePayloadType,
      codec: stream.codec,
      clockRate: stream.clockRate,
      packetizationMode: stream.packetizationMode,
      keys: stream.keys,
      send: stream.weSend && target !== undefined,
      receive: stream.weReceive,
    };
  }
}

/** The port is told where it, too, may be the reason: an address alone is another machine's. */
const namedTarget = ({ address, rtpPort }: NegotiatedStream): string => (rtpPort < 1024 ? `${address} port ${rtpPort}` : address);
