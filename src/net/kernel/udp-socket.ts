import { err, ok, type Result } from '../../common/result.js';
import {
  AF,
  ERRNO,
  errno,
  familyOf,
  IP,
  IPPROTO,
  IPV6,
  isSupported,
  libc,
  NUMBER_SENDS,
  pinned,
  portOf,
  SO,
  SOCK,
  SOL_SOCKET,
  STAMP_SENDS,
  writeSockaddr,
} from './libc.js';
import { type ClockPair, monotonicOf, readClocks } from './clocks.js';
import { ReadableWatch } from './readable-watch.js';
import { type Received, receiveRing } from './receive-ring.js';
import { type Outgoing, type SentMany, sendRing } from './send-ring.js';
import { SendStamps, type StampedOutgoing } from './send-stamps.js';

export interface KernelUdpOptions {
  address: string;
  /** 0: any free port */
  port: number;
  receiveBufferBytes?: number;
  /** reads when Node's loop says so (default); otherwise the owner waits for `fd` and calls `receive` */
  watch?: boolean;
  /** the kernel says when each datagram left; for `sendStamped` */
  stampSends?: boolean;
}

export interface KernelUdpEvents {
  /** `arrivalMs` on the monotonic clock of performance.now(), taken back from the kernel's stamp */
  datagram(received: Received, arrivalMs: number): void;
  /** what the network said of an earlier send, with the address it was sent to */
  error(received: Received): void;
}

const NETWORK_ERRORS: ReadonlySet<number> = new Set([ERRNO.ECONNREFUSED, ERRNO.EHOSTUNREACH, ERRNO.ENETUNREACH, ERRNO.EMSGSIZE]);
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
/** What `send` sent, of which nobody asks when it left. */
const UNASKED: readonly StampedOutgoing[] = [{ data: Buffer.alloc(0), address: '', port: 0 }];

/** A UDP socket with kernel receive stamps and with the network's errors per destination (IP_RECVERR), for any number of peers. */
export class KernelUdpSocket {
  readonly address: string;
  readonly port: number;
  private readonly watch: ReadableWatch | null;
  private readonly sockaddr = pinned(32);
  private readonly option = pinned(128);
  private readonly stamps?: SendStamps;
  private open = true;

  private constructor(
    readonly fd: number,
    { address, receiveBufferBytes = RECEIVE_BUFFER_BYTES, watch = true, stampSends = false }: KernelUdpOptions,
    private readonly events: KernelUdpEvents,
  ) {
    this.address = address;
    this.setInt(SOL_SOCKET, SO.timestampns, 1);
    this.setInt(SOL_SOCKET, SO.rxqOvfl, 1);
    this.setInt(SOL_SOCKET, SO.rcvbuf, receiveBufferBytes);
    if (familyOf(address) === 4) this.setInt(IPPROTO.ip, IP.recvErr, 1);
    else this.setInt(IPPROTO.ipv6, IPV6.recvErr, 1);
    if (stampSends) this.stamps = new SendStamps(() => this.numberSends());
    this.port = this.boundPort();
    this.watch = watch ? new ReadableWatch(fd, () => this.receive()) : null;
  }

  static open(options: KernelUdpOptions, events: KernelUdpEvents): Result<KernelUdpSocket> {
    if (!isSupported) return err(`kernel time stamps are built for 64-bit Linux, this is ${process.platform} ${process.arch}`);
    const domain = familyOf(options.address) === 4 ? AF.inet : AF.inet6;
    const fd = libc().socket(domain, SOCK.dgram | SOCK.nonblock | SOCK.cloexec, 0);
    if (fd < 0) return err(`no UDP socket (errno ${errno()})`);
    const name = pinned(32);
    const length = writeSockaddr(name, options.address, options.port);
    if (libc().bind(fd, name, length) === 0) return ok(new KernelUdpSocket(fd, options, events));
    const code = errno();
    libc().close(fd);
    return err(`cannot bind ${options.address}:${options.port} (errno ${code})`);
  }

