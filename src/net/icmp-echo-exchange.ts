import { err, ok, type Result } from '../common/result.js';
import type { RandomSource } from '../common/random.js';
import {
  canonicalAddress,
  type ErrorKind,
  errorKind,
  type Family,
  parseIcmp,
  parseQuotedRequest,
  type QuotedEcho,
  writeEchoRequest,
} from '../protocols/icmp/icmp-message.js';
import type { IcmpSocket, PacketOptions, SendFailure } from './kernel/icmp-socket.js';
import { pinned } from './kernel/libc.js';
import type { Received } from './kernel/receive-ring.js';

export interface EchoRequestOptions extends PacketOptions {
  address: string;
  payloadBytes: number;
}

interface Timed {
  rttMs: number;
  clock: 'kernel' | 'user';
  from: string;
}
/** `ttl`: of the reply, as it arrived */
export type EchoReply = Timed & { ttl?: number };
export type EchoError = Timed & { kind: ErrorKind; mtu?: number };

/** Who waits for what becomes of its requests, by its own index. A request may be answered more than once. */
export interface EchoWaiter {
  replied(index: number, reply: EchoReply): void;
  failed(index: number, error: EchoError): void;
}

interface Outstanding {
  waiter: EchoWaiter;
  index: number;
  destination: string;
  /** CLOCK_REALTIME, to be compared with the kernel's stamp */
  realtimeNs: number;
  monotonicMs: number;
}

export type EchoSocket = Pick<IcmpSocket, 'unprivileged' | 'send' | 'receive' | 'setWaiting' | 'close'>;

export interface ExchangeClock {
  realtimeNs(): number;
  monotonicMs(): number;
}

/** What an Ethernet carries behind the headers of IPv4; larger replies would not fit the receive ring either. */
export const MAX_PAYLOAD_BYTES = 1_472;
/** nonce of this engine and number of the request: nobody else's reply is taken for ours, whatever its identifier */
const MARK_BYTES = 8;
const HEADER_BYTES = 8;
/** numbers beyond 31 bits would be objects for the engine that runs us, and slow keys of a map */
const LAST_NUMBER = 0x7fff_ffff;
/** a stamp that is further off than this was taken across a step of the wall clock */
const IMPLAUSIBLE_MS = 60_000;

/**
 * Sends echo requests and finds for each answer the request that it belongs to: a reply by the mark in its payload, its
 * sequence, identifier and source; an error by the packet that it quotes. Whatever else comes is not ours.
 *
 * Times are CLOCK_REALTIME differences; one that a clock step made negative or absurd is replaced by the monotonic time at which
 * we read it, and says so (`clock: user`).
 */
export class EchoExchange {
  private readonly nonce: number;
  private readonly message = pinned(MAX_PAYLOAD_BYTES + HEADER_BYTES);
  private readonly outstanding = new Map<number, Outstanding>();
  /** where an error quotes no more than the header: the last request with these low 16 bits */
  private readonly bySequence = new Uint32Array(0x1_0000);
  private nextNumber: number;
  private waiting = false;

  constructor(
    private readonly sockets: Record<Family, EchoSocket | null>,
    private readonly clock: ExchangeClock,
    random: RandomSource,
  ) {
    this.nonce = random.uint32();
    this.nextNumber = random.uint32() & LAST_NUMBER;
  }

  /** @returns the number of the request, to be forgotten when nobody waits any more */
  send(request: EchoRequestOptions, waiter: EchoWaiter, index: number): Result<number, SendFailure> {
    const family: Family = request.address.includes(':') ? 6 : 4;
    const socket = this.sockets[family];
    // an address with a zone (fe80::1%eth0) is one that the URL parser refuses and that no inventory needs
    if (!socket || request.address.includes('%')) return err('refused-here');
    const number = this.nextNumber;
    const length = this.write(family, number, request.payloadBytes);
    const destination = family === 4 ? request.address : canonicalAddress(request.address);
    const monotonicMs = this.clock.monotonicMs();
    const realtimeNs = this.clock.realtimeNs();
    const sent = socket.send(this.message, length, request.address, request);
    if (!sent.ok) return sent;
    this.nextNumber = (number + 1) & LAST_NUMBER;
    this.outstanding.set(number, { waiter, index, destination, realtimeNs, monotonicMs });
    this.bySequence[number & 0xffff] = number;
    this.keepAwake();
    return ok(number);
  }

