import { SIGNAL_NAMES, type SignalName } from '../../common/states.js';
import type { MediaLeg, Medium } from '../../media/contract.js';
import type { TargetRule } from '../../media/target-rule.js';
import type { H323Stream } from '../../protocols/h323/call-types.js';
import type { AgreedStream } from '../call/media-call.facts.js';

type Sent = Extract<H323Stream, { direction: 'send' }>;
type Received = Extract<H323Stream, { direction: 'receive' }>;

const MEDIA = ['audio', 'video'] as const;
/** What our sound and our slide need of a channel whose far end limits it (flowControlCommand), kbit/s without headers. */
const OWN_KBPS: Readonly<Record<Medium, number>> = { audio: 64, video: 40 };

/** Between the channels of H.245, each of one direction, and the streams that a media worker sends and receives. */
export class CallStreams {
  private readonly known = new Map<Medium, { sent?: Sent; received?: Received }>();
  private streams: readonly H323Stream[] = [];
  private readonly open = new Set<SignalName>();
  readonly heldAfterMs: Partial<Record<SignalName, number>> = {};
  readonly foreign: Partial<Record<Medium, string>> = {};

  constructor(
    /** the machine that we called */
    private readonly peerAddress: string,
    private readonly targets: TargetRule,
  ) {}

  /** @param atMs since media began */
  update(streams: readonly H323Stream[], atMs: number): void {
    this.streams = streams;
    for (const stream of streams) this.remember(stream);
    for (const name of SIGNAL_NAMES) this.noteHold(name, atMs);
  }

  /** One for each medium that was ever open: what was closed is neither sent nor expected any more. */
  get legs(): MediaLeg[] {
    return MEDIA.filter((medium) => this.known.has(medium)).map((medium) => this.legOf(medium));
  }

  /** What was open at any time of the call: a direction that was taken away is judged by what it carried until then. */
  agreed(medium: Medium, takesOther: boolean): AgreedStream | null {
    const { sent, received } = this.known.get(medium) ?? {};
    const cannotSend = takesOther && !sent;
    if (!sent && !received && !cannotSend) return null;
    return { kind: medium, weSend: sent !== undefined, weReceive: received !== undefined, ...(cannotSend ? { cannotSend } : {}) };
  }

  codecOf(name: SignalName): string | undefined {
    const { sent, received } = this.known.get(mediumOf(name)) ?? {};
    return name.endsWith('Out') ? sent?.codec : received?.codec;
  }

  private remember(stream: H323Stream): void {
    const before = this.known.get(stream.medium);
    this.known.set(stream.medium, { ...before, [stream.direction === 'send' ? 'sent' : 'received']: stream });
    if (stream.direction === 'send' && stream.target && this.targetOf(stream) === undefined) {
      const { address, rtpPort } = stream.target;
      this.foreign[stream.medium] = rtpPort < 1024 ? `${address} port ${rtpPort}` : address;
    }
  }

  private noteHold(name: SignalName, atMs: number): void {
    const medium = mediumOf(name);
    const isOpen = name.endsWith('Out') ? this.maySend(medium) : this.find(medium, 'receive') !== undefined;
    if (isOpen) {
      this.open.add(name);
      delete this.heldAfterMs[name];
    } else if (this.open.has(name)) this.heldAfterMs[name] ??= atMs;
  }

  private legOf(medium: Medium): MediaLeg {
    const { sent, received } = this.known.get(medium) ?? {};
    const target = sent && this.targetOf(sent);
    return {
      medium,
      remoteAddress: target ?? this.peerAddress,
      remoteRtpPort: sent?.target?.rtpPort ?? 0,
      remoteRtcpPort: this.rtcpPortOf(sent, received),
      rtcpMux: false,
      payloadType: sent?.payloadType ?? received?.payloadType ?? 0,
      receivePayloadType: received?.payloadType,
      codec: sent?.codec ?? (medium === 'audio' ? 'PCMA' : 'H264'),
      receiveCodec: received?.codec,
      clockRate: medium === 'audio' ? 8_000 : 90_000,
      // H.241 annex A: a packet is one NAL unit, or a fragment of it only where both said so
      packetizationMode: medium === 'video' ? 0 : undefined,
      send: target !== undefined && this.maySend(medium),
      receive: this.find(medium, 'receive') !== undefined,
    };
  }

  /** Reports go to the host that the media go to; another one that was named for them is not believed. */
  private rtcpPortOf(sent: Sent | undefined, received: Received | undefined): number {
    const { target } = sent ?? {};
    if (target) return target.rtcpAddress === target.address ? target.rtcpPort : target.rtpPort + 1;
    return received?.rtcp?.port ?? 0;
  }

  private maySend(medium: Medium): boolean {
    const stream = this.find(medium, 'send') as Sent | undefined;
    return stream?.target !== undefined && (stream.mostKbps ?? Infinity) >= OWN_KBPS[medium];
  }

  private find(medium: Medium, direction: H323Stream['direction']): H323Stream | undefined {
    return this.streams.find((stream) => stream.medium === medium && stream.direction === direction);
  }

  private targetOf({ target }: Sent): string | undefined {
    return target && this.targets.targetOf(target.address, target.rtpPort);
  }
}

const mediumOf = (name: SignalName): Medium => (name.startsWith('audio') ? 'audio' : 'video');
