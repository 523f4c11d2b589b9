import type { Cancel } from '../../common/clock.js';
import type { MediaSession } from '../../media/contract.js';
import { TargetRule } from '../../media/target-rule.js';
import type { H323Connections } from '../../net/h323/h323-connections.js';
import { ownNetworks } from '../../net/own-networks.js';
import { H323_TIMERS, type H323Config, type H323Event, type H323Stream } from '../../protocols/h323/call-types.js';
import type { CallIds } from '../../protocols/h323/call-ids.js';
import { H323Call } from '../../protocols/h323/h323-call.js';
import type { LadderEntry } from '../../protocols/sip/call-events.js';
import { onAbort } from '../abort.js';
import type { ProbeContext } from '../contract.js';
import { printable } from '../printable.js';
import { CallStreams } from './call-streams.js';
import type { H323CallFacts } from './h323-call.facts.js';
import { hasVideo, type H323CallOptions } from './h323-call.options.js';

/** Beyond all timers of the call itself: whatever it does, the room is let go then. */
const WATCHDOG_SLACK_MS = 3_000;

type Deps = Pick<ProbeContext, 'scheduler' | 'random' | 'signal' | 'loopLagMs' | 'trace'>;

/** Whom a call goes to. */
export interface Callee {
  address: string;
  port: number;
  alias?: string;
  /** where its media may go, too: the endpoint itself, whose signalling its gatekeeper routes */
  mediaAddress?: string;
  /** by which a gatekeeper knows the call */
  ids?: CallIds;
}

/** The endpoint's own addresses: media go to no other. */
export const mediaAddressesOf = ({ address, mediaAddress = address }: Callee): string[] => [...new Set([mediaAddress, address])];

/**
 * One test call over H.323: it rings until its limits, is answered, held for `holdS` from its first media on, and released. Our
 * sending stops with the release and does not wait for the far end's part of it.
 *
 * It needs no line in the journal of standing calls: a call over H.323 lives with its signalling connection (H.323 section 8.5
 * lets both ends release when it is lost), and the kernel closes that when this process dies, however it dies.
 */
export class H323TestCall {
  readonly call: H323Call;
  private readonly streams: CallStreams;
  private readonly facts: H323CallFacts;
  private readonly timers = new Set<Cancel>();
  private settle: (facts: H323CallFacts) => void = () => undefined;
  private latest: H323Stream[] = [];
  private mediaBeganMs?: number;
  private state: 'calling' | 'held' | 'leaving' | 'over' = 'calling';

  constructor(
    private readonly connections: H323Connections,
    private readonly media: MediaSession,
    callee: Callee,
    private readonly options: H323CallOptions,
    private readonly deps: Deps,
  ) {
    const { allowedMediaPrefixes: allowedPrefixes } = options;
    const allowed = { allowedAddresses: mediaAddressesOf(callee), allowedPrefixes };
    this.streams = new CallStreams(callee.mediaAddress ?? callee.address, new TargetRule(allowed, ownNetworks()));
    this.call = new H323Call(this.configOf(callee), {
      wire: connections,
      scheduler: deps.scheduler,
      random: deps.random,
      onEvent: (event) => this.heard(event),
      onMessage: (entry) => this.trace(entry),
    });
    this.facts = {
      videoWanted: hasVideo(options),
      aborted: false,
      foreign: {},
      heldAfterMs: {},
      selfLagMs: 0,
      signalling: this.call.facts,
      codecs: {},
      keyframeRequests: 0,
    };
  }

  get ladder(): LadderEntry[] {
    return this.call.ladder;
  }

  run(): Promise<H323CallFacts> {
    return new Promise((resolve) => {
      this.settle = resolve;
      this.call.start();
      this.after(H323_TIMERS.setupMs + this.options.holdS * 1000 + WATCHDOG_SLACK_MS, () => this.conclude());
      this.timers.add(onAbort(this.deps.signal, () => this.abort()));
      // nothing is sent or seen any more: the room is not kept in a call for it
      this.media.onLost(() => this.abort());
      this.media.onKeyframeMissing(() => this.requestKeyframe());
    });
  }

