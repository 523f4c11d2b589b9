import { PortPair } from './port-pair.js';
import { MediaStream, type AgreedStream, type BehaviourSource, type MediaTools } from './media-stream.js';

export type AgreedMedia = Record<'audio' | 'video', AgreedStream | null>;

export interface CallPorts {
  audio: { rtp: number; rtcp: number };
  video: { rtp: number; rtcp: number };
}

const portsOf = (pair: PortPair): { rtp: number; rtcp: number } => ({ rtp: pair.rtpPort, rtcp: pair.rtcpPort });

/** The media of one call: its ports from the answer to the end, and a stream for each medium that was agreed. */
export class CallMedia {
  readonly ports: CallPorts;
  private readonly streams: { audio?: MediaStream; video?: MediaStream } = {};

  private constructor(
    private readonly pairs: { audio: PortPair; video: PortPair },
    private readonly cname: string,
    private readonly behaviour: BehaviourSource,
    private readonly tools: MediaTools,
  ) {
    this.ports = { audio: portsOf(pairs.audio), video: portsOf(pairs.video) };
  }

  static async open(address: string, behaviour: BehaviourSource, tools: MediaTools): Promise<CallMedia> {
    const audio = await PortPair.open(tools.network, address, tools.fraction());
    try {
      const video = await PortPair.open(tools.network, address, tools.fraction());
      return new CallMedia({ audio, video }, `lab@${address}`, behaviour, tools);
    } catch (error) {
      audio.close();
      throw error;
    }
  }

  /** Starts what was agreed; again after a re-INVITE: a medium may come, move or go. */
  apply(agreed: AgreedMedia): void {
    this.applyOne('audio', agreed.audio);
    this.applyOne('video', agreed.video);
  }

  /** Since when nothing at all has come from the caller; undefined while no stream runs. */
  get quietSinceMs(): number | undefined {
    const arrivals = [this.streams.audio, this.streams.video].flatMap((stream) => (stream ? [stream.arrivedAtMs] : []));
    return arrivals.length === 0 ? undefined : Math.max(...arrivals);
  }

  requestKeyframe(): void {
    this.streams.video?.requestKeyframe();
  }

  close(): void {
    this.applyOne('audio', null);
    this.applyOne('video', null);
    this.pairs.audio.close();
    this.pairs.video.close();
  }

  private applyOne(medium: 'audio' | 'video', agreed: AgreedStream | null): void {
    const running = this.streams[medium];
    if (!agreed) {
      running?.close();
      delete this.streams[medium];
    } else if (running) running.change(agreed);
    else this.streams[medium] = new MediaStream(this.pairs[medium], agreed, this.behaviour, this.tools, this.cname);
  }
}
