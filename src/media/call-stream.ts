import type { Clock } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import type { MediaDatagram, SocketPair } from '../net/media-sockets.js';
import { middle32, toNtp } from '../protocols/rtp/ntp.js';
import {
  buildCompound,
  parseRtcpCompound,
  type ReportBlock,
  type RtcpPacket,
  writeBye,
  writeFir,
  writePli,
  writeReceiverReport,
  writeSdes,
  writeSenderReport,
} from '../protocols/rtp/rtcp.js';
import { isRtcp } from '../protocols/rtp/rtp-packet.js';
import type { MediaLeg, Medium, StreamFacts } from './contract.js';
import { KeyframeKeeper } from './keyframe-keeper.js';
import { PacketGuard } from './packet-guard.js';
import { type Origin, OwnStream } from './own-stream.js';
import { type LoopedMedium, slideOf, soundOf, takeSoundVariant } from './payloads.js';
import { PeerReports } from './peer-reports.js';
import { Receiver } from './receiver.js';
import { Sender } from './sender.js';
import type { TargetRule } from './target-rule.js';

/** Early, so that the first report of a peer that reports once in five seconds can already carry a round trip. */
const FIRST_REPORT_MS = 250;
const REPORT_EVERY_MS = 2_500;
/** Without a keyframe nothing can be seen: ask with PLI, then FIR, then, for gear without either, through the signalling. */
const KEYFRAME_REQUESTS = [
  { afterMs: 500, by: 'PLI' },
  { afterMs: 1_500, by: 'FIR' },
  { afterMs: 2_500, by: 'FIR' },
  { afterMs: 3_500, by: 'signalling' },
  { afterMs: 4_500, by: 'signalling' },
] as const;
const CLOCK_HZ: Readonly<Record<Medium, number>> = { audio: 8_000, video: 90_000 };

export interface StreamContext {
  clock: Clock;
  random: RandomSource;
  targets: TargetRule;
  /** of all streams of the call (RFC 3550 6.5.1) */
  cname: string;
  keepKeyframes: boolean;
  /** the call's rate cap: false for what must not leave */
  admits(bytes: number): boolean;
  /** RTCP brought no keyframe: it is to be asked for by SIP */
  keyframeMissing(): void;
  /** something of a living peer came: it still wants to hear from us */
  heard(atMs: number): void;
}

/** One medium of one call: its sockets, what it sends, what it receives, and the RTCP of both. */
export class CallStream {
  private readonly own: OwnStream;
  private readonly soundVariant = takeSoundVariant();
  private leg?: MediaLeg;
  private sender?: Sender;
  private receiver?: Receiver;
  private keeper?: KeyframeKeeper;
  private reports?: PeerReports;
  private startedMs = 0;
  private nextReportMs = Infinity;
  private keyframeRequests = 0;
  private refused = 0;
  private unreachable = 0;
  private ownDrops = 0;
  private readonly guard = new PacketGuard();

  constructor(
    readonly medium: Medium,
    readonly sockets: () => SocketPair | undefined,
    private readonly context: StreamContext,
  ) {
    this.own = new OwnStream(context.random.uint32(), CLOCK_HZ[medium]);
  }

  /** @param phaseMs how much later than `nowMs` the first packet leaves; what comes counts from `nowMs` */
  start(leg: MediaLeg, nowMs: number, phaseMs: number): void {
    this.guard.follow(leg.keys);
    if (this.leg) return this.change(leg);
    this.leg = leg;
    this.startedMs = nowMs;
    const atMs = nowMs + phaseMs;
    this.nextReportMs = atMs + this.spread(FIRST_REPORT_MS);
    const { random } = this.context;
    // far from the wrap: a monitor need not test the peer's arithmetic
    const sequence = random.uint32() & 0x3fff;
    this.sender = new Sender(
      this.mediumOf(leg),
      { ssrc: this.own.ssrc, sequence, timestamp: random.uint32(), payloadType: leg.payloadType, atMs },
      leg.medium === 'video',
    );
    this.own.follow(this.sender);
    if (leg.medium === 'video' && this.context.keepKeyframes) this.keeper = new KeyframeKeeper(nowMs);
    this.receiver = new Receiver(leg, nowMs, this.own, () => this.resolveCollision(), this.keeper);
    this.reports = new PeerReports(sequence, leg.clockRate, nowMs);
  }

  /** Monotonic time of the next thing to send. */
  get nextMs(): number {
    return Math.min(this.sender?.nextMs ?? Infinity, this.nextReportMs);
  }

