import { KeyframeCollector } from '../protocols/rtp/keyframe-collector.js';
import type { RtpPacket } from '../protocols/rtp/rtp-packet.js';

/** So far apart, two pictures of a living camera differ. */
const APART_MS = 2_000;
const ASK_AFTER_MS = 3_000;

/** Keeps two keyframes of a call, the first and the latest: one shows a black picture, two a frozen one. */
export class KeyframeKeeper {
  private readonly collector = new KeyframeCollector();
  private first?: { bytes: Uint8Array; atMs: number };
  private latest?: Uint8Array;
  private asked = false;

  constructor(private readonly startedMs: number) {}

  add(packet: RtpPacket, atMs: number): void {
    const bytes = this.collector.add(packet);
    if (!bytes) return;
    this.first ??= { bytes, atMs };
    if (atMs - this.first.atMs >= APART_MS) this.latest = bytes;
  }

  /** True once: a while after the first, or after the start where no keyframe came whole. */
  takeRequest(nowMs: number): boolean {
    if (this.asked || nowMs - (this.first?.atMs ?? this.startedMs) < ASK_AFTER_MS) return false;
    this.asked = true;
    return true;
  }

  get keyframes(): Uint8Array[] {
    return [this.first?.bytes, this.latest].filter((bytes) => bytes !== undefined);
  }
}
