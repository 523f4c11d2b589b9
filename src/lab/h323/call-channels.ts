import type { AgreedMedia } from '../media/call-media.js';
import type { MediaEnd } from '../media/media-host.js';
import type { AgreedStream } from '../media/media-stream.js';
import type { Place } from './device-messages.js';

export type Medium = 'audio' | 'video';

/** How the device sends a medium, whichever channel is opened first. */
export interface SendPlan {
  codec: AgreedStream['codec'];
  payloadType: number;
}

/** The logical channels of one call as media: two of each medium, one a way, that come and go by themselves. */
export class CallChannels {
  private readonly agreed: AgreedMedia = { audio: null, video: null };

  constructor(
    private readonly media: MediaEnd,
    private readonly plans: Record<Medium, SendPlan>,
  ) {}

  /** @returns our ports of a medium */
  portsOf(medium: Medium): { rtp: number; rtcp: number } {
    return this.media.ports[medium];
  }

  /** Ways that are open: four with sound and picture both ways. */
  get open(): number {
    return [this.agreed.audio, this.agreed.video]
      .flatMap((stream) => [stream?.weSend, stream?.weReceive])
      .filter((isOpen) => isOpen).length;
  }

  /** The caller opened its way to us. @param rtcp where our reports about it go */
  receive(medium: Medium, payloadType: number, rtcp: Place | undefined): void {
    const known = this.agreed[medium];
    const reportsTo = known?.weSend ? {} : { address: rtcp?.address ?? '', rtcpPort: rtcp?.port ?? 0 };
    this.set(medium, { receivePayloadType: payloadType, weReceive: true, ...reportsTo });
  }

  /** The caller took our way to it. */
  send(medium: Medium, rtp: Place, rtcp: Place | undefined): void {
    this.set(medium, { address: rtp.address, rtpPort: rtp.port, rtcpPort: rtcp?.port ?? rtp.port + 1, weSend: true });
  }

  stopReceiving(medium: Medium): void {
    if (this.agreed[medium]) this.set(medium, { weReceive: false });
  }

  stopSending(medium: Medium): void {
    if (this.agreed[medium]) this.set(medium, { weSend: false });
  }

  requestKeyframe(): void {
    this.media.requestKeyframe();
  }

  close(): void {
    this.media.close();
  }

  private set(medium: Medium, change: Partial<AgreedStream>): void {
    this.agreed[medium] = { ...(this.agreed[medium] ?? this.unopened(medium)), ...change };
    this.media.apply(this.agreed);
  }

  private unopened(medium: Medium): AgreedStream {
    const { codec, payloadType } = this.plans[medium];
    return {
      kind: medium,
      address: '',
      rtpPort: 0,
      rtcpPort: 0,
      rtcpMux: false,
      codec,
      payloadType,
      receivePayloadType: payloadType,
      clockRate: medium === 'audio' ? 8000 : 90_000,
      peerDirection: 'sendrecv',
      weSend: false,
      weReceive: false,
    };
  }
}
