import type { RandomSource } from '../../common/random.js';
import type { Scheduler } from '../../common/clock.js';
import type { MediaNetwork } from '../../net/media-sockets.js';
import type { NegotiatedStream } from '../../protocols/sdp/offer-answer.js';
import { isRtcp, RTP_HEADER_BYTES } from '../../protocols/rtp/rtp-packet.js';
import type { Behaviour } from '../faults/behaviour.js';
import type { MediaLibrary } from './library.js';
import { AUDIO_FRAME_MS, type MediaLoop } from './loops.js';
import type { PacedLoop } from './paced-loop.js';
import type { PortPair } from './port-pair.js';
import { FIRST_REPORT_AFTER_MS, RtcpReporter } from './rtcp-reporter.js';
import { RtpReceiver } from './rtp-receiver.js';
import { RtpSender } from './rtp-sender.js';

/** RFC 3550 section 5.1 */
const SSRC_OFFSET = 8;

/** What was agreed for one medium; over H.323 a device may send pictures in what SIP never agrees on. */
export interface AgreedStream extends Omit<NegotiatedStream, 'codec'> {
  codec: NegotiatedStream['codec'] | 'H263' | 'H261';
}

export interface MediaTools {
  loop: PacedLoop;
  scheduler: Scheduler;
  network: MediaNetwork;
  random: RandomSource;
  library: MediaLibrary;
  /** seeded: losses and jitter repeat with the same seed */
  fraction: () => number;
}

export type BehaviourSource = () => Readonly<Behaviour>;

/** One medium of one call: sends and hears, with all that the endpoint's faults do to it. */
export class MediaStream {
  private readonly sender: RtpSender;
  private readonly receiver: RtpReceiver;
  private readonly reporter: RtcpReporter;
  private open = true;
  private tookSsrc = false;
  private keyframeAsked = false;
  /** monotonic time of the last datagram of any kind, also of one that a fault then keeps from being heard */
  arrivedAtMs: number;

  constructor(
    private readonly ports: PortPair,
    private agreed: AgreedStream,
    private readonly behaviour: BehaviourSource,
    private readonly tools: MediaTools,
    cname: string,
  ) {
    this.arrivedAtMs = tools.scheduler.monotonicMs();
    // calls that begin together must not send together, or each of their packets waits for all others
    const phaseMs = AUDIO_FRAME_MS * tools.fraction();
    const startMs = tools.scheduler.monotonicMs() + behaviour().mediaDelayMs + phaseMs;
    this.sender = this.createSender(startMs);
    this.receiver = new RtpReceiver(agreed.clockRate, agreed.receivePayloadType);
    this.reporter = new RtcpReporter(cname, this.sender, this.receiver, tools.scheduler, {
      mayReport: () => behaviour().sendRtcp,
      send: (compound) => this.sendReport(compound),
    });
    ports.onMessage(
      (bytes) => this.hear(bytes, this.agreed.rtcpMux && isRtcp(bytes)),
      (bytes) => this.hear(bytes, true),
    );
    tools.loop.add(this.sender, startMs);
    tools.loop.add(this.reporter, startMs + FIRST_REPORT_AFTER_MS);
  }

  /** The caller moved its ports, changed directions, or opened its own way later than ours: what we send stays as it was. */
  change(agreed: AgreedStream): void {
    this.agreed = agreed;
    this.receiver.payloadType = agreed.receivePayloadType;
  }

  /** By the signalling (RFC 5168). */
  requestKeyframe(): void {
    this.keyframeAsked = true;
  }

  close(): void {
    if (!this.open) return;
    this.reporter.leave();
    this.open = false;
    this.tools.loop.remove(this.sender);
    this.tools.loop.remove(this.reporter);
  }

  private createSender(startMs: number): RtpSender {
    const { random } = this.tools;
    return new RtpSender(
      {
        ssrc: random.uint32(),
        payloadType: this.agreed.payloadType,
        clockRate: this.agreed.clockRate,
        firstSequence: random.uint32() & 0xffff,
        firstTimestamp: random.uint32(),
      },
      {
        loop: () => this.mediaLoop(),
        behaviour: this.behaviour,
        mayReceive: () => this.agreed.weSend,
        fraction: this.tools.fraction,
        send: (bytes, length) => this.ports.sendRtp(bytes, length, this.agreed.rtpPort, this.agreed.address),
      },
      startMs,
    );
  }

  private mediaLoop(): MediaLoop {
    const { library } = this.tools;
    const { codec } = this.agreed;
    const { silent, frozen, keyframes } = this.behaviour();
    if (codec === 'H263' || codec === 'H261') return library.recorded[codec];
    if (codec === 'H264' && !keyframes && !this.keyframeAsked) return library.keyless;
    if (codec === 'H264') return frozen ? library.still : library.moving;
    return silent ? library.silence[codec] : library.tone[codec];
  }

  private hear(bytes: Buffer, isReport: boolean): void {
    if (!this.open) return;
    const nowMs = this.tools.scheduler.monotonicMs();
    this.arrivedAtMs = nowMs;
    const { hearMedia, heardLossRatio, echo, takesSsrc } = this.behaviour();
    if (!hearMedia || !this.agreed.weReceive) return;
    if (echo) return this.giveBack(bytes, isReport, echo);
    if (takesSsrc && !isReport) this.takeSsrcOf(bytes);
    if (isReport) this.reporter.receive(bytes, nowMs);
    else if (heardLossRatio === 0 || this.tools.fraction() >= heardLossRatio) this.receiver.receive(bytes, nowMs);
  }

  private giveBack(bytes: Buffer, isReport: boolean, under: 'our-ssrc' | 'its-ssrc'): void {
    if (isReport && under === 'our-ssrc') return this.putReport(bytes);
    if (isReport || bytes.length < RTP_HEADER_BYTES) return;
    if (under === 'its-ssrc') bytes.writeUInt32BE(this.sender.stream.ssrc, SSRC_OFFSET);
    this.ports.sendRtp(bytes, bytes.length, this.agreed.rtpPort, this.agreed.address);
  }

  private takeSsrcOf(bytes: Buffer): void {
    if (this.tookSsrc || bytes.length < RTP_HEADER_BYTES) return;
    this.tookSsrc = true;
    this.sender.takeSsrc(bytes.readUInt32BE(SSRC_OFFSET));
  }

  /** A slow line holds back what was written before it: DLSR is right, and the caller measures the delay as round trip. */
  private sendReport(compound: Uint8Array): void {
    const { mediaDelayMs } = this.behaviour();
    if (mediaDelayMs === 0) return this.putReport(compound);
    const { loop, scheduler } = this.tools;
    loop.add({ fire: () => this.putReport(compound) }, scheduler.monotonicMs() + mediaDelayMs);
  }

  private putReport(compound: Uint8Array): undefined {
    const bytes = Buffer.from(compound.buffer, compound.byteOffset, compound.byteLength);
    const { address, rtpPort, rtcpPort, rtcpMux } = this.agreed;
    if (rtcpMux) this.ports.sendRtp(bytes, bytes.length, rtpPort, address);
    else this.ports.sendRtcp(bytes, rtcpPort, address);
  }
}