  /** Sends what is due. Without consent time goes on and nothing leaves. */
  proceed(nowMs: number, consented: boolean): void {
    if (!this.sender || !this.leg) return;
    if (this.sender.nextMs <= nowMs) {
      if (consented && this.leg.send) this.sender.sendFrame((packet, length) => this.sendRtp(packet, length));
      else this.sender.skipFrame();
    }
    if (this.nextReportMs <= nowMs) {
      this.nextReportMs = nowMs + this.spread(REPORT_EVERY_MS);
      if (consented) this.sendReport(nowMs);
    }
    if (!consented) return;
    this.requestKeyframe(nowMs);
    this.requestAnotherKeyframe(nowMs);
  }

  /**
   * RFC 3550 6.3.1: between half of the interval and one and a half. Of 148 calls that began in the same millisecond all reports
   * left together, and kept packets of sound waiting for 4 to 14 ms.
   */
  private spread(intervalMs: number): number {
    return intervalMs * (0.5 + this.context.random.uint32() / 2 ** 32);
  }

  datagram(datagram: MediaDatagram): void {
    const data = this.guard.open(datagram.data);
    if (!this.receiver || !data) return;
    if (isRtcp(data)) this.receiveRtcp({ ...datagram, data });
    else if (this.receiver.receive({ ...datagram, data })) this.context.heard(datagram.arrivalMs);
  }

  noteUnreachable(): void {
    this.unreachable++;
  }

  noteDrops(total: number): void {
    this.ownDrops = Math.max(this.ownDrops, total);
  }

  /** The last word (RFC 3550 6.6), so that the peer's mixer lets us go at once. */
  sayGoodbye(nowMs: number): void {
    if (this.sender && this.sender.packets > 0)
      this.sendRtcp([...this.reportPackets(nowMs), writeBye({ ssrcs: [this.own.ssrc] })]);
  }

  facts(): StreamFacts | undefined {
    if (!this.receiver || !this.sender || !this.reports) return undefined;
    this.receiver.ownDrops = this.ownDrops;
    const { packets, octets, numbered } = this.sender;
    const received = this.receiver.facts();
    const { undecryptable, replayed } = this.guard;
    return {
      // SRTP drops the copies that plain RTP would have counted
      received: { ...received, duplicates: received.duplicates + replayed, ...(undecryptable ? { undecryptable } : {}) },
      sent: { packets, bytes: octets, ...this.reports.facts(numbered), refused: this.refused, unreachable: this.unreachable },
      ...(this.keeper ? { keyframes: this.keeper.keyframes } : {}),
    };
  }

  private change(leg: MediaLeg): void {
    this.leg = leg;
    this.sender?.setFormat(this.mediumOf(leg), leg.payloadType);
    this.receiver?.setLeg(leg);
  }

  private mediumOf({ codec, packetizationMode = 0 }: MediaLeg): LoopedMedium {
    if (codec === 'H264') return slideOf(packetizationMode);
    const sound = soundOf(codec, this.soundVariant);
    this.own.plays(sound);
    return sound;
  }

  /** RFC 3550 8.2: leave with the SSRC that two have, go on with a new one. */
  private resolveCollision(): void {
    this.sayGoodbye(this.context.clock.monotonicMs());
    this.own.changeSsrc(this.context.random.uint32());
    this.sender?.changeSsrc(this.own.ssrc);
  }

  private sendRtp(packet: Buffer, length: number): boolean {
    const { remoteAddress, remoteRtpPort } = this.leg as MediaLeg;
    return this.sendTo(this.sockets()?.rtp, packet, this.guard.seal(packet, length), remoteAddress, remoteRtpPort);
  }

  private sendRtcp(packets: Uint8Array[]): void {
    const { remoteAddress, remoteRtpPort, remoteRtcpPort, rtcpMux } = this.leg as MediaLeg;
    const compound = this.guard.sealReport(Buffer.from(buildCompound(packets)));
    const pair = this.sockets();
    this.sendTo(
      rtcpMux ? pair?.rtp : pair?.rtcp,
      compound,
      compound.length,
      remoteAddress,
      rtcpMux ? remoteRtpPort : remoteRtcpPort,
    );
  }

  private sendTo(socket: SocketPair['rtp'] | undefined, data: Buffer, length: number, address: string, port: number): boolean {
    const target = this.context.targets.targetOf(address, port);
    if (target === undefined || !this.context.admits(length)) {
      this.refused++;
      return false;
    }
    return socket?.send(data, length, target, port) ?? false;
  }

