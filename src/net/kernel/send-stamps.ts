import { type ClockPair, monotonicOf } from './clocks.js';
import type { Outgoing, SentMany } from './send-ring.js';

/** A datagram for which it is wanted when it left. */
export interface StampedOutgoing extends Outgoing {
  /** on the monotonic clock: by the kernel where it said so, else just before the call that sent it */
  leftMs?: number;
}

/** So many may be without their stamp at a time: one that comes later finds another datagram under its number. */
const REMEMBERED = 1024;
/** What converting a stamp between the clocks may be off by. */
const CLOCK_ERROR_MS = 0.02;

/**
 * Which datagram a stamp of the kernel belongs to: it numbers what a socket sends (SOF_TIMESTAMPING_OPT_ID), and so do we. Of a
 * send that it refused nobody knows whether it was counted: both then begin anew.
 */
export class SendStamps {
  private readonly sent = new Array<StampedOutgoing | undefined>(REMEMBERED).fill(undefined);
  private next = 0;
  private doubtful = false;

  /** @param renumber lets the kernel count from 0 */
  constructor(private readonly renumber: () => void) {
    renumber();
  }

  /** To be called before each send of the socket. */
  settle(): void {
    if (this.doubtful) this.beginAnew();
  }

  /** To be called after each, with what came of it. */
  count(batch: readonly StampedOutgoing[], { sent, errno, again }: SentMany): void {
    if (again) return this.beginAnew();
    for (let i = 0; i < sent; i++) this.sent[this.next++ % REMEMBERED] = batch[i];
    this.doubtful = errno !== 0;
  }

  /** A stamp from before the call that sent it is of another datagram, or of another wall clock. */
  take(number: number, stampNs: number | undefined, now: ClockPair): void {
    const at = number % REMEMBERED;
    const datagram = this.sent[at];
    const stampedMs = monotonicOf(stampNs, now);
    if (datagram?.leftMs === undefined || stampedMs === undefined || stampedMs <= datagram.leftMs - CLOCK_ERROR_MS) return;
    this.sent[at] = undefined;
    datagram.leftMs = Math.max(datagram.leftMs, stampedMs);
  }

  private beginAnew(): void {
    this.sent.fill(undefined);
    this.next = 0;
    this.doubtful = false;
    this.renumber();
  }
}
