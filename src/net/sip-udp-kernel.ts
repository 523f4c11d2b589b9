import { parseSipMessage } from '../protocols/sip/message.js';
import { markSource } from '../protocols/sip/via-source.js';
import { canonicalAddress, ERRNO, isSupported, pinned } from './kernel/libc.js';
import { localAddressFor } from './kernel/local-address.js';
import type { Received } from './kernel/receive-ring.js';
import { KernelUdpSocket, type KernelUdpEvents } from './kernel/udp-socket.js';
import { isKeepAlive, type OpenSipTransport, type SipPath, transportFailureOf } from './sip-transport.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
const RECEIVE_BUFFER_BYTES = 256 * 1024;
/** One for all calls: the kernel has copied it when `send` returns. */
let outgoing: Buffer | undefined;

/**
 * SIP over UDP with one peer, on a socket that is not connected: RFC 3261 section 18.2.2 lets a device answer from any port of
 * its own, and some do. What comes from another address is dropped; "port unreachable" comes by the error queue (IP_RECVERR).
 *
 * @returns nothing where this machine, or the local end that was asked for, gives no such socket
 */
export function openKernelSipUdp(path: SipPath): OpenSipTransport | undefined {
  // an address with a zone (fe80::1%eth0) is beyond our reading of addresses
  if (!isSupported || path.address.includes('%')) return undefined;
  const localAddress = path.source ?? localAddressFor(path.address);
  if (localAddress === undefined) return undefined;
  const ear: { transport?: KernelSipUdp } = {};
  const socket = bind(localAddress, path.localPort ?? 0, {
    datagram: (received) => ear.transport?.receive(received),
    error: (received) => ear.transport?.refused(received),
  });
  ear.transport = socket && new KernelSipUdp(path, localAddress, socket);
  return ear.transport;
}

/** The port is a wish: another one is better than no call. */
function bind(address: string, port: number, events: KernelUdpEvents): KernelUdpSocket | undefined {
  const opened = KernelUdpSocket.open({ address, port, receiveBufferBytes: RECEIVE_BUFFER_BYTES }, events);
  if (opened.ok) return opened.value;
  return port === 0 ? undefined : bind(address, 0, events);
}

class KernelSipUdp implements OpenSipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly localPort: number;
  readonly remoteAddress: string;
  malformed = 0;
  answeredFromPort?: number;
  private open = true;
  private readonly peer: string;

  constructor(
    private readonly path: SipPath,
    readonly localAddress: string,
    private readonly socket: KernelUdpSocket,
  ) {
    this.peer = canonicalAddress(path.address);
    this.remoteAddress = path.address;
    this.localPort = socket.port;
  }

  send(message: Uint8Array, port = this.path.port): void {
    if (!this.open) return;
    const buffer = (outgoing ??= pinned(MAX_MESSAGE_BYTES));
    const bytes = message.subarray(0, MAX_MESSAGE_BYTES);
    buffer.set(bytes);
    const errno = this.socket.send(buffer, bytes.length, this.remoteAddress, port);
    // a full buffer is a lost datagram: the transaction asks again
    if (errno === 0 || errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS) return;
    // never inside `send`: a transaction that is just being made could not be ended yet
    queueMicrotask(() => this.failed(errno));
  }

  unref(): void {
    this.socket.unref();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.close();
  }

  receive({ data, source, sourcePort }: Received): void {
    if (!this.open || source !== this.peer || isKeepAlive(data)) return;
    const message = parseSipMessage(data);
    if (!message.ok) {
      this.malformed++;
      return;
    }
    if (message.value.kind === 'request') markSource(message.value, { address: source, port: sourcePort });
    else if (sourcePort !== this.path.port) this.answeredFromPort = sourcePort;
    this.path.onMessage(message.value);
  }

  /** Only of the port that we were told to address: a Contact that leads nowhere is not a device that refuses. */
  refused({ source, sourcePort, error }: Received): void {
    if (!error || source !== this.peer || sourcePort !== this.path.port) return;
    // "fragmentation needed": the next copy goes out in fragments
    if (error.errno !== ERRNO.EMSGSIZE) this.failed(error.errno);
  }

  private failed(errno: number): void {
    if (this.open) this.path.onFailure(transportFailureOf(errno));
  }
}
