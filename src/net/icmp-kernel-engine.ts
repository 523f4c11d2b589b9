import { isIPv6 } from 'node:net';
import { BinaryHeap } from '../common/binary-heap.js';
import { type Cancel, type Scheduler, systemScheduler } from '../common/clock.js';
import { type RandomSource, systemRandom } from '../common/random.js';
import { err, ok, type Result } from '../common/result.js';
import {
  type ErrorKind,
  errorKind,
  type Family,
  parseIcmp,
  parseQuotedRequest,
  writeEchoRequest,
} from '../protocols/icmp/icmp-message.js';
import type { IcmpBurst, IcmpEngine, IcmpFacts } from './icmp-engine.js';
import { IcmpSocket, type SendFailure } from './kernel/icmp-socket.js';
import { pinned } from './kernel/libc.js';
import type { Received } from './kernel/receive-ring.js';

export interface KernelIcmpOptions {
  /** most requests a second over all targets; a burst of everything at once is what overflows buffers on the way */
  maxPerSecond: number;
  prefer?: 'raw';
  scheduler?: Scheduler;
  random?: RandomSource;
}

interface Sent {
  number: number;
  /** CLOCK_REALTIME, to be compared with the kernel's stamp */
  realtimeNs: number;
  monotonicMs: number;
  settled: boolean;
}

interface Burst {
  request: IcmpBurst;
  facts: IcmpFacts;
  /** null: the kernel did not take it */
  sent: (Sent | null)[];
  unsettled: number;
  finish: () => void;
  cancelTimeout?: Cancel;
}

interface Ticket {
  burst: Burst;
  index: number;
}

const MAX_PER_SECOND = 2_000;
/** nonce of this engine and number of the request: nobody else's reply is taken for ours, whatever its identifier */
const MARK_BYTES = 8;
const MAX_PAYLOAD_BYTES = 1_400;
const PACE_TICK_MS = 1;
/** 10,000 requests sent in one go without reading lost 5,581 replies of loopback to the receive buffer; read in between: none */
const RECEIVE_EVERY = 64;
/** a stamp that is further off than this was taken across a step of the wall clock */
const IMPLAUSIBLE_MS = 60_000;

/**
 * Echo requests to any number of targets over one socket a family, stamped by the kernel on arrival: a busy event loop
 * delays when we read a reply, not when it is said to have come. Times are CLOCK_REALTIME differences; one that a clock step
 * made negative or absurd is replaced by the monotonic time at which we read it.
 */
export class KernelIcmpEngine implements IcmpEngine {
  readonly clock = 'kernel';
  readonly name: string;
  private readonly scheduler: Scheduler;
  private readonly nonce: number;
  private readonly message = pinned(MAX_PAYLOAD_BYTES + MARK_BYTES);
  private readonly outstanding = new Map<number, Ticket>();
  /** an ICMP error quotes no more than identifier and sequence: the last request with these low 16 bits */
  private readonly bySequence = new Map<number, Ticket>();
  private readonly toSend = new BinaryHeap<Ticket & { dueMs: number }>((a, b) => a.dueMs < b.dueMs);
  private nextTicket: number;
  private sentSinceReceive = 0;
  private allowance = 0;
  private refilledMs: number;
  private wake: { atMs: number; cancel: Cancel } | null = null;

  private constructor(
    private readonly sockets: Record<Family, IcmpSocket | null>,
    private readonly options: KernelIcmpOptions,
  ) {
    this.scheduler = options.scheduler ?? systemScheduler;
    const random = options.random ?? systemRandom;
    this.nonce = random.uint32();
    this.nextTicket = random.uint32();
    this.refilledMs = this.scheduler.monotonicMs();
    this.name = sockets[4]?.unprivileged ? 'kernel-ping-socket' : 'kernel-raw-socket';
  }

  /** @returns why this machine does not allow it, in words that name the fix */
  static open(options: KernelIcmpOptions = { maxPerSecond: MAX_PER_SECOND }): Result<KernelIcmpEngine> {
    const holder: { engine?: KernelIcmpEngine } = {};
    const socketFor = (family: Family): Result<IcmpSocket> =>
      IcmpSocket.open(
        family,
        {
          message: (icmp, received) => holder.engine?.received(family, icmp, received),
          error: (request, error) => holder.engine?.refused(family, request, error),
        },
        options.prefer,
      );
    const v4 = socketFor(4);
    if (!v4.ok) return err(v4.error);
    const v6 = socketFor(6);
    holder.engine = new KernelIcmpEngine({ 4: v4.value, 6: v6.ok ? v6.value : null }, options);
    return ok(holder.engine);
  }

