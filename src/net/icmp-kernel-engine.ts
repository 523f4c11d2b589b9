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

/** What a configuration names; more would mean that somebody makes them up. */
const MOST_SOURCES = 16;

/**
 * Echo requests to any number of targets over one socket a family, stamped by the kernel on arrival: a busy event loop
 * delays when we read a reply, not when it is said to have come. A source address has sockets of its own, bound to it.
 */
export class KernelIcmpEngine implements IcmpEngine {
  readonly clock = 'kernel';
  private readonly scheduler: Scheduler;
  private readonly sender: EchoSender;
  private readonly traces: TraceBudget;
  private readonly bySource = new Map<string, EchoExchange>();

  private constructor(
    readonly name: string,
    private readonly exchange: EchoExchange,
    private readonly options: KernelIcmpOptions,
  ) {
    const { scheduler = systemScheduler, pace = PACE } = options;
    this.scheduler = scheduler;
    this.sender = new EchoSender(scheduler, pace);
    this.traces = new TraceBudget(scheduler.monotonicMs());
  }

  /** @returns why this machine does not allow it, in words that name the fix */
  static open(options: KernelIcmpOptions = {}): Result<KernelIcmpEngine> {
    const opened = openExchange(options);
    if (!opened.ok) return opened;
    const { exchange, unprivileged } = opened.value;
    return ok(new KernelIcmpEngine(unprivileged ? 'kernel-ping-socket' : 'kernel-raw-socket', exchange, options));
  }

  burst(request: IcmpBurst): Promise<IcmpFacts> {
    const from = this.exchangeFrom(request.source);
    if (!from.ok) return Promise.resolve(notSent(from.error));
    return new Promise((resolve) => new Burst(request, from.value, this.sender, this.scheduler, resolve).begin());
  }

  async trace(target: IcmpTarget): Promise<IcmpHop[] | null> {
    const from = this.exchangeFrom(target.source);
    if (!from.ok || !this.traces.begin(target.address, this.scheduler.monotonicMs())) return null;
    try {
      return await traceHops(target, from.value, this.sender, this.scheduler);
    } finally {
      this.traces.ended();
    }
  }

  async pathMtu(request: PathMtuRequest): Promise<PathMtuFacts> {
    const from = this.exchangeFrom(request.source);
    return from.ok ? sweepPathMtu(request, from.value, this.sender, this.scheduler) : { sent: 0 };
  }

  setPace(pace: IcmpPace): void {
    this.sender.setPace(pace);
  }

  close(): void {
    this.sender.close();
    for (const exchange of [this.exchange, ...this.bySource.values()]) exchange.close();
  }

  private exchangeFrom(source: string | undefined): Result<EchoExchange> {
    if (source === undefined) return ok(this.exchange);
    const known = this.bySource.get(source);
    if (known) return ok(known);
    if (this.bySource.size >= MOST_SOURCES) return err(`more than ${MOST_SOURCES} source addresses`);
    const opened = openExchange(this.options, source);
    if (!opened.ok) return opened;
    this.bySource.set(source, opened.value.exchange);
    return ok(opened.value.exchange);
  }
}

/** Both families, or the one of the source; without IPv6 the rest still works. */
function openExchange(options: KernelIcmpOptions, source?: string): Result<{ exchange: EchoExchange; unprivileged: boolean }> {
  const holder: { exchange?: EchoExchange } = {};
  const socketFor = (family: Family): Result<IcmpSocket> =>
    IcmpSocket.open(
      family,
      {
        message: (icmp, received) => holder.exchange?.received(family, icmp, received),
        error: (request, error, received) => holder.exchange?.refused(family, request, error, received),
      },
      { prefer: options.prefer, source },
    );
  const main: Family = source?.includes(':') ? 6 : 4;
  const first = socketFor(main);
  if (!first.ok) return first;
  const six = main === 4 && source === undefined ? socketFor(6) : undefined;
  const { scheduler = systemScheduler, random = systemRandom } = options;
  const clock = { realtimeNs: options.realtimeNs ?? realtimeNs, monotonicMs: () => scheduler.monotonicMs() };
  const sockets = main === 4 ? { 4: first.value, 6: six?.ok ? six.value : null } : { 4: null, 6: first.value };
  holder.exchange = new EchoExchange(sockets, clock, random);
  return ok({ exchange: holder.exchange, unprivileged: first.value.unprivileged });
}

const notSent = (message: string): IcmpFacts => ({ sent: 0, rttMs: [], clock: 'kernel', failure: { code: 'no-route', message } });
