import { type Scheduler, systemScheduler } from '../common/clock.js';
import { type RandomSource, systemRandom } from '../common/random.js';
import { err, ok, type Result } from '../common/result.js';
import type { Family } from '../protocols/icmp/icmp-message.js';
import { Burst } from './icmp-burst.js';
import { EchoExchange } from './icmp-echo-exchange.js';
import { EchoSender } from './icmp-echo-sender.js';
import type {
  IcmpBurst,
  IcmpEngine,
  IcmpFacts,
  IcmpHop,
  IcmpPace,
  IcmpTarget,
  PathMtuFacts,
  PathMtuRequest,
} from './icmp-engine.js';
import { sweepPathMtu } from './icmp-path-mtu.js';
import { TraceBudget, traceHops } from './icmp-trace.js';
import { IcmpSocket } from './kernel/icmp-socket.js';
import { realtimeNs } from './kernel/libc.js';

export interface KernelIcmpOptions {
  /** a burst of everything at once is what overflows buffers on the way */
  pace?: IcmpPace;
  prefer?: 'raw';
  scheduler?: Scheduler;
  random?: RandomSource;
  /** the clock of the kernel's stamps */
  realtimeNs?: () => number;
}

const PACE: IcmpPace = { packetsPerSecond: 2_000, packetsPerSecondPerArea: 500 };

/**
 * Echo requests to any number of targets over one socket a family, stamped by the kernel on arrival: a busy event loop
 * delays when we read a reply, not when it is said to have come.
 */
export class KernelIcmpEngine implements IcmpEngine {
  readonly clock = 'kernel';
  private readonly scheduler: Scheduler;
  private readonly sender: EchoSender;
  private readonly traces: TraceBudget;

  private constructor(
    readonly name: string,
    private readonly exchange: EchoExchange,
    { scheduler = systemScheduler, pace = PACE }: KernelIcmpOptions,
  ) {
    this.scheduler = scheduler;
    this.sender = new EchoSender(exchange, scheduler, pace);
    this.traces = new TraceBudget(scheduler.monotonicMs());
  }

  /** @returns why this machine does not allow it, in words that name the fix */
  static open(options: KernelIcmpOptions = {}): Result<KernelIcmpEngine> {
    const holder: { exchange?: EchoExchange } = {};
    const socketFor = (family: Family): Result<IcmpSocket> =>
      IcmpSocket.open(
        family,
        {
          message: (icmp, received) => holder.exchange?.received(family, icmp, received),
          error: (request, error, received) => holder.exchange?.refused(family, request, error, received),
        },
        options.prefer,
      );
    const v4 = socketFor(4);
    if (!v4.ok) return err(v4.error);
    const v6 = socketFor(6);
    const { scheduler = systemScheduler, random = systemRandom } = options;
    const clock = { realtimeNs: options.realtimeNs ?? realtimeNs, monotonicMs: () => scheduler.monotonicMs() };
    holder.exchange = new EchoExchange({ 4: v4.value, 6: v6.ok ? v6.value : null }, clock, random);
    const name = v4.value.unprivileged ? 'kernel-ping-socket' : 'kernel-raw-socket';
    return ok(new KernelIcmpEngine(name, holder.exchange, options));
  }

  burst(request: IcmpBurst): Promise<IcmpFacts> {
    return new Promise((resolve) => new Burst(request, this.exchange, this.sender, this.scheduler, resolve).begin());
  }

  async trace(target: IcmpTarget): Promise<IcmpHop[] | null> {
    if (!this.traces.begin(target.address, this.scheduler.monotonicMs())) return null;
    try {
      return await traceHops(target, this.sender, this.scheduler);
    } finally {
      this.traces.ended();
    }
  }

  pathMtu(request: PathMtuRequest): Promise<PathMtuFacts> {
    return sweepPathMtu(request, this.sender, this.scheduler);
  }

  setPace(pace: IcmpPace): void {
    this.sender.setPace(pace);
  }

  close(): void {
    this.sender.close();
    this.exchange.close();
  }
}
