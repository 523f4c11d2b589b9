/**
 * What a call over H.323 is told and what it tells: the seam between `H323Call`, which is pure, and whoever owns its sockets,
 * its media and its verdict.
 *
 *   owner                                   H323Call
 *   TCP to port 1720 is up           -->    start()                     SETUP goes out by `wire.sendSignalling`
 *   octets came                      -->    receiveSignalling(chunk)    in any pieces: TPKT is cut here
 *   it broke, ended                  -->    signallingFailed(failure)
 *   open H.245 connection            <--    wire.openH245(target)       only where the far end does not tunnel
 *   it is up, or not                 -->    h245Opened(), h245Failed(failure)
 *   octets came                      -->    receiveH245(chunk)
 *   what media may flow              <--    { type: 'media', streams }  each time anew and whole; the first opens the media
 *   enough                           -->    hangUp()                    ended (at once), then finished (within 1 s)
 *   everything is over               <--    { type: 'finished' }        and wire.close() was called
 *
 * `failed` or `ended` comes once and says what the call came to; `finished` comes behind it, always, and is the last event.
 * `facts` holds what a verdict needs beside that, at any time. Where media go is told as the far end named it: the owner's
 * target rule decides whether anything is sent there.
 */
import type { CallIds } from './call-ids.js';
import type { AudioCodec, MediaTarget, Medium, Place, VideoCodec } from './media-codecs.js';

/** One way to one endpoint. Sends are never refused here: a broken connection is told by the owner in its own time. */
export interface H323Wire {
  sendSignalling(octets: Uint8Array): void;
  openH245(target: H245Target): void;
  sendH245(octets: Uint8Array): void;
  /** Both connections, behind what was sent. */
  close(): void;
}

export interface H245Target {
  /** always the endpoint's own address, whatever it named */
  address: string;
  port: number;
}

export interface MediumPorts {
  rtp: number;
  rtcp: number;
}

export interface H323Config {
  /** ours: where media come to and what SETUP names as its source */
  localAddress: string;
  localPort: number;
  /** the endpoint's, IPv4; an H.245 connection is opened to no other */
  remoteAddress: string;
  remotePort: number;
  /** who calls, as screens and call logs show it */
  displayName: string;
  /** asked for at a gateway or an MCU: digits, or a name */
  alias?: string;
  /** of a call that a gatekeeper has admitted; made up otherwise */
  ids?: CallIds;
  ports: { audio: MediumPorts; video?: MediumPorts };
  /** what we can send and take, best first */
  audioCodecs: AudioCodec[];
  /** what we can take; only H.264 is ever sent */
  videoCodecs: VideoCodec[];
  /** told in Bearer Capability and as our highest video rate */
  callRateKbps: number;
  /** offer to carry H.245 inside the signalling connection */
  tunnelling: boolean;
  fastStart: boolean;
  /** how long a room may ring */
  ringMs: number;
  /** the far end is an MCU that was meant to be called: being one is no reason to hang up */
  conferenceExpected?: boolean;
  timers?: Partial<H323Timers>;
}

export interface H323Timers {
  /** T303, from SETUP to the first answer. One stack took 3 s to begin in 4 of 14 calls */
  firstAnswerMs: number;
  /** T310, from CALL PROCEEDING to ALERTING or CONNECT */
  proceedingMs: number;
  /** for each answer to a request of H.245 */
  controlMs: number;
  /** from SETUP until media may flow */
  setupMs: number;
  /** from our RELEASE COMPLETE until the connections are closed */
  releaseMs: number;
}

export const H323_TIMERS: H323Timers = {
  firstAnswerMs: 10_000,
  proceedingMs: 20_000,
  controlMs: 8_000,
  setupMs: 25_000,
  releaseMs: 1_000,
};

