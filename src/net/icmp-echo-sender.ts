import type { Cancel, Scheduler } from '../common/clock.js';
import type { Result } from '../common/result.js';
import type { StopSignal } from '../common/stop-switch.js';
import type { EchoExchange, EchoReply, EchoError, EchoRequestOptions, EchoWaiter } from './icmp-echo-exchange.js';
import type { IcmpPace } from './icmp-engine.js';
import { PacedQueue } from './icmp-pacing.js';
import type { SendFailure } from './kernel/icmp-socket.js';

/** A waiter that is told when its request was sent, or why not. */
export interface PacedWaiter extends EchoWaiter {
  /** false: given up, what still waits to be sent is not */
  readonly open: boolean;
  sent(index: number, result: Result<number, SendFailure>, nowMs: number): void;
}

interface Order {
  exchange: EchoExchange;
  request: EchoRequestOptions;
  waiter: PacedWaiter;
  index: number;
}

export type EchoAnswer =
  | ({ type: 'reply' } & EchoReply)
  | ({ type: 'error' } & EchoError)
  | { type: 'silence' }
  | { type: 'not-sent'; failure: SendFailure };

export interface SingleEcho extends EchoRequestOptions {
  exchange: EchoExchange;
  area?: string;
  timeoutMs: number;
  signal: StopSignal;
}

/** 10,000 requests sent in one go without reading lost 5,581 replies of loopback to the receive buffer; read in between: none */
const RECEIVE_EVERY = 64;
const TICK_MS = 1;

/** Sends echo requests when their time has come and the pace allows it. */
export class EchoSender {
  private readonly queue: PacedQueue<Order>;
  private sentSinceReceive = 0;
  private wake: { atMs: number; cancel: Cancel } | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    pace: IcmpPace,
  ) {
    this.queue = new PacedQueue(pace, scheduler.monotonicMs());
  }

  setPace(pace: IcmpPace): void {
    this.queue.setPace(pace);
  }

  enqueue(order: Order, area: string | undefined, dueMs: number): void {
    this.queue.push(order, dueMs, area, this.scheduler.monotonicMs());
    this.wakeAt(dueMs);
  }

  /** One request, and the first thing that becomes of it. A signal ends the waiting as silence. */
  once({ exchange, area, timeoutMs, signal, ...request }: SingleEcho): Promise<EchoAnswer> {
    if (signal.aborted) return Promise.resolve({ type: 'silence' });
    return new Promise((resolve) => {
      const single = new SingleWaiter(exchange, this.scheduler, timeoutMs, signal, resolve);
      this.enqueue({ exchange, request, waiter: single, index: 0 }, area, this.scheduler.monotonicMs());
    });
  }

  close(): void {
    this.wake?.cancel();
  }

  private wakeAt(atMs: number): void {
    if (this.wake && this.wake.atMs <= atMs) return;
    this.wake?.cancel();
    const run = (): void => {
      this.wake = null;
      this.sendDue();
    };
    this.wake = { atMs, cancel: this.scheduler.after(Math.max(0, atMs - this.scheduler.monotonicMs()), run) };
  }

  private sendDue(): void {
    const nowMs = this.scheduler.monotonicMs();
    for (let order = this.queue.take(nowMs); order; order = this.queue.take(nowMs)) {
      if (!order.waiter.open) continue;
      order.waiter.sent(order.index, order.exchange.send(order.request, order.waiter, order.index), nowMs);
      if (++this.sentSinceReceive < RECEIVE_EVERY) continue;
      this.sentSinceReceive = 0;
      order.exchange.receive();
    }
    const nextMs = this.queue.nextMs();
    if (nextMs !== undefined) this.wakeAt(Math.max(nextMs, nowMs + TICK_MS));
  }
}

class SingleWaiter implements PacedWaiter {
  open = true;
  private number: number | undefined;
  private cancelTimeout: Cancel = () => undefined;

  constructor(
    private readonly exchange: EchoExchange,
    private readonly scheduler: Scheduler,
    private readonly timeoutMs: number,
    private readonly signal: StopSignal,
    private readonly resolve: (answer: EchoAnswer) => void,
  ) {
    signal.addEventListener('abort', this.giveUp, { once: true });
  }

  sent(_index: number, result: Result<number, SendFailure>): void {
    if (!result.ok) return this.settle({ type: 'not-sent', failure: result.error });
    this.number = result.value;
    this.cancelTimeout = this.scheduler.after(this.timeoutMs, this.giveUp);
  }

  replied(_index: number, reply: EchoReply): void {
    this.settle({ type: 'reply', ...reply });
  }

  failed(_index: number, error: EchoError): void {
    this.settle({ type: 'error', ...error });
  }

  private readonly giveUp = (): void => this.settle({ type: 'silence' });

  private settle(answer: EchoAnswer): void {
    if (!this.open) return;
    this.open = false;
    this.cancelTimeout();
    this.signal.removeEventListener('abort', this.giveUp);
    if (this.number !== undefined) this.exchange.forget([this.number]);
    this.resolve(answer);
  }
}
