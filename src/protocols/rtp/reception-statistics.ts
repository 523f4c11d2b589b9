import type { ReportBlock } from './rtcp-types.js';
import { toDlsr } from './ntp.js';

/** RFC 3550 appendix A.1. */
export const MIN_SEQUENTIAL = 2;
export const MAX_DROPOUT = 3000;
export const MAX_MISORDER = 100;

const SEQUENCE_MODULUS = 0x1_0000;
/** remembers more sequence numbers than MAX_MISORDER can reach back */
const SEEN_SLOTS = 256;

export type Reception = 'probation' | 'counted' | 'duplicate' | 'reordered' | 'rejected' | 'restarted';

export interface ReceptionSnapshot {
  /** distinct packets: a duplicate does not hide a loss */
  packets: number;
  expected: number;
  duplicates: number;
  reordered: number;
  restarts: number;
  jitterMs: number;
  maxJitterMs: number;
  valid: boolean;
}

/**
 * One RTP source as a receiver sees it: sequence validation (A.1), loss (A.3) and interarrival jitter (A.8).
 *
 * A source starts on probation and is believed after two packets in sequence; a jump of 3000 or more is ignored until the
 * next packet continues it, which is then a restart of the sender. Unlike A.1, the packets that proved a source are counted:
 * a monitor of a six-second call would otherwise report one packet less than were sent. A packet that overtook the very first
 * one extends the expected range downwards for the same reason.
 */
export class ReceptionStatistics {
  private maxSequence = 0;
  private cycles = 0;
  private baseExtended = 0;
  private badSequence = -1;
  private probation = MIN_SEQUENTIAL;
  private started = false;
  private readonly seen = new Float64Array(SEEN_SLOTS);

  private received = 0;
  private duplicates = 0;
  private reordered = 0;
  private restarts = 0;
  /** packets and expectation of the sequences that ended in a restart */
  private settled = { packets: 0, expected: 0 };
  private currentPackets = 0;

  private expectedPrior = 0;
  private receivedPrior = 0;

  private lastArrivalUnits: number | undefined;
  private lastTimestamp = 0;
  private jitterUnits = 0;
  private maxJitterUnits = 0;

  constructor(private readonly clockRate: number) {}

  /** @param arrivalMs monotonic, with a fraction */
  receive(sequence: number, timestamp: number, arrivalMs: number): Reception {
    const reception = this.updateSequence(sequence);
    // nothing links the time stamps of a new sequence with what came before it
    if (reception === 'restarted' || reception === 'probation') this.lastArrivalUnits = undefined;
    if (reception !== 'rejected' && reception !== 'duplicate') this.updateJitter(timestamp, arrivalMs);
    return reception;
  }

  get valid(): boolean {
    return this.started && this.probation === 0;
  }

  /** The block a report about this source carries; each call closes the interval of `fractionLost` (A.3). */
  reportBlock(ssrc: number, lastSr?: { middle32: number; ageMs: number }): ReportBlock {
    const expected = this.expectedNow();
    const expectedInterval = expected - this.expectedPrior;
    const lostInterval = expectedInterval - (this.received - this.receivedPrior);
    this.expectedPrior = expected;
    this.receivedPrior = this.received;
    return {
      ssrc,
      fractionLost: expectedInterval > 0 && lostInterval > 0 ? lostInterval / expectedInterval : 0,
      cumulativeLost: expected - this.received,
      highestSequence: (this.cycles + this.maxSequence) >>> 0,
      jitter: Math.floor(this.jitterUnits),
      lsr: lastSr?.middle32 ?? 0,
      dlsr: lastSr ? toDlsr(lastSr.ageMs) : 0,
    };
  }

  snapshot(): ReceptionSnapshot {
    return {
      packets: this.settled.packets + this.currentPackets,
      expected: this.settled.expected + this.expectedNow(),
      duplicates: this.duplicates,
      reordered: this.reordered,
      restarts: this.restarts,
      jitterMs: this.toMs(this.jitterUnits),
      maxJitterMs: this.toMs(this.maxJitterUnits),
      valid: this.valid,
    };
  }