  private sendReport(nowMs: number): void {
    this.sendRtcp(this.reportPackets(nowMs));
  }

  /** SR while we send, RR otherwise, and the CNAME that every compound must carry (RFC 3550 6.1). */
  private reportPackets(nowMs: number): Uint8Array[] {
    const sender = this.sender as Sender;
    const { ssrc } = this.own;
    const reports = this.receiver?.reportBlocks(nowMs) ?? [];
    const counts = sender.countsOfSsrc();
    const report =
      counts.packetCount === 0
        ? writeReceiverReport({ ssrc, reports })
        : writeSenderReport({
            ssrc,
            ntp: toNtp(this.wallAt(nowMs)),
            rtpTimestamp: sender.timestampAt(nowMs),
            ...counts,
            reports,
          });
    return [report, writeSdes(ssrc, this.context.cname)];
  }

  private requestKeyframe(nowMs: number): void {
    const remote = this.receiver?.mainSsrc;
    const due = KEYFRAME_REQUESTS[this.keyframeRequests];
    if (this.medium !== 'video' || remote === undefined || !due) return;
    if (nowMs - this.startedMs < due.afterMs) return;
    this.keyframeRequests++;
    if (!this.receiver?.lacksKeyframe) return;
    if (due.by === 'signalling') return this.context.keyframeMissing();
    const { ssrc } = this.own;
    const request = due.by === 'FIR' ? writeFir(ssrc, remote, this.keyframeRequests) : writePli(ssrc, remote);
    this.sendRtcp([...this.reportPackets(nowMs), request]);
  }

  /** A peer need not send a second keyframe of itself. */
  private requestAnotherKeyframe(nowMs: number): void {
    const remote = this.receiver?.mainSsrc;
    if (remote === undefined || !this.keeper?.takeRequest(nowMs)) return;
    this.sendRtcp([...this.reportPackets(nowMs), writePli(this.own.ssrc, remote)]);
  }

  private receiveRtcp({ data, arrivalMs }: MediaDatagram): void {
    const packets = parseRtcpCompound(data);
    if (!packets.ok) return this.receiver?.noteMalformed();
    const origin = this.originOf(packets.value);
    if (origin === 'own') return this.receiver?.noteOwnEcho();
    if (origin === 'collision') this.resolveCollision();
    this.reports?.noteRtcp(arrivalMs);
    this.context.heard(arrivalMs);
    for (const packet of packets.value) this.noteRtcpPacket(packet, arrivalMs);
  }

  /**
   * All that we send carries our CNAME and no other, whatever becomes of its SSRC on the way. A mixer that describes all its
   * sources, us among them, is no echo.
   */
  private originOf(packets: readonly RtcpPacket[]): Origin {
    const chunks = packets.flatMap((packet) => (packet.type === 'SDES' ? packet.chunks : []));
    const others = chunks.filter(({ cname }) => cname !== this.context.cname);
    if (chunks.length > 0 && others.length === 0) return 'own';
    const senders = [...others, ...packets.flatMap((packet) => (packet.type === 'SR' || packet.type === 'RR' ? [packet] : []))];
    return senders.map(({ ssrc }) => this.own.originOfReport(ssrc)).find((origin) => origin !== 'other') ?? 'other';
  }

  private noteRtcpPacket(packet: RtcpPacket, arrivalMs: number): void {
    if (packet.type !== 'SR' && packet.type !== 'RR') return;
    if (packet.type === 'SR') this.receiver?.noteSenderReport(packet.ssrc, middle32(packet.ntp), arrivalMs);
    const nowNtp32 = middle32(toNtp(this.wallAt(arrivalMs)));
    for (const block of packet.reports) if (block.ssrc === this.own.ssrc) this.noteReport(block, nowNtp32);
  }

  private noteReport(block: ReportBlock, nowNtp32: number): void {
    this.reports?.noteBlock(block, nowNtp32, this.sender?.numbered ?? 0);
  }

  /** Wall time of a monotonic moment, from one fixed pair of readings: a stepped clock must not show as a round trip. */
  private wallAt(monotonicMs: number): number {
    this.wallOffsetMs ??= this.context.clock.wallMs() - this.context.clock.monotonicMs();
    return monotonicMs + this.wallOffsetMs;
  }

  private wallOffsetMs?: number;
}
