import { err, ok, type Result } from '../../common/result.js';
import { type Family, ipv4Payload, ipv4Ttl } from '../../protocols/icmp/icmp-message.js';
import {
  AF,
  ERRNO,
  errno,
  ICMP6_FILTER,
  ICMP_FILTER,
  IP,
  IPPROTO,
  IPV6,
  isSupported,
  libc,
  pinned,
  PMTUDISC,
  SO,
  SOCK,
  SOL_RAW,
  SOL_SOCKET,
  writeSockaddr,
} from './libc.js';
import { ReadableWatch } from './readable-watch.js';
import { type Received, receiveRing } from './receive-ring.js';

export interface IcmpEvents {
  /** an ICMP message without its IP header */
  message(icmp: Buffer, received: Received): void;
  /** ping sockets: the error that came back for a request; `request` is what we had sent, as far as it was quoted */
  error(request: Buffer, error: NonNullable<Received['error']>, received: Received): void;
}

/** What one packet has that others have not. */
export interface PacketOptions {
  /** TTL or hop limit */
  ttl?: number;
  /** neither we nor a router may cut it: what does not fit is refused */
  dontFragment?: boolean;
}

export interface IcmpSocketOptions {
  prefer?: 'raw';
  /** an address of this machine from which everything is sent */
  source?: string;
}

export type SendFailure = 'no-route' | 'no-buffer' | 'too-big' | 'refused-here';

/** rmem_max caps it (208 KiB to 4 MiB): a burst to 10,000 targets must not overflow and read as loss of the line. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** Bit n set: ICMP type n is not delivered. A raw socket sees every ICMP of the machine, our own requests on loopback too. */
const WANTED_TYPES_4 = [0, 3, 11];
const WANTED_TYPES_6 = [129, 1, 2, 3];
const NO_OPTIONS: PacketOptions = {};
const TAKEN = ok(undefined);
/** gives the choice back to the system */
const DEFAULT_TTL = -1;

/**
 * One ICMP socket for all targets of a family, with kernel receive stamps. The ping socket needs no privilege where
 * `net.ipv4.ping_group_range` covers our group; otherwise a raw socket needs CAP_NET_RAW. One socket for everything, since
 * every raw socket gets a copy of every reply: N sockets cost N copies, and the overflow reads as loss.
 */
export class IcmpSocket {
  private readonly watch: ReadableWatch;
  private readonly sockaddr = pinned(32);
  private readonly option = pinned(128);

  private constructor(
    private readonly fd: number,
    readonly family: Family,
    /** a ping socket: the kernel chooses the identifier and delivers only our own replies */
    readonly unprivileged: boolean,
    private readonly events: IcmpEvents,
  ) {
    this.setInt(SOL_SOCKET, SO.timestampns, 1);
    this.setInt(SOL_SOCKET, SO.rxqOvfl, 1);
    this.setInt(SOL_SOCKET, SO.rcvbuf, RECEIVE_BUFFER_BYTES);
    if (family === 4) this.setInt(IPPROTO.ip, IP.recvTtl, 1);
    else this.setInt(IPPROTO.ipv6, IPV6.recvHopLimit, 1);
    if (!unprivileged) this.filterTypes();
    else if (family === 4) this.setInt(IPPROTO.ip, IP.recvErr, 1);
    else this.setInt(IPPROTO.ipv6, IPV6.recvErr, 1);
    this.watch = new ReadableWatch(fd, () => this.receive());
    this.watch.setReferenced(false);
  }

  /** @returns why not, in words that name the fix */
  static open(family: Family, events: IcmpEvents, { prefer, source }: IcmpSocketOptions = {}): Result<IcmpSocket> {
    if (!isSupported) return err(`kernel time stamps are built for 64-bit Linux, this is ${process.platform} ${process.arch}`);
    const domain = family === 4 ? AF.inet : AF.inet6;
    const protocol = family === 4 ? IPPROTO.icmp : IPPROTO.icmpv6;
    const types = prefer === 'raw' ? [SOCK.raw] : [SOCK.dgram, SOCK.raw];
    for (const type of types) {
      const fd = libc().socket(domain, type | SOCK.nonblock | SOCK.cloexec, protocol);
      if (fd < 0) continue;
      if (source === undefined || bound(fd, source)) return ok(new IcmpSocket(fd, family, type === SOCK.dgram, events));
      libc().close(fd);
      return err(`${source} is not an address of this machine`);
    }
    return err(`no ICMP socket (errno ${errno()}): give CAP_NET_RAW, or let net.ipv4.ping_group_range cover this group`);
  }