  private expectedNow(): number {
    return this.valid ? this.cycles + this.maxSequence - this.baseExtended + 1 : 0;
  }

  private updateSequence(sequence: number): Reception {
    if (!this.valid) return this.probe(sequence);
    const delta = (sequence - this.maxSequence) & 0xffff;
    if (delta === 0) return this.countDuplicate();
    if (delta < MAX_DROPOUT) return this.advance(sequence);
    if (delta <= SEQUENCE_MODULUS - MAX_MISORDER) return this.jump(sequence);
    return this.late(sequence);
  }

  private probe(sequence: number): Reception {
    const continues = this.started && sequence === ((this.maxSequence + 1) & 0xffff);
    this.probation = continues ? this.probation - 1 : MIN_SEQUENTIAL - 1;
    this.started = true;
    this.maxSequence = sequence;
    if (this.probation > 0) return 'probation';
    this.begin(sequence);
    return 'counted';
  }

  /** Opens a sequence whose last MIN_SEQUENTIAL packets end with this one. */
  private begin(sequence: number): void {
    this.cycles = sequence < MIN_SEQUENTIAL - 1 ? SEQUENCE_MODULUS : 0;
    this.maxSequence = sequence;
    this.badSequence = -1;
    this.baseExtended = this.cycles + sequence - (MIN_SEQUENTIAL - 1);
    this.received = MIN_SEQUENTIAL;
    this.currentPackets = MIN_SEQUENTIAL;
    this.expectedPrior = 0;
    this.receivedPrior = 0;
    this.seen.fill(Number.NEGATIVE_INFINITY);
    for (let extended = this.baseExtended; extended <= this.cycles + sequence; extended++) this.remember(extended);
  }

  private advance(sequence: number): Reception {
    if (sequence < this.maxSequence) this.cycles += SEQUENCE_MODULUS;
    this.maxSequence = sequence;
    this.badSequence = -1;
    this.remember(this.cycles + sequence);
    this.received++;
    this.currentPackets++;
    return 'counted';
  }

  private jump(sequence: number): Reception {
    if (sequence !== this.badSequence) {
      this.badSequence = (sequence + 1) & 0xffff;
      return 'rejected';
    }
    this.settled.packets += this.currentPackets;
    this.settled.expected += this.expectedNow();
    this.restarts++;
    this.begin(sequence);
    return 'restarted';
  }

  private late(sequence: number): Reception {
    const extended = (sequence > this.maxSequence ? this.cycles - SEQUENCE_MODULUS : this.cycles) + sequence;
    if (this.seen[extended & (SEEN_SLOTS - 1)] === extended) return this.countDuplicate();
    this.remember(extended);
    this.baseExtended = Math.min(this.baseExtended, extended);
    this.received++;
    this.currentPackets++;
    this.reordered++;
    return 'reordered';
  }

  private countDuplicate(): Reception {
    this.received++;
    this.duplicates++;
    return 'duplicate';
  }

  private remember(extended: number): void {
    this.seen[extended & (SEEN_SLOTS - 1)] = extended;
  }

  /**
   * J += (|D| - J) / 16, D in RTP clock units between consecutive arrivals. The packets of one picture share a time stamp and
   * leave one after the other: how the sender spreads them is no jitter of the line, so that only the first of them counts.
   */
  private updateJitter(timestamp: number, arrivalMs: number): void {
    if (this.lastArrivalUnits !== undefined && timestamp === this.lastTimestamp) return;
    const arrivalUnits = (arrivalMs * this.clockRate) / 1000;
    if (this.lastArrivalUnits !== undefined) {
      const difference = arrivalUnits - this.lastArrivalUnits - ((timestamp - this.lastTimestamp) | 0);
      this.jitterUnits += (Math.abs(difference) - this.jitterUnits) / 16;
      this.maxJitterUnits = Math.max(this.maxJitterUnits, this.jitterUnits);
    }
    this.lastArrivalUnits = arrivalUnits;
    this.lastTimestamp = timestamp;
  }

  private toMs(units: number): number {
    return (units * 1000) / this.clockRate;
  }
}
