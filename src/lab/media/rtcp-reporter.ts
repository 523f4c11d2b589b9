import type { Clock } from '../../common/clock.js';
import { middle32, toNtp } from '../../protocols/rtp/ntp.js';
import {
  buildCompound,
  parseRtcpCompound,
  writeBye,
  writeReceiverReport,
  writeSdes,
  writeSenderReport,
} from '../../protocols/rtp/rtcp.js';
import type { PacedItem } from './paced-loop.js';
import type { RtpReceiver } from './rtp-receiver.js';
import type { RtpSender } from './rtp-sender.js';

/**
 * RFC 3550 6.2 recommends 5 s and allows 360 / kbit/s = 1.2 s at our rate. A six-second test call sees three reports, so that
 * it can tell whether its packets keep on arriving.
 */
const INTERVAL_MS = 2000;
export const FIRST_REPORT_AFTER_MS = 1000;

export interface ReporterPorts {
  mayReport(): boolean;
  send(compound: Uint8Array): void;
}

/** The RTCP side of one stream: reports about what was sent and heard, and reads what the caller reports. */
export class RtcpReporter implements PacedItem {
  private reportedPackets = 0;

  constructor(
    private readonly cname: string,
    private readonly sender: RtpSender,
    private readonly receiver: RtpReceiver,
    private readonly clock: Clock,
    private readonly ports: ReporterPorts,
  ) {}

  fire(nowMs: number): number {
    if (this.ports.mayReport()) this.ports.send(buildCompound([this.report(nowMs), this.sdes()]));
    return nowMs + INTERVAL_MS;
  }

  /** RFC 3550 6.6: leaves with an empty report and a BYE. */
  leave(): void {
    if (!this.ports.mayReport()) return;
    const { ssrc } = this.sender.stream;
    this.ports.send(buildCompound([writeReceiverReport({ ssrc, reports: [] }), this.sdes(), writeBye({ ssrcs: [ssrc] })]));
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    const parsed = parseRtcpCompound(bytes);
    if (!parsed.ok) return;
    for (const packet of parsed.value) {
      if (packet.type === 'SR') this.receiver.senderReport(packet.ssrc, middle32(packet.ntp), nowMs);
    }
  }

  /** A sender report only when something was sent since the last one (RFC 3550 6.4). */
  private report(nowMs: number): Uint8Array {
    const { sender } = this;
    const { ssrc } = sender.stream;
    const reports = this.receiver.reportBlocks(nowMs);
    if (sender.packetCount === this.reportedPackets) return writeReceiverReport({ ssrc, reports });
    this.reportedPackets = sender.packetCount;
    return writeSenderReport({
      ssrc,
      ntp: toNtp(this.clock.wallMs()),
      rtpTimestamp: sender.timestampAt(nowMs),
      packetCount: sender.packetCount,
      octetCount: sender.octetCount,
      reports,
    });
  }

  private sdes(): Uint8Array {
    return writeSdes(this.sender.stream.ssrc, this.cname);
  }
}
