import type { Cancel, Scheduler } from '../common/clock.js';
import type { Result } from '../common/result.js';
import type { EchoError, EchoExchange, EchoReply } from './icmp-echo-exchange.js';
import type { EchoSender, PacedWaiter } from './icmp-echo-sender.js';
import type { IcmpBurst, IcmpFacts } from './icmp-engine.js';
import type { SendFailure } from './kernel/icmp-socket.js';

/** A few echo requests to one target, one after the other, and what became of each. */
export class Burst implements PacedWaiter {
  open = true;
  private readonly facts: IcmpFacts = { sent: 0, rttMs: [], clock: 'kernel', duplicates: 0, lateReplies: 0 };
  private readonly numbers: number[] = [];
  private readonly settled: boolean[] = [];
  private unsettled: number;
  private cancelTimeout: Cancel = () => undefined;

  constructor(
    private readonly request: IcmpBurst,
    private readonly exchange: EchoExchange,
    private readonly sender: EchoSender,
    private readonly scheduler: Scheduler,
    private readonly resolve: (facts: IcmpFacts) => void,
  ) {
    this.unsettled = request.count;
  }

  begin(): void {
    const { signal } = this.request;
    if (signal?.aborted) return this.abort();
    signal?.addEventListener('abort', this.abort, { once: true });
    this.enqueue(0, this.scheduler.monotonicMs());
  }

  sent(index: number, result: Result<number, SendFailure>, nowMs: number): void {
    const { request, facts } = this;
    facts.sent += 1;
    facts.rttMs.push(null);
    this.settled.push(!result.ok);
    if (result.ok) this.numbers.push(result.value);
    else {
      this.unsettled -= 1;
      noteSendFailure(facts, result.error, request.address);
    }
    if (facts.failure) this.finish();
    else if (index + 1 < request.count) this.enqueue(index + 1, nowMs + request.spacingMs);
    else if (this.unsettled === 0) this.finish();
    else this.cancelTimeout = this.scheduler.after(request.timeoutMs, this.finish);
  }

  /** Of a reply that comes when all is settled nobody learns: duplicates are counted while the burst lasts. */
  replied(index: number, { rttMs, clock, ttl }: EchoReply): void {
    const { facts } = this;
    if (this.settled[index]) {
      facts.duplicates = (facts.duplicates ?? 0) + 1;
      return;
    }
    if (ttl !== undefined) facts.ttl = ttl;
    if (clock === 'user') facts.clock = 'user';
    if (rttMs > this.request.timeoutMs) facts.lateReplies = (facts.lateReplies ?? 0) + 1;
    else facts.rttMs[index] = rttMs;
    this.settle(index);
  }

  failed(index: number, { kind, from }: EchoError): void {
    if (this.settled[index]) return;
    this.facts.unreachable = { type: kind, from };
    this.settle(index);
  }

  private enqueue(index: number, dueMs: number): void {
    this.sender.enqueue({ exchange: this.exchange, request: this.request, waiter: this, index }, this.request.area, dueMs);
  }

  private settle(index: number): void {
    this.settled[index] = true;
    this.unsettled -= 1;
    if (this.unsettled === 0) this.finish();
  }

  private readonly abort = (): void => {
    this.facts.failure = { code: 'aborted', message: 'stopped while waiting for replies' };
    this.finish();
  };

  private readonly finish = (): void => {
    if (!this.open) return;
    this.open = false;
    this.cancelTimeout();
    this.request.signal?.removeEventListener('abort', this.abort);
    this.exchange.forget(this.numbers);
    this.resolve(this.facts);
  };
}

function noteSendFailure(facts: IcmpFacts, failure: SendFailure, address: string): void {
  if (failure === 'too-big') facts.unreachable ??= { type: 'fragmentation-needed' };
  if (failure === 'no-route') facts.failure = { code: 'no-route', message: `no route to ${address}` };
  if (failure === 'refused-here') facts.failure = { code: 'unavailable-here', message: 'the kernel refused to send' };
}
