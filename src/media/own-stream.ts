import { hash32 } from '../protocols/rtp/payload-hash.js';
import type { RtpPacket } from '../protocols/rtp/rtp-packet.js';
import type { LoopedMedium } from './payloads.js';

/** A peer that takes each new SSRC of ours as well is a loop, or wants to tire us: RFC 3550 8.2 then changes no more. */
const MOST_COLLISIONS = 3;
/** No call is longer: an echo's time stamp lies less than this behind ours, another's by chance once in 10,000. */
const LONGEST_CALL_S = 30;

/** Where a sender stands. */
export interface Numbering {
  /** of the next packet */
  readonly sequence: number;
  readonly timestamp: number;
  /** sequence numbers used so far */
  readonly numbered: number;
}

/** `own`: what we sent came back; `collision`: somebody else has chosen our SSRC (RFC 3550 8.2). */
export type Origin = 'other' | 'own' | 'collision';

/**
 * Tells our own stream coming back from a living peer's. A loop returns our SSRC with our numbering; a mixer or a loop with a
 * sender of its own puts another SSRC on our payload. The sound of each call is noise of its own, 160 random bytes a packet,
 * so that two monitors which call each other do not take each other for an echo; the slide is the same for everybody and
 * proves nothing.
 */
export class OwnStream {
  collisions = 0;
  private readonly formerSsrcs: number[] = [];
  private readonly sounds = new Set<LoopedMedium>();
  private numbering?: Numbering;

  constructor(
    private currentSsrc: number,
    private readonly clockRate: number,
  ) {}

  get ssrc(): number {
    return this.currentSsrc;
  }

  follow(numbering: Numbering): void {
    this.numbering = numbering;
  }

  plays(sound: LoopedMedium): void {
    this.sounds.add(sound);
  }

  originOf(packet: RtpPacket): Origin {
    if (this.isOurSound(packet.payload)) return 'own';
    const current = packet.ssrc === this.currentSsrc;
    if (!current && !this.formerSsrcs.includes(packet.ssrc)) return 'other';
    if (this.isOurNumbering(packet)) return 'own';
    return current ? this.collided() : 'other';
  }

  /** Of a report's sender, whose CNAME is known not to be ours. */
  originOfReport(ssrc: number): Origin {
    return ssrc === this.currentSsrc ? this.collided() : 'other';
  }

  changeSsrc(ssrc: number): void {
    this.formerSsrcs.push(this.currentSsrc);
    this.currentSsrc = ssrc;
    this.collisions++;
  }

  private collided(): Origin {
    return this.collisions < MOST_COLLISIONS ? 'collision' : 'own';
  }

  private isOurSound(payload: Uint8Array): boolean {
    if (this.sounds.size === 0) return false;
    const hash = hash32(payload);
    for (const { hashes } of this.sounds) if (hashes?.has(hash)) return true;
    return false;
  }

  private isOurNumbering({ sequenceNumber, timestamp }: RtpPacket): boolean {
    if (!this.numbering) return false;
    const { sequence, numbered } = this.numbering;
    const sequenceBehind = (sequence - 1 - sequenceNumber) & 0xffff;
    const timeBehind = (this.numbering.timestamp - timestamp) >>> 0;
    return sequenceBehind < numbered && timeBehind <= LONGEST_CALL_S * this.clockRate;
  }
}
