import { writeRtp, type RtpFields } from '../../protocols/rtp/rtp-packet.js';
import type { Behaviour } from '../faults/behaviour.js';
import type { LoopPacket, MediaLoop } from './loops.js';
import type { PacedItem } from './paced-loop.js';

export interface SenderStream {
  ssrc: number;
  payloadType: number;
  clockRate: number;
  firstSequence: number;
  firstTimestamp: number;
}

export interface SenderPorts {
  /** the loop to send at this moment: a fault may change it in the middle of a call */
  loop(): MediaLoop;
  behaviour(): Readonly<Behaviour>;
  /** false while the peer holds the call */
  mayReceive(): boolean;
  /** seeded, for losses and jitter */
  fraction(): number;
  send(bytes: Buffer, length: number): void;
}

/** After a stall longer than this the missed packets are given up instead of sent in one burst. */
const MOST_LATE_MS = 500;
const PACKET_BYTES = 1500;

/** One outgoing RTP stream: sequence numbers and time stamps go on without a gap over loops, faults and holds. */
export class RtpSender implements PacedItem {
  packetCount = 0;
  octetCount = 0;
  private readonly buffer = Buffer.alloc(PACKET_BYTES);
  private readonly fields: RtpFields;
  private loop: MediaLoop;
  private index = 0;
  private loopStartUnits: number;

  /** @param loopStartMs monotonic time of the first packet */
  constructor(
    public stream: SenderStream,
    private readonly ports: SenderPorts,
    private loopStartMs: number,
  ) {
    this.loop = ports.loop();
    this.loopStartUnits = stream.firstTimestamp;
    this.fields = {
      marker: false,
      payloadType: stream.payloadType,
      sequenceNumber: (stream.firstSequence - 1) & 0xffff,
      timestamp: stream.firstTimestamp,
      ssrc: stream.ssrc,
    };
  }

  /** The time stamp a packet would carry that is sampled now, for the sender report (RFC 3550 6.4.1). */
  timestampAt(nowMs: number): number {
    return (this.loopStartUnits + Math.round(((nowMs - this.loopStartMs) * this.stream.clockRate) / 1000)) >>> 0;
  }

  takeSsrc(ssrc: number): void {
    this.stream = { ...this.stream, ssrc };
    this.fields.ssrc = ssrc;
  }

  fire(nowMs: number): number {
    const packet = this.current();
    const behaviour = this.ports.behaviour();
    if (behaviour.sendMedia && this.ports.mayReceive()) this.sendPacket(packet, behaviour.sentLossRatio);
    this.advance();
    const lateMs = nowMs - this.nominalMs();
    if (lateMs > MOST_LATE_MS) this.skip(lateMs);
    const jitterMs = behaviour.jitterMs > 0 ? behaviour.jitterMs * this.ports.fraction() : 0;
    return this.nominalMs() + jitterMs;
  }

  private sendPacket(packet: LoopPacket, lossRatio: number): void {
    this.fields.sequenceNumber = (this.fields.sequenceNumber + 1) & 0xffff;
    this.fields.marker = packet.marker;
    this.fields.timestamp = (this.loopStartUnits + packet.timestamp) >>> 0;
    this.packetCount++;
    this.octetCount += packet.payload.length;
    // a lost packet was sent as far as the sender knows: it has its number and is counted
    if (lossRatio > 0 && this.ports.fraction() < lossRatio) return;
    const length = writeRtp(this.buffer, this.fields, packet.payload);
    this.ports.send(this.buffer, length);
  }

  private current(): LoopPacket {
    const packet = this.loop.packets[this.index];
    if (!packet) throw new Error(`no packet ${this.index} in a loop of ${this.loop.packets.length}`);
    return packet;
  }

  private nominalMs(): number {
    return this.loopStartMs + this.current().offsetMs;
  }

  private advance(): void {
    const wanted = this.ports.loop();
    const next = this.loop.packets[this.index + 1];
    if (!next) return this.restart(wanted, this.loop.durationMs, this.loop.durationUnits);
    // another loop begins only where a picture or a sound frame is complete
    if (wanted !== this.loop && next.timestamp !== this.current().timestamp) this.restart(wanted, next.offsetMs, next.timestamp);
    else this.index++;
  }

  private restart(loop: MediaLoop, afterMs: number, afterUnits: number): void {
    this.loopStartMs += afterMs;
    this.loopStartUnits = (this.loopStartUnits + afterUnits) >>> 0;
    this.loop = loop;
    this.index = 0;
  }

  private skip(byMs: number): void {
    this.loopStartMs += byMs;
    this.loopStartUnits = (this.loopStartUnits + Math.round((byMs * this.stream.clockRate) / 1000)) >>> 0;
  }
}
