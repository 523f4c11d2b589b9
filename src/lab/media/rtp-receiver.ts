import { ReceptionStatistics } from '../../protocols/rtp/reception-statistics.js';
import type { ReportBlock } from '../../protocols/rtp/rtcp.js';
import { parseRtp } from '../../protocols/rtp/rtp-packet.js';

interface Source {
  ssrc: number;
  statistics: ReceptionStatistics;
}

/** What one endpoint really heard on one stream, and hence what it may report. */
export class RtpReceiver {
  private source: Source | undefined;
  private lastSenderReport: { ssrc: number; middle32: number; atMs: number } | undefined;

  constructor(
    private readonly clockRate: number,
    /** what the peer agreed to send, and may agree anew */
    public payloadType: number,
  ) {}

  receive(bytes: Uint8Array, nowMs: number): void {
    const parsed = parseRtp(bytes);
    if (!parsed.ok || parsed.value.payloadType !== this.payloadType) return;
    const { ssrc, sequenceNumber, timestamp } = parsed.value;
    if (this.source?.ssrc !== ssrc) this.source = { ssrc, statistics: new ReceptionStatistics(this.clockRate) };
    this.source.statistics.receive(sequenceNumber, timestamp, nowMs);
  }

  senderReport(ssrc: number, middle32: number, nowMs: number): void {
    this.lastSenderReport = { ssrc, middle32, atMs: nowMs };
  }

  /** None until a source is believed (RFC 3550 A.1): who heard nothing reports about nobody. */
  reportBlocks(nowMs: number): ReportBlock[] {
    const { source, lastSenderReport } = this;
    if (!source?.statistics.valid) return [];
    const known = lastSenderReport?.ssrc === source.ssrc ? lastSenderReport : undefined;
    return [source.statistics.reportBlock(source.ssrc, known && { middle32: known.middle32, ageMs: nowMs - known.atMs })];
  }
}
