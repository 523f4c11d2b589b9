import { type Scheduler, systemScheduler } from '../common/clock.js';
import { type MaybePromise, whenKnown } from '../common/maybe-promise.js';
import { err, ok } from '../common/result.js';
import { parseSipMessage } from '../protocols/sip/message.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import { canonicalAddress, ERRNO, familyOf, isSupported, pinned } from './kernel/libc.js';
import { LocalAddresses } from './kernel/local-address.js';
import type { Received } from './kernel/receive-ring.js';
import { KernelUdpSocket } from './kernel/udp-socket.js';
import { SendPace } from './send-pace.js';
import type { OpenedSipTransport, OpenSipTransport, SipPath } from './sip-transport.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** of first sends over all peers; copies of a request (timer E) come beside it */
const MAX_PER_SECOND = 2_000;
/** RFC 5626 3.5.1 */
const KEEP_ALIVE_BYTES = 4;

export interface SipUdpHubOptions {
  maxPerSecond?: number;
  scheduler?: Scheduler;
}

/**
 * SIP over UDP with any number of peers on one socket a family and source address, with kernel receive stamps. It serves the
 * exchanges of one request (OPTIONS): 10,000 of them need one socket, not 10,000. What comes is led to the path of its source
 * address and port; a datagram of anybody else is counted and dropped.
 */
export class SipUdpHub {
  private readonly sockets = new Map<string, KernelUdpSocket>();
  private readonly paths = new Map<string, Set<HubPath>>();
  private readonly buffer = pinned(MAX_MESSAGE_BYTES);
  private readonly pace: SendPace;
  private readonly localAddresses: LocalAddresses;
  private closed = false;
  /** datagrams from addresses that we had not asked */
  unknownSource = 0;

  /** @returns nothing where the machine has no kernel-stamped sockets: then each request opens its own, see `openSipUdp` */
  static whereSupported(options?: SipUdpHubOptions): SipUdpHub | undefined {
    return isSupported ? new SipUdpHub(options) : undefined;
  }

  constructor({ maxPerSecond = MAX_PER_SECOND, scheduler = systemScheduler }: SipUdpHubOptions = {}) {
    this.pace = new SendPace(maxPerSecond, scheduler);
    this.localAddresses = new LocalAddresses(scheduler);
  }

  /** Waits for its turn to send. @returns the failure when this machine has no kernel-stamped sockets or no route */
  open(path: SipPath): MaybePromise<OpenedSipTransport> {
    return whenKnown(this.pace.turn(), () => (this.closed || path.signal?.aborted ? err('aborted') : this.openNow(path)));
  }

  close(): void {
    this.closed = true;
    this.pace.release();
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.paths.clear();
  }

  private openNow(path: SipPath): OpenedSipTransport {
    const localAddress = path.source ?? this.localAddresses.towards(path.address);
    if (!localAddress) return err('no-route');
    const socket = this.socketFor(path.source ?? (familyOf(path.address) === 4 ? '0.0.0.0' : '::'));
    if (!socket) return err('no-route');
    const key = keyOf(canonicalAddress(path.address), path.port);
    const opened = new HubPath(path, localAddress, socket.port, {
      send: (message) => this.send(socket, message, path),
      close: () => this.forget(key, opened),
    });
    this.paths.set(key, (this.paths.get(key) ?? new Set()).add(opened));
    socket.ref();
    return ok(opened);
  }

  private socketFor(address: string): KernelUdpSocket | undefined {
    const known = this.sockets.get(address);
    if (known) return known;
    const opened = KernelUdpSocket.open(
      { address, port: 0, receiveBufferBytes: 4 * 1024 * 1024, stampSends: true },
      { datagram: (received, arrivalMs) => this.received(received, arrivalMs), error: (received) => this.refused(received) },
    );
    if (!opened.ok) return undefined;
    opened.value.unref();
    this.sockets.set(address, opened.value);
    return opened.value;
  }

  private send(socket: KernelUdpSocket, message: Uint8Array, path: SipPath): { leftMs: number; failure?: TransportFailure } {
    this.buffer.set(message.subarray(0, MAX_MESSAGE_BYTES));
    const length = Math.min(message.length, MAX_MESSAGE_BYTES);
    const { errno, leftMs } = socket.sendStamped(this.buffer, length, path.address, path.port);
    // a full buffer is a lost datagram: the transaction asks again
    if (errno === 0 || errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS) return { leftMs };
    return { leftMs, failure: failureOf(errno) };
  }

  private received({ data, source, sourcePort }: Received, arrivalMs: number): void {
    if (data.length <= KEEP_ALIVE_BYTES) return;
    const paths = this.paths.get(keyOf(source, sourcePort));
    if (!paths) {
      this.unknownSource++;
      return;
    }
    const message = parseSipMessage(data);
    for (const path of paths) {
      if (message.ok) path.path.onMessage(message.value, arrivalMs);
      else path.malformed++;
    }
  }

  private refused({ source, sourcePort, error }: Received): void {
    if (!error) return;
    for (const { path } of this.paths.get(keyOf(source, sourcePort)) ?? []) path.onFailure(failureOf(error.errno));
  }

  private forget(key: string, path: HubPath): void {
    const paths = this.paths.get(key);
    paths?.delete(path);
    if (paths?.size === 0) this.paths.delete(key);
    if (this.paths.size === 0) for (const socket of this.sockets.values()) socket.unref();
  }
}

class HubPath implements OpenSipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  malformed = 0;
  private open = true;

  constructor(
    readonly path: SipPath,
    readonly localAddress: string,
    readonly localPort: number,
    private readonly hub: { send(message: Uint8Array): { leftMs: number; failure?: TransportFailure }; close(): void },
  ) {}

  /** @returns when it left, by the kernel */
  send(message: Uint8Array): number | undefined {
    if (!this.open) return undefined;
    const { leftMs, failure } = this.hub.send(message);
    if (!failure) return leftMs;
    // never inside `send`: a transaction that is just being made could not be ended yet
    queueMicrotask(() => {
      if (this.open) this.path.onFailure(failure);
    });
    return undefined;
  }

  /** The hub's socket keeps the process alive only while some path is open. */
  unref(): void {}

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.hub.close();
  }
}

const keyOf = (address: string, port: number): string => `${address} ${port}`;

const failureOf = (errno: number): TransportFailure =>
  errno === ERRNO.ECONNREFUSED ? 'refused' : errno === ERRNO.EHOSTUNREACH || errno === ERRNO.ENETUNREACH ? 'no-route' : 'closed';