  /** Keeps the process alive while answers are awaited, and not longer. */
  setWaiting(waiting: boolean): void {
    this.watch.setReferenced(waiting);
  }

  send(message: Buffer, length: number, address: string, options: PacketOptions = NO_OPTIONS): Result<undefined, SendFailure> {
    const addressLength = writeSockaddr(this.sockaddr, address);
    this.setPacketOptions(options);
    // what the network said of an earlier request, perhaps to another target, comes back once as the result of this send,
    // which is then not made; the error queue tells whose it is
    const code = this.sendOnce(message, length, addressLength) && this.sendOnce(message, length, addressLength);
    this.unsetPacketOptions(options);
    return code === 0 ? TAKEN : err(sendFailure(code));
  }

  close(): void {
    this.watch.close();
    libc().close(this.fd);
  }

  /** Takes what waits; also called between many sends, since loopback answers fill the buffer faster than the loop comes round. */
  receive(): void {
    if (this.unprivileged) {
      receiveRing().drainErrors(this.fd, (received) => {
        if (received.error) this.events.error(received.data, received.error, received);
      });
    }
    receiveRing().drain(this.fd, (received) => {
      if (this.family === 6 || this.unprivileged) {
        this.events.message(received.data, received);
        return;
      }
      const icmp = ipv4Payload(received.data) as Buffer | null;
      const { data, source, sourcePort, stampNs } = received;
      if (icmp) this.events.message(icmp, { data, source, sourcePort, stampNs, ttl: ipv4Ttl(data) });
    });
  }

  private sendOnce(message: Buffer, length: number, addressLength: number): number {
    return libc().sendto(this.fd, message, length, 0, this.sockaddr, addressLength) >= 0 ? 0 : errno();
  }

  /** Options of the socket and not control messages: IPv6 ping sockets pay no heed to those before Linux 5.18. */
  private setPacketOptions({ ttl, dontFragment }: PacketOptions): void {
    if (ttl !== undefined) this.setTtl(ttl);
    if (dontFragment) this.setDontFragment(true);
  }

  private unsetPacketOptions({ ttl, dontFragment }: PacketOptions): void {
    if (ttl !== undefined) this.setTtl(DEFAULT_TTL);
    if (dontFragment) this.setDontFragment(false);
  }

  private setTtl(ttl: number): void {
    if (this.family === 4) this.setInt(IPPROTO.ip, IP.ttl, ttl);
    else this.setInt(IPPROTO.ipv6, IPV6.unicastHops, ttl);
  }

  private setDontFragment(wanted: boolean): void {
    const discover = wanted ? PMTUDISC.probe : PMTUDISC.want;
    if (this.family === 4) return this.setInt(IPPROTO.ip, IP.mtuDiscover, discover);
    this.setInt(IPPROTO.ipv6, IPV6.mtuDiscover, discover);
    this.setInt(IPPROTO.ipv6, IPV6.dontFragment, wanted ? 1 : 0);
  }

  private filterTypes(): void {
    if (this.family === 4) {
      this.option.writeUInt32LE(~WANTED_TYPES_4.reduce((mask, type) => mask | (1 << type), 0) >>> 0, 0);
      libc().setsockopt(this.fd, SOL_RAW, ICMP_FILTER, this.option, 4);
      return;
    }
    // struct icmp6_filter: 256 bits, set = blocked
    this.option.fill(0xff, 0, 32);
    for (const type of WANTED_TYPES_6) {
      const word = (type >> 5) * 4;
      this.option.writeUInt32LE((this.option.readUInt32LE(word) & ~(1 << (type & 31))) >>> 0, word);
    }
    libc().setsockopt(this.fd, IPPROTO.icmpv6, ICMP6_FILTER, this.option, 32);
  }

  private setInt(level: number, name: number, value: number): void {
    this.option.writeInt32LE(value, 0);
    libc().setsockopt(this.fd, level, name, this.option, 4);
  }
}

function bound(fd: number, source: string): boolean {
  const name = pinned(32);
  return libc().bind(fd, name, writeSockaddr(name, source)) === 0;
}

function sendFailure(code: number): SendFailure {
  if (code === ERRNO.ENETUNREACH || code === ERRNO.EHOSTUNREACH) return 'no-route';
  if (code === ERRNO.EMSGSIZE) return 'too-big';
  return code === ERRNO.EAGAIN || code === ERRNO.ENOBUFS ? 'no-buffer' : 'refused-here';
}
