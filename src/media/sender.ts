import { RTP_HEADER_BYTES, writeRtp } from '../protocols/rtp/rtp-packet.js';
import type { Frame, LoopedMedium } from './payloads.js';

const PACKET_BYTES = RTP_HEADER_BYTES + 1_500;

export interface SenderStart {
  ssrc: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  /** monotonic time of the first frame */
  atMs: number;
}

/** What one medium sends, frame after frame: sequence numbers and time stamps go on through every repetition of the loop. */
export class Sender {
  packets = 0;
  /** sequence numbers used, also by packets that the kernel did not take */
  numbered = 0;
  /** payload bytes, as sender reports count them (RFC 3550 6.4.1) */
  octets = 0;
  nextMs: number;
  /** of the next packet */
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** what the former SSRCs sent: a sender report counts for its own alone (RFC 3550 6.4.1) */
  private before = { packets: 0, octets: 0 };
  private frameIndex = 0;
  private talkspurt = true;
  private payloadType: number;
  private readonly packet = Buffer.allocUnsafeSlow(PACKET_BYTES);

  constructor(
    private medium: LoopedMedium,
    start: SenderStart,
    private readonly markerOnLast: boolean,
  ) {
    this.ssrc = start.ssrc;
    this.sequence = start.sequence;
    this.timestamp = start.timestamp;
    this.nextMs = start.atMs;
    this.payloadType = start.payloadType;
  }

  /** The peer asked for another format in the middle of the call: the same stream goes on with it. */
  setFormat(medium: LoopedMedium, payloadType: number): void {
    if (medium !== this.medium) this.frameIndex = 0;
    this.medium = medium;
    this.payloadType = payloadType;
  }

  /** Sends the frame that is due and says when the next one is. `send` answers whether the kernel took the packet. */
  sendFrame(send: (packet: Buffer, length: number) => boolean): void {
    const { payloads } = this.medium.frames[this.frameIndex] as Frame;
    payloads.forEach((payload, i) => this.sendPacket(payload, this.markerAt(i, payloads.length), send));
    this.talkspurt = false;
    this.goOn();
  }

  /** Time goes on although nothing is sent: the next packet carries the right time stamp. */
  skipFrame(): void {
    this.talkspurt = true;
    this.goOn();
  }

  private goOn(): void {
    this.frameIndex = (this.frameIndex + 1) % this.medium.frames.length;
    this.timestamp = (this.timestamp + this.medium.timestampStep) >>> 0;
    this.nextMs += this.medium.frameMs;
  }

  /** The time stamp of this very moment, for a sender report. */
  timestampAt(nowMs: number): number {
    const frames = (nowMs - this.nextMs) / this.medium.frameMs;
    return Math.round(this.timestamp + frames * this.medium.timestampStep) >>> 0;
  }

  /** The numbering goes on, so that the peer's reports speak of one sequence. */
  changeSsrc(ssrc: number): void {
    this.ssrc = ssrc;
    this.before = { packets: this.packets, octets: this.octets };
  }

  /** For a sender report. */
  countsOfSsrc(): { packetCount: number; octetCount: number } {
    return { packetCount: this.packets - this.before.packets, octetCount: this.octets - this.before.octets };
  }

  /** Video marks the last packet of a picture (RFC 6184 5.1), sound the first after silence (RFC 3551 4.1). */
  private markerAt(index: number, count: number): boolean {
    return this.markerOnLast ? index === count - 1 : this.talkspurt;
  }

  private sendPacket(payload: Uint8Array, marker: boolean, send: (packet: Buffer, length: number) => boolean): void {
    const { ssrc } = this;
    const fields = { marker, payloadType: this.payloadType, sequenceNumber: this.sequence, timestamp: this.timestamp, ssrc };
    const length = writeRtp(this.packet, fields, payload);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.numbered++;
    if (!send(this.packet, length)) return;
    this.packets++;
    this.octets += payload.length;
  }
}