  forget(numbers: Iterable<number>): void {
    for (const number of numbers) this.outstanding.delete(number);
    this.keepAwake();
  }

  /** Takes what waits in the sockets without waiting for the loop to come round. */
  receive(): void {
    this.sockets[4]?.receive();
    this.sockets[6]?.receive();
  }

  close(): void {
    this.sockets[4]?.close();
    this.sockets[6]?.close();
  }

  /** A message that a socket received. */
  received(family: Family, icmp: Buffer, { source, stampNs, ttl }: Received): void {
    const parsed = parseIcmp(icmp, family);
    if (!parsed.ok) return;
    const message = parsed.value;
    if (message.type === 'echo-reply' && this.isOurs(message.id, family)) {
      const request = this.byMark(message.payload, message.sequence, source);
      if (request) request.waiter.replied(request.index, this.timed(request, stampNs, source, ttl));
    }
    if (message.type === 'error' && message.about && this.isOurs(message.about.id, family)) {
      this.blame(message.about, { kind: message.kind, mtu: message.mtu, from: source }, stampNs);
    }
  }

  /** A ping socket gets errors with the request itself, and with the address to which it went. */
  refused(family: Family, request: Buffer, error: NonNullable<Received['error']>, { source, stampNs }: Received): void {
    const quoted = parseQuotedRequest(request, family);
    const kind = errorKind(family, error.icmpType, error.icmpCode);
    if (!quoted || !kind) return;
    const mtu = kind === 'fragmentation-needed' && error.info > 0 ? error.info : undefined;
    this.blame({ ...quoted, destination: source }, { kind, mtu, from: error.from }, stampNs);
  }

  /** The kernel puts an identifier of its own into what a ping socket sends, and hands out only what carries it. */
  private isOurs(id: number, family: Family): boolean {
    return id === (this.nonce & 0xffff) || this.sockets[family]?.unprivileged === true;
  }

  private write(family: Family, number: number, payloadBytes: number): number {
    const bytes = Math.min(MAX_PAYLOAD_BYTES, Math.max(MARK_BYTES, payloadBytes));
    const payload = this.message.subarray(HEADER_BYTES, HEADER_BYTES + bytes);
    payload.writeUInt32BE(this.nonce, 0);
    payload.writeUInt32BE(number, 4);
    return writeEchoRequest(this.message, { family, id: this.nonce & 0xffff, sequence: number & 0xffff, payload });
  }

  private blame(about: Omit<QuotedEcho, 'id'>, error: Pick<EchoError, 'kind' | 'mtu' | 'from'>, stampNs?: number): void {
    const request = this.quoted(about);
    if (!request) return;
    const { rttMs, clock } = this.timed(request, stampNs, error.from);
    request.waiter.failed(request.index, { rttMs, clock, ...error });
  }

  private quoted({ payload, sequence, destination }: Omit<QuotedEcho, 'id'>): Outstanding | undefined {
    if (payload.length >= MARK_BYTES) return this.byMark(payload, sequence, destination);
    const request = this.outstanding.get(this.bySequence[sequence & 0xffff] ?? -1);
    return request?.destination === destination ? request : undefined;
  }

  private byMark(payload: Uint8Array, sequence: number, peer: string): Outstanding | undefined {
    if (payload.length < MARK_BYTES) return undefined;
    const number = uint32At(payload, 4);
    if (uint32At(payload, 0) !== this.nonce || (number & 0xffff) !== sequence) return undefined;
    const request = this.outstanding.get(number);
    return request?.destination === peer ? request : undefined;
  }

  private timed(request: Outstanding, stampNs: number | undefined, from: string, ttl?: number): EchoReply {
    const kernelMs = stampNs === undefined ? NaN : (stampNs - request.realtimeNs) / 1e6;
    if (kernelMs >= 0 && kernelMs < IMPLAUSIBLE_MS) return { rttMs: kernelMs, clock: 'kernel', from, ttl };
    return { rttMs: this.clock.monotonicMs() - request.monotonicMs, clock: 'user', from, ttl };
  }

  /** The process lives on while answers are awaited, and not longer. */
  private keepAwake(): void {
    const waiting = this.outstanding.size > 0;
    if (waiting === this.waiting) return;
    this.waiting = waiting;
    this.sockets[4]?.setWaiting(waiting);
    this.sockets[6]?.setWaiting(waiting);
  }
}

/** Big-endian, without a view for each packet. */
const uint32At = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0;