/** One direction of one medium. */
export type H323Stream =
  | {
      direction: 'send';
      medium: Medium;
      channel: number;
      codec: AudioCodec | 'H264';
      payloadType: number;
      /** undefined: acknowledged without one, as some stacks do while they hold a call */
      target: MediaTarget | undefined;
      /** flowControlCommand: 0 is a pause, undefined no limit */
      mostKbps: number | undefined;
    }
  | {
      direction: 'receive';
      medium: Medium;
      channel: number;
      codec: AudioCodec | VideoCodec;
      payloadType: number;
      /** where our receiver reports belong, if it was named */
      rtcp: Place | undefined;
    };

export type H323Event =
  | { type: 'proceeding' | 'alerting' }
  | { type: 'answered'; setupMs: number }
  /** all streams that are open now */
  | { type: 'media'; streams: H323Stream[] }
  /** videoFastUpdatePicture: the far end wants a keyframe of us */
  | { type: 'keyframe-wanted' }
  | { type: 'failed'; failure: H323Failure }
  | { type: 'ended'; by: 'us' | 'peer'; why?: EndReason }
  | { type: 'finished' };

/** Why an answered call ended although nobody here hung up. */
export type EndReason = 'released' | 'end-session' | 'connection-lost' | 'conference';

/** Why there is no call, or one without media. */
export type H323Failure =
  /** RELEASE COMPLETE before CONNECT; either figure may be missing, and both are to be looked at */
  | { kind: 'released'; cause?: number; reason?: string }
  /** TCP was accepted, and then: nothing for 10 s after SETUP, or for 20 s after CALL PROCEEDING */
  | { kind: 'hung'; after: 'setup' | 'proceeding' }
  | { kind: 'rang-out' }
  /** FACILITY sends us elsewhere. Not followed. */
  | { kind: 'forwarded'; reason: ForwardReason; address?: H245Target; alias?: string }
  /** answered, not tunnelled, and the connection for H.245 could not be made */
  | { kind: 'h245-blocked'; failure: H323TransportFailure | 'not-offered' }
  /** answered, and what H.245 needs did not come */
  | { kind: 'h245-hung'; waitingFor: ControlStep }
  /** answered, with nothing in common to send or take */
  | { kind: 'no-common-codec' }
  | { kind: 'transport'; failure: H323TransportFailure }
  /** what came is no H.323 */
  | { kind: 'protocol'; message: string };

export type ForwardReason = 'callForwarded' | 'routeCallToGatekeeper' | 'routeCallToMC';
export type ControlStep = 'start' | 'capabilities' | 'master-slave' | 'channels';
export type H323TransportFailure = 'refused' | 'no-route' | 'reset' | 'closed' | 'timeout';

/** What was seen on the way, whatever the call came to. */
export interface H323Facts {
  alerted: boolean;
  setupMs?: number;
  /** of the last RELEASE COMPLETE of the far end */
  cause?: number;
  reason?: string;
  display?: string;
  /** productId and versionId of its EndpointType: what stands in the room, as it says */
  product?: string;
  version?: string;
  /** how H.245 went */
  control?: 'tunnelled' | 'separate';
  fastStartAccepted: boolean;
  role?: 'master' | 'slave';
  /** what it takes of pictures: H.264, only others that we cannot send, or none */
  takesVideo?: 'H264' | 'other' | 'none';
  /** the host it named for H.245, where it was not its own address: its port was tried at the address that we called */
  controlElsewhere?: string;
  /** it wants encryption of its media: a capability, a channel, or the reason of its release said so */
  encryption: boolean;
  /** what told that others are, or may be, in the room's call */
  conference?: 'conference-id' | 'mcu' | 'terminal-number' | 'mc-location' | 'multipoint';
  /** channels that were refused, with the cause's name in H.245 */
  refused: { by: 'us' | 'peer'; medium: Medium | 'other'; cause: string }[];
  /** our channels that were never acknowledged */
  unacknowledged: Medium[];
  /** an empty capability set, a flow control of 0 or a close asked of us */
  pauses: number;
  /** least round trip of H.245 RoundTripDelay: of the control channel, not of media */
  controlRttMs?: number;
  /** messages that could not be read, and passed over */
  unreadable: number;
}
