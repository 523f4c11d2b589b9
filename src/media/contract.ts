import type { SrtpKeys } from '../protocols/rtp/srtp/suite.js';

/** Between a call and the media workers: plain data, since it crosses a thread. */
export type Medium = 'audio' | 'video';

export interface MediaPorts {
  rtp: number;
  rtcp: number;
}

export interface OpenMedia {
  /** the local address to bind and to offer */
  localAddress: string;
  video: boolean;
  /** the only addresses media may be sent to (the endpoint's own); everything else is refused and counted */
  allowedAddresses: string[];
  /** address prefixes beside them, `10.1.2.0/24` */
  allowedPrefixes?: string[] | undefined;
  /** keep keyframes of the peer's video, to be looked at after the call */
  keepKeyframes?: boolean;
}

/** One negotiated stream. */
export interface MediaLeg {
  medium: Medium;
  remoteAddress: string;
  remoteRtpPort: number;
  remoteRtcpPort: number;
  rtcpMux: boolean;
  /** what we send with */
  payloadType: number;
  /** what the peer sends with, where its answer renumbered the format (RFC 3264 6.1) */
  receivePayloadType?: number;
  codec: 'PCMA' | 'PCMU' | 'H264';
  /** what the peer sends, where it is not what we send: H.323 agrees on each direction by itself */
  receiveCodec?: 'PCMA' | 'PCMU' | 'H264' | 'H263' | 'H261';
  /** Hz of the RTP time stamp: 8000, 90000 */
  clockRate: number;
  /** H.264 only, RFC 6184 */
  packetizationMode?: 0 | 1;
  /** SRTP (RFC 3711); plain RTP without */
  keys?: SrtpKeys;
  send: boolean;
  receive: boolean;
}

/** What came in on one stream (RFC 3550 A.1, A.3, A.8). */
export interface ReceivedFacts {
  packets: number;
  bytes: number;
  /** extended highest sequence - first + 1 */
  expected: number;
  duplicates: number;
  reordered: number;
  jitterMs: number;
  maxJitterMs: number;
  firstAfterMs?: number;
  lastAfterMs?: number;
  /** packets whose source address or port is not what the SDP named */
  fromElsewhere: number;
  source?: { address: string; port: number };
  ssrcChanges: number;
  /** our own packets coming back, under our SSRC or another: an echo is not a living peer */
  ownEcho: number;
  /** how often the peer had chosen our SSRC, so that we took a new one (RFC 3550 8.2) */
  ssrcCollisions?: number;
  malformed: number;
  /** SRTP: packets that the agreed key does not open */
  undecryptable?: number;
  unexpectedPayloadType: number;
  /** datagrams that our own kernel dropped because we read too late: not the line's loss */
  ownDrops?: number;
  /** audio: mean level of the received sound in dBov; digital silence is -72.2 (A-law) or -Infinity clipped to -96 */
  levelDbov?: number;
  /** audio: share of packets that were digital silence, 0..1 */
  silentRatio?: number;
  /** video */
  frames?: number;
  keyframes?: number;
  medianFrameBytes?: number;
}

/** What went out on one stream and what the peer said of it in RTCP. */
export interface SentFacts {
  packets: number;
  bytes: number;
  /** RTCP packets of any kind that came from the peer for this medium */
  rtcpReceived: number;
  /** from start() to the last of them */
  lastRtcpAfterMs?: number;
  /** report blocks about our SSRC */
  reports: number;
  /** between the first and the last report the peer's highest sequence number of ours rose, or the only one is above our first */
  advancing: boolean;
  lossRatio?: number;
  jitterMs?: number;
  /** LSR/DLSR round trip, least of the samples */
  rttMs?: number;
  /** sends refused by the target rule */
  refused: number;
  /** the kernel reported an unreachable port for what we sent */
  unreachable: number;
}

export interface StreamFacts {
  received: ReceivedFacts;
  sent: SentFacts;
  /**
   * H.264 byte streams, only where `keepKeyframes` asked for them: the first keyframe that came whole, and the latest of those
   * two seconds or more after it
   */
  keyframes?: Uint8Array[];
}

export interface MediaFacts {
  audio?: StreamFacts;
  video?: StreamFacts;
  /** from start() to stop() */
  activeMs: number;
  /** p99 lateness of our own paced sends, ms */
  pacingLateMs: number;
  clock: 'kernel' | 'user';
  /** set when the worker died under the call */
  aborted?: boolean;
}

export interface MediaSession {
  readonly ports: { audio: MediaPorts; video?: MediaPorts };
  /** Begins to send and to count. Called again when the peer changes its ports or directions. */
  start(legs: MediaLeg[]): void;
  /**
   * Runs once when the thread that carries the media ends under the call, at once where it already has: nothing is sent or
   * counted any more, and the call should end.
   */
  onLost(run: () => void): void;
  /** Runs, twice at most, when neither PLI nor FIR brought a keyframe: what is left is to ask through the signalling. */
  onKeyframeMissing(run: () => void): void;
  /** Stops sending at once, then answers with what was seen, and gives the ports back. Idempotent. */
  stop(): Promise<MediaFacts>;
}

/** Never rejects for want of a peer; rejects when no port pair is free. */
export interface MediaPool {
  open(request: OpenMedia): Promise<MediaSession>;
  close(): Promise<void>;
}