  /** @returns the errno of the kernel, 0 when it took the datagram */
  send(data: Buffer, length: number, address: string, port: number): number {
    if (!this.open) return 0;
    this.stamps?.settle();
    const addressLength = writeSockaddr(this.sockaddr, address, port);
    let code = this.sendOnce(data, length, addressLength);
    // what the network said of an earlier send, perhaps to another peer, comes back once as the result of this one, which is
    // then not made; the error queue tells whose it is
    const again = NETWORK_ERRORS.has(code);
    if (again) code = this.sendOnce(data, length, addressLength);
    this.stamps?.count(UNASKED, { sent: code === 0 ? 1 : 0, errno: code, again });
    return code;
  }

  /** Many datagrams with one system call. They go in order until the kernel refuses one. */
  sendMany(batch: readonly Outgoing[]): SentMany {
    if (!this.open) return { sent: batch.length, errno: 0, again: false };
    this.stamps?.settle();
    const result = sendRing().send(this.fd, batch, (code) => NETWORK_ERRORS.has(code));
    this.stamps?.count(batch, result);
    return result;
  }

  /**
   * As `sendMany`, for round trips that are to be measured: notes `leftMs` in each. We may be put aside between reading a clock
   * and the kernel's work: of 600 sends on a busy machine 1 % took over 1 ms, nearly all of it before the datagram left. A stamp
   * that is late (of a driver with a queue) is noted as it comes, before what it brought back is handed out.
   */
  sendStamped(batch: readonly StampedOutgoing[]): SentMany {
    const beforeMs = performance.now();
    for (const one of batch) one.leftMs = beforeMs;
    const result = this.sendMany(batch);
    if (this.stamps && this.open) this.drainErrors((received) => this.tellLater(received), readClocks());
    return result;
  }

  ref(): void {
    if (this.open) this.watch?.setReferenced(true);
  }

  unref(): void {
    if (this.open) this.watch?.setReferenced(false);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.watch?.close();
    libc().close(this.fd);
  }

  /** @param failed false where the owner knows that the network reported no error: one system call less */
  receive(failed = true): void {
    if (failed) this.drainErrors((received) => this.events.error(received), readClocks());
    const now = readClocks();
    receiveRing().drain(this.fd, (received) => {
      if (this.open) this.events.datagram(received, monotonicOf(received.stampNs, now) ?? now.monotonicMs);
    });
  }

  private drainErrors(onError: (received: Received) => void, now: ClockPair): void {
    receiveRing().drainErrors(this.fd, (received) => {
      if (received.left === undefined) onError(received);
      else this.stamps?.take(received.left, received.stampNs, now);
    });
  }

  /** Never out of a send. */
  private tellLater(received: Received): void {
    const copy = { ...received, data: Buffer.from(received.data) };
    queueMicrotask(() => {
      if (this.open) this.events.error(copy);
    });
  }

  private sendOnce(data: Buffer, length: number, addressLength: number): number {
    return libc().sendto(this.fd, data, length, 0, this.sockaddr, addressLength) >= 0 ? 0 : errno();
  }

  /** Setting the number's option while it is set changes nothing. */
  private numberSends(): void {
    this.setInt(SOL_SOCKET, SO.timestamping, STAMP_SENDS);
    this.setInt(SOL_SOCKET, SO.timestamping, STAMP_SENDS | NUMBER_SENDS);
  }

  private boundPort(): number {
    const name = pinned(32);
    const length = pinned(4);
    length.writeUInt32LE(32, 0);
    libc().getsockname(this.fd, name, length);
    return portOf(name);
  }

  private setInt(level: number, name: number, value: number): void {
    this.option.writeInt32LE(value, 0);
    libc().setsockopt(this.fd, level, name, this.option, 4);
  }
}