  private configOf({ address, port, alias, ids }: Callee): H323Config {
    const { options, connections, media } = this;
    return {
      localAddress: connections.localAddress,
      localPort: connections.localPort,
      remoteAddress: address,
      remotePort: port,
      displayName: options.callerName,
      alias,
      ids,
      ports: media.ports,
      audioCodecs: ['PCMA', 'PCMU'],
      videoCodecs: hasVideo(options) ? ['H264', 'H263', 'H261'] : [],
      callRateKbps: options.callRateKbps,
      tunnelling: options.tunnelling,
      fastStart: options.fastStart,
      ringMs: options.ringS * 1000,
      conferenceExpected: options.mcu,
      timers: { firstAnswerMs: options.firstAnswerS * 1000 },
    };
  }

  private heard(event: H323Event): void {
    switch (event.type) {
      case 'answered':
        this.facts.setupMs = event.setupMs;
        this.state = 'held';
        this.agree(this.latest);
        break;
      case 'media':
        this.agree(event.streams);
        break;
      case 'failed':
        this.facts.failure ??= event.failure;
        this.stopMedia();
        break;
      case 'ended':
        this.facts.endedBy ??= event.by;
        this.facts.endedWhy ??= event.why;
        this.stopMedia();
        break;
      case 'finished':
        this.conclude();
        break;
      // the machine's facts tell of ringing; our slide has a keyframe in each round of it
      case 'proceeding':
      case 'alerting':
      case 'keyframe-wanted':
        break;
    }
  }

  /** What fastStart opened before the answer waits for it. */
  private agree(streams: H323Stream[]): void {
    this.latest = streams;
    if (this.state !== 'held' || (streams.length === 0 && this.mediaBeganMs === undefined)) return;
    const nowMs = this.deps.scheduler.monotonicMs();
    if (this.mediaBeganMs === undefined) this.after(this.options.holdS * 1000, () => this.leave());
    this.mediaBeganMs ??= nowMs;
    this.streams.update(streams, nowMs - this.mediaBeganMs);
    this.media.start(this.streams.legs);
  }

  private requestKeyframe(): void {
    if (this.state !== 'held') return;
    this.facts.keyframeRequests++;
    this.call.requestKeyframe();
  }

  private leave(): void {
    if (this.state === 'leaving' || this.state === 'over') return;
    this.stopMedia();
    this.call.hangUp();
  }

  private abort(): void {
    this.facts.aborted = true;
    this.leave();
  }

  private stopMedia(): void {
    if (this.state !== 'over') this.state = 'leaving';
    void this.media.stop();
  }

  private conclude(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.connections.close();
    void this.media.stop().then((media) => {
      const wasOpen = this.mediaBeganMs !== undefined;
      const selfLagMs = wasOpen ? media.pacingLateMs : this.deps.loopLagMs();
      this.settle({ ...this.facts, ...this.seenOfStreams(), selfLagMs, media: wasOpen ? media : undefined });
    });
  }

  private seenOfStreams(): Pick<H323CallFacts, 'agreed' | 'foreign' | 'heldAfterMs' | 'codecs'> {
    const { streams, call } = this;
    const takesOther = call.facts.takesVideo === 'other' && this.facts.videoWanted;
    const agreed = { audio: streams.agreed('audio', false), video: streams.agreed('video', takesOther) };
    const { foreign, heldAfterMs } = streams;
    return {
      agreed: this.mediaBeganMs === undefined ? undefined : agreed,
      foreign,
      heldAfterMs,
      codecs: {
        audioIn: streams.codecOf('audioIn'),
        audioOut: streams.codecOf('audioOut'),
        videoIn: streams.codecOf('videoIn'),
        videoOut: streams.codecOf('videoOut'),
      },
    };
  }

  private trace({ atMs, direction, summary, text }: LadderEntry): void {
    const arrow = direction === 'sent' ? '-->' : '<--';
    this.deps.trace?.(printable(`${atMs.toFixed(1).padStart(8)} ms ${arrow} ${summary} ${text}`));
  }

  private after(delayMs: number, run: () => void): void {
    this.timers.add(this.deps.scheduler.after(delayMs, run));
  }
}
