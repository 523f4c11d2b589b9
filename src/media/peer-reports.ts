import { roundTripMs } from '../protocols/rtp/ntp.js';
import type { ReportBlock } from '../protocols/rtp/rtcp.js';
import type { SentFacts } from './contract.js';

/** Fewer of ours between two reports may all have been on the way: reports that agree then say nothing. */
const TELLING_PACKETS = 25;

type ReportFacts = Pick<
  SentFacts,
  'rtcpReceived' | 'lastRtcpAfterMs' | 'reports' | 'advancing' | 'lossRatio' | 'jitterMs' | 'rttMs'
>;

/**
 * What the peer says of our stream in its report blocks: the only proof that it hears or sees us. A report proves arrival
 * when its highest sequence number has moved beyond our first; a peer that hears nothing reports no block for us at all.
 * Two reports that stand still speak against us only when we sent between them: without consent we pause.
 */
export class PeerReports {
  private rtcpReceived = 0;
  private lastRtcpMs?: number;
  private reports = 0;
  private first?: { highest: number; numbered: number };
  private numberedAtLast = 0;
  private last?: ReportBlock;
  private leastRttMs?: number;

  constructor(
    private readonly firstSequence: number,
    private readonly clockRate: number,
    private readonly startedMs = 0,
  ) {}

  noteRtcp(arrivalMs: number): void {
    this.rtcpReceived++;
    this.lastRtcpMs = arrivalMs;
  }

  /**
   * @param nowNtp32 middle 32 bits of our NTP time at the arrival of the report
   * @param numbered sequence numbers we had used by then
   */
  noteBlock(block: ReportBlock, nowNtp32: number, numbered: number): void {
    this.reports++;
    this.first ??= { highest: block.highestSequence, numbered };
    this.numberedAtLast = numbered;
    this.last = block;
    const rttMs = roundTripMs(nowNtp32, block.lsr, block.dlsr);
    if (rttMs !== undefined) this.leastRttMs = Math.min(rttMs, this.leastRttMs ?? Infinity);
  }

  /** @param numbered sequence numbers we have used: a peer that claims to have heard more than we ever sent proves nothing */
  facts(numbered: number): ReportFacts {
    const { rtcpReceived, reports, last } = this;
    const heardOf = {
      rtcpReceived,
      reports,
      ...(this.lastRtcpMs === undefined ? {} : { lastRtcpAfterMs: this.lastRtcpMs - this.startedMs }),
    };
    if (!last) return { ...heardOf, advancing: false };
    const heard = this.heardRange(last, numbered);
    return {
      ...heardOf,
      advancing: heard > 1 && !this.standsStill(last),
      ...(heard > 1 ? { lossRatio: Math.min(1, Math.max(0, last.cumulativeLost / heard)) } : {}),
      jitterMs: (last.jitter / this.clockRate) * 1000,
      ...(this.leastRttMs === undefined ? {} : { rttMs: this.leastRttMs }),
    };
  }

  private standsStill({ highestSequence }: ReportBlock): boolean {
    const { highest, numbered } = this.first ?? { highest: -1, numbered: 0 };
    return highestSequence === highest && this.numberedAtLast - numbered >= TELLING_PACKETS;
  }

  /** How many of ours the peer should have, from our first to its highest. A call sends far fewer than 65,536 packets. */
  private heardRange({ highestSequence }: ReportBlock, numbered: number): number {
    const range = ((highestSequence & 0xffff) - this.firstSequence + 1) & 0xffff;
    return range > numbered ? 0 : range;
  }
}
