import { DIGITAL_SILENCE_DBOV, type G711Codec, meanPower, powerToDbov } from '../protocols/rtp/g711.js';
import { FrameCounter } from '../protocols/rtp/frame-counter.js';
import { ReceptionStatistics } from '../protocols/rtp/reception-statistics.js';
import type { ReportBlock } from '../protocols/rtp/rtcp.js';
import { parseRtp, type RtpPacket } from '../protocols/rtp/rtp-packet.js';
import type { MediaDatagram } from '../net/media-sockets.js';
import type { MediaLeg, ReceivedFacts } from './contract.js';
import type { KeyframeKeeper } from './keyframe-keeper.js';
import type { OwnStream } from './own-stream.js';

/** A stranger may invent sources; the true one is among the first. */
const MOST_SOURCES = 8;
/** RFC 3389: comfort noise is sound, whatever was negotiated beside it */
const COMFORT_NOISE_PT = 13;

interface Source {
  ssrc: number;
  statistics: ReceptionStatistics;
  packets: number;
  lastSr?: { middle32: number; atMs: number };
}

/** What one medium brings in, judged packet by packet. Every byte is the peer's: nothing here throws. */
export class Receiver {
  private readonly sources = new Map<number, Source>();
  private readonly frames = new FrameCounter();
  private otherFrames = 0;
  private bytes = 0;
  private power = { sum: 0, packets: 0, silent: 0 };
  private counts = { fromElsewhere: 0, ownEcho: 0, malformed: 0, unexpectedPayloadType: 0 };
  private source?: { address: string; port: number };
  private firstMs?: number;
  private lastMs?: number;
  ownDrops = 0;

  constructor(
    private leg: MediaLeg,
    private readonly startedMs: number,
    private readonly own: OwnStream,
    /** the peer has our SSRC: ours is to change before anything else is sent */
    private readonly onCollision: () => void,
    /** video of a call whose pictures are looked at */
    private readonly keeper?: KeyframeKeeper,
  ) {}

  /** The peer changed its address, port or payload type; what was counted stays. */
  setLeg(leg: MediaLeg): void {
    this.leg = leg;
  }

  /** @returns true when it is a living peer's packet: neither noise nor our own echo */
  receive(datagram: MediaDatagram): boolean {
    const parsed = parseRtp(datagram.data);
    if (!parsed.ok) {
      this.noteMalformed();
      return false;
    }
    const packet = parsed.value;
    const origin = this.own.originOf(packet);
    if (origin === 'own') {
      this.noteOwnEcho();
      return false;
    }
    if (origin === 'collision') this.onCollision();
    const source = this.sourceOf(packet.ssrc);
    if (!source) return false;
    if (packet.payloadType !== this.payloadType) {
      this.counts.unexpectedPayloadType++;
      if (packet.payloadType !== COMFORT_NOISE_PT) return false;
    }
    this.count(source, packet, datagram);
    return true;
  }

  noteMalformed(): void {
    this.counts.malformed++;
  }

  noteOwnEcho(): void {
    this.counts.ownEcho++;
  }

  /** A sender report of one of the sources: its time goes back to the peer in our next report (LSR). */
  noteSenderReport(ssrc: number, middle32: number, arrivalMs: number): void {
    const source = this.sources.get(ssrc);
    if (source) source.lastSr = { middle32, atMs: arrivalMs };
  }

  reportBlocks(nowMs: number): ReportBlock[] {
    const main = this.main();
    if (!main?.statistics.valid) return [];
    const { lastSr } = main;
    return [main.statistics.reportBlock(main.ssrc, lastSr && { middle32: lastSr.middle32, ageMs: nowMs - lastSr.atMs })];
  }

  get mainSsrc(): number | undefined {
    return this.main()?.ssrc;
  }

  /** Only H.264 shows what its packets hold. */
  get lacksKeyframe(): boolean {
    return this.codec === 'H264' && this.frames.keyframes === 0;
  }

