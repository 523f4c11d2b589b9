import type { Scheduler } from '../common/clock.js';
import type { StopSignal } from '../common/stop-switch.js';
import type { EchoExchange } from './icmp-echo-exchange.js';
import type { EchoSender } from './icmp-echo-sender.js';
import type { PathMtuFacts, PathMtuRequest } from './icmp-engine.js';
import { bounded } from './icmp-time-limit.js';

/** IPv4: every host takes 576 (RFC 791); IPv6: every link carries 1280 (RFC 8200 section 5). */
const LEAST_BYTES = { 4: 576, 6: 1280 } as const;
/** an Ethernet; what a larger one allows is of no use to anybody on the way to a codec */
const MOST_BYTES = 1500;
/** IP header and ICMP header */
const HEADER_BYTES = { 4: 28, 6: 48 } as const;
const SWEEP_TIMEOUT_MS = 10_000;
/** Who says "too big" when it is our own interface. */
const OWN_INTERFACE = 'own interface';

/**
 * Finds the largest size that passes, in few steps: the largest, what a router names, the smallest, then halving. Pure; the
 * sizes are those of whole IP packets.
 */
export class PathMtuSearch {
  /** the largest that is known to pass; below `least`: none yet */
  private passes: number;
  /** the smallest that is known not to, and who said so */
  private fails: number;
  private saidBy: string | undefined;
  private named: number | undefined;

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {
    this.passes = least - 1;
    this.fails = most + 1;
  }

  /** undefined: found, or nothing passes */
  next(): number | undefined {
    if (this.passes + 1 >= this.fails) return undefined;
    if (this.fails > this.most) return this.most;
    if (this.named !== undefined) return this.named;
    if (this.passes < this.least) return this.least;
    return (this.passes + this.fails) >> 1;
  }

  passed(size: number): void {
    this.passes = Math.max(this.passes, size);
    // who named this size says that its link carries no more
    if (size === this.named) this.fails = size + 1;
    this.named = undefined;
  }

  /** @param mtu what the next link carries (RFC 1191); one that cannot be true is not believed */
  tooBig(size: number, saidBy?: string, mtu?: number): void {
    this.fails = Math.min(this.fails, size);
    this.saidBy = saidBy;
    this.named = mtu !== undefined && mtu > this.passes && mtu >= this.least && mtu < size ? mtu : undefined;
  }

  get result(): Pick<PathMtuFacts, 'bytes' | 'limitedBy'> {
    if (this.passes < this.least || this.next() !== undefined) return {};
    return { bytes: this.passes, ...(this.saidBy === undefined ? {} : { limitedBy: this.saidBy }) };
  }
}

/** Sizes are tried one after the other, each as often as the request says: a lost packet must not read as a small MTU. */
export async function sweepPathMtu(
  request: PathMtuRequest,
  exchange: EchoExchange,
  sender: EchoSender,
  scheduler: Scheduler,
): Promise<PathMtuFacts> {
  const { address, area, tries, rttMs } = request;
  const family = address.includes(':') ? 6 : 4;
  const search = new PathMtuSearch(LEAST_BYTES[family], MOST_BYTES);
  const timeoutMs = Math.min(1_000, Math.max(200, 3 * rttMs + 100));
  let sent = 0;

  const trySize = async (size: number, signal: StopSignal): Promise<void> => {
    for (let attempt = 0; attempt < tries && !signal.aborted; attempt++) {
      const payloadBytes = size - HEADER_BYTES[family];
      const answer = await sender.once({ exchange, address, area, payloadBytes, dontFragment: true, timeoutMs, signal });
      if (answer.type !== 'not-sent') sent += 1;
      if (answer.type === 'reply') return search.passed(size);
      if (answer.type === 'not-sent' && answer.failure === 'too-big') return search.tooBig(size, OWN_INTERFACE);
      if (answer.type === 'error' && answer.kind === 'fragmentation-needed') return search.tooBig(size, answer.from, answer.mtu);
    }
    if (!signal.aborted) search.tooBig(size);
  };

  await bounded(SWEEP_TIMEOUT_MS, request.signal, scheduler, async (signal) => {
    for (let size = search.next(); size !== undefined && !signal.aborted; size = search.next()) await trySize(size, signal);
  });
  return { ...search.result, sent };
}