  burst(request: IcmpBurst): Promise<IcmpFacts> {
    const facts: IcmpFacts = { sent: 0, rttMs: [], clock: 'kernel', duplicates: 0, lateReplies: 0 };
    if (request.signal?.aborted)
      return Promise.resolve({ ...facts, failure: { code: 'aborted', message: 'stopped before it began' } });
    return new Promise((resolve) => this.begin(request, facts, resolve));
  }

  close(): void {
    this.wake?.cancel();
    this.sockets[4]?.close();
    this.sockets[6]?.close();
  }

  private begin(request: IcmpBurst, facts: IcmpFacts, resolve: (facts: IcmpFacts) => void): void {
    let done = false;
    const finish = (): void => {
      if (done) return;
      done = true;
      burst.cancelTimeout?.();
      request.signal?.removeEventListener('abort', abort);
      this.forget(burst);
      resolve(facts);
    };
    const abort = (): void => {
      facts.failure = { code: 'aborted', message: 'stopped while waiting for replies' };
      finish();
    };
    const burst: Burst = { request, facts, sent: [], unsettled: request.count, finish };
    request.signal?.addEventListener('abort', abort, { once: true });
    this.enqueue(burst, 0, this.scheduler.monotonicMs());
  }

  private enqueue(burst: Burst, index: number, dueMs: number): void {
    this.toSend.push({ burst, index, dueMs });
    this.wakeAt(this.toSend.peek()?.dueMs ?? dueMs);
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

  /** A bucket of one tick's worth: what a late tick missed is not made up in a burst. */
  private refill(nowMs: number): void {
    const perMs = this.options.maxPerSecond / 1000;
    const most = Math.max(1, perMs * 2 * PACE_TICK_MS);
    this.allowance = Math.min(most, this.allowance + (nowMs - this.refilledMs) * perMs);
    this.refilledMs = nowMs;
  }

  private sendDue(): void {
    const nowMs = this.scheduler.monotonicMs();
    this.refill(nowMs);
    for (let next = this.toSend.peek(); next && next.dueMs <= nowMs && this.allowance >= 1; next = this.toSend.peek()) {
      this.toSend.pop();
      if (next.burst.facts.failure) continue;
      this.allowance -= 1;
      this.sendOne(next, nowMs);
      if (++this.sentSinceReceive >= RECEIVE_EVERY) this.receiveNow();
    }
    const next = this.toSend.peek();
    if (next) this.wakeAt(Math.max(next.dueMs, nowMs + (next.dueMs <= nowMs ? PACE_TICK_MS : 0)));
  }

  private receiveNow(): void {
    this.sentSinceReceive = 0;
    this.sockets[4]?.receive();
    this.sockets[6]?.receive();
  }

  private sendOne({ burst, index }: Ticket, nowMs: number): void {
    const { request, facts } = burst;
    const number = this.nextTicket;
    const result = this.transmit(request, number);
    facts.sent += 1;
    facts.rttMs.push(null);
    if (result.ok) {
      this.nextTicket = (number + 1) >>> 0;
      burst.sent.push({ number, realtimeNs: result.value, monotonicMs: nowMs, settled: false });
      this.outstanding.set(number, { burst, index });
      this.bySequence.set(number & 0xffff, { burst, index });
    } else {
      burst.sent.push(null);
      burst.unsettled -= 1;
      noteSendFailure(facts, result.error, request.address);
    }
    this.setWaiting();
    if (facts.failure) burst.finish();
    else if (index + 1 < request.count) this.enqueue(burst, index + 1, nowMs + request.spacingMs);
    else if (burst.unsettled === 0) burst.finish();
    else burst.cancelTimeout = this.scheduler.after(request.timeoutMs, burst.finish);
  }

  private transmit(request: IcmpBurst, number: number): ReturnType<IcmpSocket['send']> {
    const family: Family = isIPv6(request.address) ? 6 : 4;
    const socket = this.sockets[family];
    if (!socket) return err('refused-here');
    const payload = this.message.subarray(8, 8 + Math.min(MAX_PAYLOAD_BYTES, Math.max(MARK_BYTES, request.payloadBytes)));
    payload.writeUInt32BE(this.nonce, 0);
    payload.writeUInt32BE(number, 4);
    const length = writeEchoRequest(this.message, { family, id: this.nonce & 0xffff, sequence: number & 0xffff, payload });
    return socket.send(this.message, length, request.address);
  }

  private received(family: Family, icmp: Buffer, { source, stampNs, ttl }: Received): void {
    const parsed = parseIcmp(icmp, family);
    if (!parsed.ok) return;
    const message = parsed.value;
    if (message.type === 'echo-reply') this.replied(message.payload, stampNs, ttl);
    if (message.type === 'error' && message.about) this.failed(message.about, message.kind, source);
  }

  /** A ping socket gets errors with the request itself: its mark tells which. */
  private refused(family: Family, request: Buffer, { icmpType, icmpCode, from }: NonNullable<Received['error']>): void {
    const quoted = parseQuotedRequest(request, family);
    const kind = errorKind(family, icmpType, icmpCode);
    const ticket = quoted && this.ticketOf(quoted);
    if (ticket && kind) this.unreachable(ticket, kind, from);
  }

  private ticketOf(payload: Uint8Array): Ticket | undefined {
    if (payload.length < MARK_BYTES) return undefined;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    return view.getUint32(0) === this.nonce ? this.outstanding.get(view.getUint32(4)) : undefined;
  }

  private replied(payload: Uint8Array, stampNs: number | undefined, ttl: number | undefined): void {
    const ticket = this.ticketOf(payload);
    const sent = ticket?.burst.sent[ticket.index];
    if (!ticket || !sent) return;
    const { facts, request } = ticket.burst;
    if (sent.settled) {
      facts.duplicates = (facts.duplicates ?? 0) + 1;
      return;
    }
    const rttMs = this.roundTripMs(sent, stampNs);
    if (ttl !== undefined) facts.ttl = ttl;
    if (rttMs > request.timeoutMs) facts.lateReplies = (facts.lateReplies ?? 0) + 1;
    else facts.rttMs[ticket.index] = rttMs;
    this.settle(ticket.burst, sent);
  }

  private roundTripMs(sent: Sent, stampNs: number | undefined): number {
    const kernelMs = stampNs === undefined ? NaN : (stampNs - sent.realtimeNs) / 1e6;
    return kernelMs >= 0 && kernelMs < IMPLAUSIBLE_MS ? kernelMs : this.scheduler.monotonicMs() - sent.monotonicMs;
  }

  private failed(about: { id: number; sequence: number }, kind: ErrorKind, from: string): void {
    const ticket = about.id === (this.nonce & 0xffff) ? this.bySequence.get(about.sequence) : undefined;
    if (ticket) this.unreachable(ticket, kind, from);
  }

  private unreachable({ burst, index }: Ticket, kind: ErrorKind, from: string): void {
    const sent = burst.sent[index];
    if (!sent || sent.settled) return;
    burst.facts.unreachable = { type: kind, from };
    this.settle(burst, sent);
  }

  private settle(burst: Burst, sent: Sent): void {
    sent.settled = true;
    burst.unsettled -= 1;
    if (burst.unsettled === 0) burst.finish();
  }

  private forget(burst: Burst): void {
    for (const sent of burst.sent) {
      if (!sent) continue;
      this.outstanding.delete(sent.number);
      if (this.bySequence.get(sent.number & 0xffff)?.burst === burst) this.bySequence.delete(sent.number & 0xffff);
    }
    this.setWaiting();
  }

  private setWaiting(): void {
    const waiting = this.outstanding.size > 0;
    this.sockets[4]?.setWaiting(waiting);
    this.sockets[6]?.setWaiting(waiting);
  }
}

function noteSendFailure(facts: IcmpFacts, failure: SendFailure, address: string): void {
  if (failure === 'too-big') facts.unreachable ??= { type: 'fragmentation-needed' };
  if (failure === 'no-route') facts.failure = { code: 'no-route', message: `no route to ${address}` };
  if (failure === 'refused-here') facts.failure = { code: 'unavailable-here', message: 'the kernel refused to send' };
}
