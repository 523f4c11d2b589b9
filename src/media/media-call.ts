import type { Clock } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import { bindPair, type MediaNetwork, type MediaSocketEvents, type SocketPair } from '../net/media-sockets.js';
import { ownNetworks } from '../net/own-networks.js';
import { CallStream } from './call-stream.js';
import type { MediaFacts, MediaLeg, MediaPorts, Medium, OpenMedia } from './contract.js';
import { RateCap } from './rate-cap.js';
import { TargetRule } from './target-rule.js';

/** Whatever the call's own logic does, its media ends then: 12 s is the longest hold, and its end may come a little late. */
const WATCHDOG_MS = 12_500;
/**
 * Sending goes on only while something comes back (RTP or RTCP, of any medium): what else would be a flood on somebody who
 * hung up or never was there. The first packet that comes later lets it go on. A peer that only reports is still judged:
 * baresip's first report, after five seconds, tells of the two seconds that it heard.
 */
const CONSENT_MS = 2_000;
/** Enough for the sends of a whole call: 12.5 s x 80 frames. */
const MOST_LATENESSES = 1_200;

export class NoFreePortError extends Error {}

/** The media of one call: audio and perhaps video, from the lease of their ports to the facts. */
export class MediaCall {
  private readonly streams: CallStream[] = [];
  private readonly pairs = new Map<Medium, SocketPair>();
  private readonly latenessMs: number[] = [];
  private readonly cap = new RateCap();
  private readonly cname: string;
  private readonly targets: TargetRule;
  onKeyframeMissing: () => void = () => undefined;
  private startedMs?: number;
  private stoppedMs?: number;
  private heardMs = -Infinity;

  private constructor(
    private readonly request: OpenMedia,
    private readonly network: MediaNetwork,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    this.cname = `${random.token(12)}@check`;
    this.targets = new TargetRule(request, ownNetworks());
  }

  /** @throws NoFreePortError */
  static async open(request: OpenMedia, network: MediaNetwork, clock: Clock, random: RandomSource): Promise<MediaCall> {
    const call = new MediaCall(request, network, clock, random);
    for (const medium of request.video ? (['audio', 'video'] as const) : (['audio'] as const)) await call.bind(medium);
    return call;
  }

  get ports(): { audio: MediaPorts; video?: MediaPorts } {
    const portsOf = (medium: Medium): MediaPorts | undefined => {
      const pair = this.pairs.get(medium);
      return pair && { rtp: pair.rtp.port, rtcp: pair.rtcp.port };
    };
    const video = portsOf('video');
    return { audio: portsOf('audio') as MediaPorts, ...(video ? { video } : {}) };
  }

  get running(): boolean {
    return this.startedMs !== undefined && this.stoppedMs === undefined;
  }

  /** @param phaseMs shifts this call's sends against those of the others, so that they do not all fall on one moment */
  start(legs: readonly MediaLeg[], phaseMs: number): void {
    if (this.stoppedMs !== undefined) return;
    const nowMs = this.clock.monotonicMs();
    this.startedMs ??= nowMs;
    for (const leg of legs) this.streams.find(({ medium }) => medium === leg.medium)?.start(leg, nowMs, phaseMs);
  }

  get nextMs(): number {
    if (!this.running || this.startedMs === undefined) return Infinity;
    return Math.min(this.startedMs + WATCHDOG_MS, ...this.streams.map(({ nextMs }) => nextMs));
  }

  proceed(nowMs: number): void {
    if (!this.running || this.startedMs === undefined) return;
    if (nowMs - this.startedMs >= WATCHDOG_MS) return this.end();
    const consented = nowMs - Math.max(this.heardMs, this.startedMs) <= CONSENT_MS;
    for (const stream of this.streams) {
      if (stream.nextMs > nowMs) continue;
      if (this.latenessMs.length < MOST_LATENESSES) this.latenessMs.push(nowMs - stream.nextMs);
      stream.proceed(nowMs, consented);
    }
  }

  /** Stops at once and gives the ports back; the facts stay. */
  end(): void {
    if (this.stoppedMs !== undefined) return;
    this.stoppedMs = this.clock.monotonicMs();
    if (this.startedMs !== undefined) for (const stream of this.streams) stream.sayGoodbye(this.stoppedMs);
    for (const { rtp, rtcp } of this.pairs.values()) {
      rtp.close();
      rtcp.close();
    }
  }

  facts(): MediaFacts {
    const factsOf = (medium: Medium) => this.streams.find((stream) => stream.medium === medium)?.facts();
    const [audio, video] = [factsOf('audio'), factsOf('video')];
    const startedMs = this.startedMs ?? this.stoppedMs ?? 0;
    return {
      ...(audio ? { audio } : {}),
      ...(video ? { video } : {}),
      activeMs: (this.stoppedMs ?? this.clock.monotonicMs()) - startedMs,
      pacingLateMs: percentile99(this.latenessMs),
      clock: this.network.clock,
    };
  }

  private async bind(medium: Medium): Promise<void> {
    const stream = new CallStream(medium, () => this.pairs.get(medium), {
      clock: this.clock,
      random: this.random,
      targets: this.targets,
      admits: (bytes) => this.cap.admits(bytes, this.clock.monotonicMs()),
      cname: this.cname,
      keepKeyframes: this.request.keepKeyframes ?? false,
      keyframeMissing: () => this.onKeyframeMissing(),
      heard: (atMs) => {
        this.heardMs = Math.max(this.heardMs, atMs);
      },
    });
    const rtp: MediaSocketEvents = {
      datagram: (datagram) => stream.datagram(datagram),
      unreachable: () => stream.noteUnreachable(),
      dropped: (total) => stream.noteDrops(total),
    };
    // a peer without an RTCP port is common and says nothing of its media
    const rtcp: MediaSocketEvents = { ...rtp, unreachable: () => undefined, dropped: () => undefined };
    const pair = await bindPair(this.network, this.request.localAddress, () => this.random.uint32(), {
      rtp,
      rtcp,
    });
    if (!pair) {
      this.end();
      throw new NoFreePortError(`no free port pair at ${this.request.localAddress}`);
    }
    this.pairs.set(medium, pair);
    this.streams.push(stream);
  }
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
}