  facts(): ReceivedFacts {
    const main = this.main();
    const {
      packets = 0,
      expected = 0,
      duplicates = 0,
      reordered = 0,
      jitterMs = 0,
      maxJitterMs = 0,
    } = main?.statistics.snapshot() ?? {};
    return {
      ...{ packets, expected, duplicates, reordered, jitterMs, maxJitterMs },
      bytes: this.bytes,
      ...(this.firstMs === undefined ? {} : { firstAfterMs: this.firstMs - this.startedMs }),
      ...(this.lastMs === undefined ? {} : { lastAfterMs: this.lastMs - this.startedMs }),
      ...this.counts,
      ...(this.source ? { source: this.source } : {}),
      ssrcChanges: Math.max(0, this.sources.size - 1),
      ...(this.own.collisions ? { ssrcCollisions: this.own.collisions } : {}),
      ...(this.ownDrops ? { ownDrops: this.ownDrops } : {}),
      ...(this.leg.medium === 'audio' ? this.soundFacts() : this.pictureFacts()),
    };
  }

  private count(source: Source, packet: RtpPacket, { data, source: address, sourcePort, arrivalMs }: MediaDatagram): void {
    const reception = source.statistics.receive(packet.sequenceNumber, packet.timestamp, arrivalMs);
    source.packets++;
    this.bytes += data.length;
    this.firstMs ??= arrivalMs;
    this.lastMs = arrivalMs;
    this.source = { address, port: sourcePort };
    if (address !== this.leg.remoteAddress || sourcePort !== this.leg.remoteRtpPort) this.counts.fromElsewhere++;
    if (reception === 'duplicate') return;
    if (this.leg.medium === 'video') this.see(packet, arrivalMs);
    else if (packet.payloadType === this.payloadType) this.hear(packet.payload, this.codec as G711Codec);
  }

  private see(packet: RtpPacket, arrivalMs: number): void {
    if (this.codec !== 'H264') return this.countOther(packet);
    this.frames.add(packet.payload, packet.timestamp);
    this.keeper?.add(packet, arrivalMs);
  }

  /** H.263 and H.261: the marker ends a picture (RFC 4629 section 5.1, RFC 4587 section 4.1). */
  private countOther({ marker }: RtpPacket): void {
    if (marker) this.otherFrames++;
  }

  private get codec(): NonNullable<MediaLeg['receiveCodec']> {
    return this.leg.receiveCodec ?? this.leg.codec;
  }

  private get payloadType(): number {
    return this.leg.receivePayloadType ?? this.leg.payloadType;
  }

  private hear(payload: Uint8Array, codec: G711Codec): void {
    const power = meanPower(payload, codec);
    this.power.sum += power;
    this.power.packets++;
    if (powerToDbov(power) < DIGITAL_SILENCE_DBOV) this.power.silent++;
  }

  private soundFacts(): Pick<ReceivedFacts, 'levelDbov' | 'silentRatio'> {
    const { sum, packets, silent } = this.power;
    return packets ? { levelDbov: powerToDbov(sum / packets), silentRatio: silent / packets } : {};
  }

  private pictureFacts(): Pick<ReceivedFacts, 'frames' | 'keyframes' | 'medianFrameBytes'> {
    if (this.codec !== 'H264') return { frames: this.otherFrames };
    const { frames, keyframes } = this.frames;
    const medianFrameBytes = this.frames.medianFrameBytes();
    return { frames, keyframes, ...(medianFrameBytes === undefined ? {} : { medianFrameBytes }) };
  }

  private sourceOf(ssrc: number): Source | undefined {
    const known = this.sources.get(ssrc);
    if (known || this.sources.size >= MOST_SOURCES) return known;
    const source = { ssrc, statistics: new ReceptionStatistics(this.leg.clockRate), packets: 0 };
    this.sources.set(ssrc, source);
    return source;
  }

  /** The source that sent most is the peer; the others are leftovers or strangers. */
  private main(): Source | undefined {
    let best: Source | undefined;
    for (const source of this.sources.values()) if (!best || source.packets > best.packets) best = source;
    return best;
  }
}
