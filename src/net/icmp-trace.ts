import type { Scheduler } from '../common/clock.js';
import type { StopSignal } from '../common/stop-switch.js';
import type { EchoExchange } from './icmp-echo-exchange.js';
import type { EchoAnswer, EchoSender } from './icmp-echo-sender.js';
import type { IcmpHop, IcmpTarget } from './icmp-engine.js';
import { TokenBucket } from './icmp-pacing.js';
import { bounded } from './icmp-time-limit.js';

const MAX_HOPS = 20;
const TRIES = 2;
const TRY_TIMEOUT_MS = 700;
/** with what the pace costs; a probe that has failed waits so long for its trace at most */
const TRACE_TIMEOUT_MS = 2_000;
const PAYLOAD_BYTES = 32;

/**
 * Asks every hop on the way at once, with a TTL that ends there (RFC 792, time exceeded), and once more those that kept silent.
 * The list ends with the first hop after the last one that answered.
 */
export async function traceHops(
  target: IcmpTarget,
  exchange: EchoExchange,
  sender: EchoSender,
  scheduler: Scheduler,
): Promise<IcmpHop[]> {
  let lastNeeded = MAX_HOPS;
  const askHop = async (ttl: number, signal: StopSignal): Promise<IcmpHop> => {
    const { address, area } = target;
    for (let attempt = 0; attempt < TRIES && ttl <= lastNeeded && !signal.aborted; attempt++) {
      const request = { exchange, address, area, ttl, payloadBytes: PAYLOAD_BYTES, timeoutMs: TRY_TIMEOUT_MS, signal };
      const answer = await sender.once(request);
      if (answer.type === 'not-sent' && answer.failure !== 'no-buffer') break;
      const hop = hopOf(ttl, answer);
      if (!hop) continue;
      if (isEnd(answer)) lastNeeded = Math.min(lastNeeded, ttl);
      return hop;
    }
    return { ttl, address: null, rttMs: null };
  };
  const ttls = Array.from({ length: MAX_HOPS }, (_, i) => i + 1);
  const hops = await bounded(TRACE_TIMEOUT_MS, target.signal, scheduler, (signal) =>
    Promise.all(ttls.map((ttl) => askHop(ttl, signal))),
  );
  return hops.slice(0, Math.min(lastNeeded, hops.findLastIndex(({ address }) => address !== null) + 2));
}

/** The target itself, or a router that knows no way on: what was sent further tells nothing new. */
const isEnd = (answer: EchoAnswer): boolean =>
  answer.type === 'reply' || (answer.type === 'error' && answer.kind !== 'ttl-exceeded');

function hopOf(ttl: number, answer: EchoAnswer): IcmpHop | null {
  if (answer.type !== 'reply' && answer.type !== 'error') return null;
  const hop: IcmpHop = { ttl, address: answer.from, rttMs: answer.rttMs };
  return answer.type === 'error' && answer.kind !== 'ttl-exceeded' ? { ...hop, unreachable: answer.kind } : hop;
}

const AGAIN_AFTER_MS = 10 * 60_000;
const MOST_AT_ONCE = 4;
/** Routers answer each asker about once a second (Linux: icmp_ratelimit); faster traces would blind each other at the first hops. */
const STARTS_PER_SECOND = 1;
const STARTS_IN_RESERVE = 4;
const REMEMBERED = 10_000;

/**
 * Which failure is worth a trace now. When a carrier's cut takes 148 endpoints at once, some traces tell as much as 148; whoever
 * got none is asked for again with its next failure.
 */
export class TraceBudget {
  private readonly tracedMs = new Map<string, number>();
  private readonly starts: TokenBucket;
  private running = 0;

  constructor(nowMs: number) {
    this.starts = new TokenBucket(STARTS_PER_SECOND, STARTS_IN_RESERVE, nowMs);
  }

  /** @returns true: begin, and call `ended` afterwards */
  begin(address: string, nowMs: number): boolean {
    this.forgetOld(nowMs);
    if (this.running >= MOST_AT_ONCE || this.tracedMs.has(address) || !this.starts.has(nowMs)) return false;
    this.starts.take();
    this.running += 1;
    this.tracedMs.set(address, nowMs);
    return true;
  }

  ended(): void {
    this.running -= 1;
  }

  private forgetOld(nowMs: number): void {
    for (const [address, atMs] of this.tracedMs) {
      if (nowMs - atMs < AGAIN_AFTER_MS && this.tracedMs.size < REMEMBERED) return;
      this.tracedMs.delete(address);
    }
  }
}
