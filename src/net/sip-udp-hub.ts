import { type Scheduler, systemScheduler } from '../common/clock.js';
import { type MaybePromise, whenKnown } from '../common/maybe-promise.js';
import { err, ok, type Result } from '../common/result.js';
import { parseSipMessage, type SipMessage } from '../protocols/sip/message.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import { canonicalAddress, ERRNO, familyOf, isSupported, pinned } from './kernel/libc.js';
import { LocalAddresses } from './kernel/local-address.js';
import type { Received } from './kernel/receive-ring.js';
import { KernelUdpSocket } from './kernel/udp-socket.js';
import { SendPace } from './send-pace.js';
import {
  isKeepAlive,
  type OpenedSipTransport,
  type OpenSipTransport,
  type SipPath,
  transportFailureOf,
} from './sip-transport.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
/** of first sends over all peers; copies of a request (timer E) come beside it */
const MAX_PER_SECOND = 2_000;

export interface SipUdpHubOptions {
  maxPerSecond?: number;
  scheduler?: Scheduler;
}

/**
 * SIP over UDP with any number of peers on one socket a family and source address, with kernel receive stamps. It serves the
 * exchanges of one request (OPTIONS): 10,000 of them need one socket, not 10,000. What comes is led to the path of its source
 * address and port; a device may answer from another port of its own (RFC 3261 section 18.2.2), and is then known by the
 * Call-ID. A datagram of anybody else is counted and dropped.
 */
export class SipUdpHub {
  private readonly sockets = new Map<string, KernelUdpSocket>();
  /** by address, then by port */
  private readonly paths = new Map<string, Map<number, Set<HubPath>>>();
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
    const address = canonicalAddress(path.address);
    const opened = new HubPath(path, localAddress, socket.port, {
      send: (message) => this.send(socket, message, path),
      close: () => this.forget(address, opened),
    });
    const ports = this.paths.get(address) ?? new Map<number, Set<HubPath>>();
    ports.set(path.port, (ports.get(path.port) ?? new Set()).add(opened));
    this.paths.set(address, ports);
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
    return { leftMs, failure: transportFailureOf(errno) };
  }

  private received({ data, source, sourcePort }: Received, arrivalMs: number): void {
    if (isKeepAlive(data)) return;
    const ports = this.paths.get(source);
    if (!ports) {
      this.unknownSource++;
      return;
    }
    const message = parseSipMessage(data);
    const asked = ports.get(sourcePort);
    if (asked) for (const path of asked) path.receive(message, arrivalMs);
    // whose rubbish it is from another port nobody can know
    else if (message.ok)
      for (const paths of ports.values()) for (const path of paths) path.answered(message.value, arrivalMs, sourcePort);
  }

  private refused({ source, sourcePort, error }: Received): void {
    if (!error) return;
    for (const { path } of this.paths.get(source)?.get(sourcePort) ?? []) path.onFailure(transportFailureOf(error.errno));
  }

  private forget(address: string, path: HubPath): void {
    const ports = this.paths.get(address);
    const paths = ports?.get(path.path.port);
    paths?.delete(path);
    if (paths?.size === 0) ports?.delete(path.path.port);
    if (ports?.size === 0) this.paths.delete(address);
    if (this.paths.size === 0) for (const socket of this.sockets.values()) socket.unref();
  }
}

class HubPath implements OpenSipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly remoteAddress: string;
  malformed = 0;
  answeredFromPort?: number;
  private lastSent?: Uint8Array;
  private open = true;

  constructor(
    readonly path: SipPath,
    readonly localAddress: string,
    readonly localPort: number,
    private readonly hub: { send(message: Uint8Array): { leftMs: number; failure?: TransportFailure }; close(): void },
  ) {
    this.remoteAddress = path.address;
  }

  receive(message: Result<SipMessage>, arrivalMs: number): void {
    if (message.ok) this.path.onMessage(message.value, arrivalMs);
    else this.malformed++;
  }

  /** From another port than the one we asked. The address may be that of several devices: it has to be our Call-ID. */
  answered(message: SipMessage, arrivalMs: number, fromPort: number): void {
    const callId = message.headers.get('Call-ID');
    if (message.kind !== 'response' || !callId || !this.lastSent) return;
    if (!Buffer.from(this.lastSent).includes(`\r\nCall-ID: ${callId}\r\n`)) return;
    this.answeredFromPort = fromPort;
    this.path.onMessage(message, arrivalMs);
  }

  /** @returns when it left, by the kernel */
  send(message: Uint8Array): number | undefined {
    if (!this.open) return undefined;
    this.lastSent = message;
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
