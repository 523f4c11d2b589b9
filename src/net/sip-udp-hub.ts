import { type Scheduler, systemScheduler } from '../common/clock.js';
import { type MaybePromise, whenKnown } from '../common/maybe-promise.js';
import { err, ok } from '../common/result.js';
import { parseSipMessage } from '../protocols/sip/message.js';
import { canonicalAddress, familyOf, isSupported } from './kernel/libc.js';
import { LocalAddresses } from './kernel/local-address.js';
import type { Received } from './kernel/receive-ring.js';
import { KernelUdpSocket } from './kernel/udp-socket.js';
import { SendPace } from './send-pace.js';
import { HubPath, HubSocket } from './sip-hub-path.js';
import { isKeepAlive, type OpenedSipTransport, type SipPath, transportFailureOf } from './sip-transport.js';

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
  private readonly sockets = new Map<string, HubSocket>();
  /** by address: mostly one, some devices share one behind a NAT */
  private readonly paths = new Map<string, HubPath[]>();
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
    for (const { socket } of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.paths.clear();
  }

  private openNow(path: SipPath): OpenedSipTransport {
    const localAddress = path.source ?? this.localAddresses.towards(path.address);
    if (!localAddress) return err('no-route');
    const socket = this.socketFor(path.source ?? (familyOf(path.address) === 4 ? '0.0.0.0' : '::'));
    if (!socket) return err('no-route');
    const address = canonicalAddress(path.address);
    const opened = new HubPath(path, localAddress, socket, (closed) => this.forget(address, closed));
    const neighbours = this.paths.get(address);
    if (neighbours) neighbours.push(opened);
    else this.paths.set(address, [opened]);
    return ok(opened);
  }

  private socketFor(address: string): HubSocket | undefined {
    const known = this.sockets.get(address);
    if (known) return known;
    const opened = KernelUdpSocket.open(
      { address, port: 0, receiveBufferBytes: 4 * 1024 * 1024, stampSends: true },
      { datagram: (received, arrivalMs) => this.received(received, arrivalMs), error: (received) => this.refused(received) },
    );
    if (!opened.ok) return undefined;
    const socket = new HubSocket(opened.value);
    this.sockets.set(address, socket);
    return socket;
  }

  private received({ data, source, sourcePort }: Received, arrivalMs: number): void {
    if (isKeepAlive(data)) return;
    const paths = this.paths.get(source);
    if (!paths) {
      this.unknownSource++;
      return;
    }
    const message = parseSipMessage(data);
    const asked = paths.filter(({ port }) => port === sourcePort);
    for (const path of asked) path.receive(message, arrivalMs);
    // whose rubbish it is from another port nobody can know
    if (asked.length === 0 && message.ok) for (const path of [...paths]) path.answered(message.value, arrivalMs, sourcePort);
  }

  private refused({ source, sourcePort, error }: Received): void {
    if (!error) return;
    const asked = this.paths.get(source)?.filter(({ port }) => port === sourcePort) ?? [];
    for (const { path } of asked) path.onFailure(transportFailureOf(error.errno));
  }

  private forget(address: string, path: HubPath): void {
    const paths = this.paths.get(address);
    if (!paths) return;
    // also out of a list that is dropped: V8 makes such lists old at once, and whatever hangs on them then waits for a great
    // collection (16 us a probe)
    paths.splice(paths.indexOf(path), 1);
    if (paths.length === 0) this.paths.delete(address);
  }
}
