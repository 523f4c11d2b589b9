import koffi from 'koffi';

/**
 * The few calls of libc that Node does not offer, through koffi (no compiler at install). Linux on 64 bits only: structures
 * are laid out by hand, since that costs no allocation per packet.
 *
 * Two traps met in measuring: a Buffer of 64 bytes or less lives on the V8 heap and moves, and a buffer of which only the
 * address is held is collected. So memory whose address goes to the kernel comes from `pinned` and stays referenced.
 */

export const AF = { inet: 2, inet6: 10 } as const;
export const SOCK = { dgram: 2, raw: 3, nonblock: 0o4000, cloexec: 0o2000000 } as const;
export const IPPROTO = { ip: 0, icmp: 1, ipv6: 41, icmpv6: 58 } as const;
export const SOL_SOCKET = 1;
export const SO = { rcvbuf: 8, timestampns: 35, timestamping: 37, rxqOvfl: 40 } as const;
/** SO_TIMESTAMPING: stamp what leaves in software, report it, without a copy of the datagram (SOF_TIMESTAMPING_OPT_TSONLY) */
export const STAMP_SENDS = (1 << 1) | (1 << 4) | (1 << 11);
/** with it (SOF_TIMESTAMPING_OPT_ID) each report carries the number of its datagram, counted from 0 since the option was set */
export const NUMBER_SENDS = 1 << 7;
export const IP = { ttl: 2, recvErr: 11, recvTtl: 12, mtuDiscover: 10 } as const;
export const IPV6 = { unicastHops: 16, recvErr: 25, recvHopLimit: 51, hopLimit: 52, mtuDiscover: 23, dontFragment: 62 } as const;
/** values of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER; `probe`: never fragment, and do not mind what was learnt of the path */
export const PMTUDISC = { want: 1, probe: 3 } as const;
export const SOL_RAW = 255;
export const ICMP_FILTER = 1;
export const ICMP6_FILTER = 1;
export const ERRNO = {
  EPERM: 1,
  EAGAIN: 11,
  EACCES: 13,
  ENETUNREACH: 101,
  EHOSTUNREACH: 113,
  ENOBUFS: 105,
  EMSGSIZE: 90,
  ECONNREFUSED: 111,
} as const;
export const CLOCK_REALTIME = 0;

interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  close(fd: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number;
  bind(fd: number, address: Buffer, length: number): number;
  connect(fd: number, address: Buffer, length: number): number;
  sendto(fd: number, data: Buffer, length: number, flags: number, address: Buffer, addressLength: number): number;
  recvmmsg(fd: number, messages: Buffer, count: number, flags: number, timeout: null): number;
  sendmmsg(fd: number, messages: Buffer, count: number, flags: number): number;
  getsockname(fd: number, into: Buffer, length: Buffer): number;
  clock_gettime(clock: number, into: Buffer): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Buffer): number;
  epoll_pwait2(epoll: number, events: Buffer, most: number, timeout: Buffer, signals: null): number;
  adjtimex(state: Buffer): number;
  sched_setscheduler(thread: number, policy: number, parameters: Buffer): number;
  prctl(option: number, value: number, third: number, fourth: number, fifth: number): number;
}

let loaded: Libc | undefined;

/** @throws where libc cannot be loaded: ask `isSupported` first */
export function libc(): Libc {
  if (loaded) return loaded;
  const library = koffi.load('libc.so.6');
  loaded = {
    socket: library.func('int socket(int, int, int)') as Libc['socket'],
    close: library.func('int close(int)') as Libc['close'],
    setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)') as Libc['setsockopt'],
    adjtimex: library.func('int adjtimex(void *)') as Libc['adjtimex'],
    bind: library.func('int bind(int, void *, uint32_t)') as Libc['bind'],
    connect: library.func('int connect(int, void *, uint32_t)') as Libc['connect'],
    sendto: library.func('int64_t sendto(int, void *, uint64_t, int, void *, uint32_t)') as Libc['sendto'],
    recvmmsg: library.func('int recvmmsg(int, void *, uint32_t, int, void *)') as Libc['recvmmsg'],
    sendmmsg: library.func('int sendmmsg(int, void *, uint32_t, int)') as Libc['sendmmsg'],
    getsockname: library.func('int getsockname(int, void *, void *)') as Libc['getsockname'],
    epoll_create1: library.func('int epoll_create1(int)') as Libc['epoll_create1'],
    epoll_ctl: library.func('int epoll_ctl(int, int, int, void *)') as Libc['epoll_ctl'],
    epoll_pwait2: library.func('int epoll_pwait2(int, void *, int, void *, void *)') as Libc['epoll_pwait2'],
    sched_setscheduler: library.func('int sched_setscheduler(int, int, void *)') as Libc['sched_setscheduler'],
    prctl: library.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)') as Libc['prctl'],
    clock_gettime: library.func('int clock_gettime(int, void *)') as Libc['clock_gettime'],
  };
  return loaded;
}

/** 64-bit Linux whose libc has what is needed (epoll_pwait2: glibc 2.35). */
export const isSupported = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64') && loads();

function loads(): boolean {
  try {
    libc();
    return true;
  } catch {
    return false;
  }
}

export const errno = (): number => koffi.errno();

/** Memory that neither moves nor is shared with a pool, for as long as the caller holds it. */
export const pinned = (bytes: number): Buffer => Buffer.allocUnsafeSlow(Math.max(bytes, 128)).fill(0);
export const addressOf = (buffer: Buffer): bigint => koffi.address(buffer);

const SCHED_RR = 2;
/** what this thread starts is of normal priority again */
const SCHED_RESET_ON_FORK = 0x40000000;
const PR_SET_TIMERSLACK = 29;

/**
 * Puts this thread before all of normal priority (SCHED_RR, the least of its priorities): for one that sleeps most of the time
 * and has to be on time. The kernel leaves the others 5 % in any case (sched_rt_runtime_us).
 *
 * @returns false where that is not allowed: it takes CAP_SYS_NICE, or RLIMIT_RTPRIO of 1
 */
export function runInRealTime(): boolean {
  const priority = pinned(4);
  priority.writeInt32LE(1, 0);
  return libc().sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, priority) === 0;
}

/** How much later than asked the kernel may end this thread's waits, to join them with others'. */
export const setTimerSlack = (ns: number): void => void libc().prctl(PR_SET_TIMERSLACK, ns, 0, 0, 0);

const timespec = pinned(16);

/** The second that stamps count from: as a difference they fit a double to the nanosecond for a hundred days of running. */
let baseS: number | undefined;

/** A struct timespec of CLOCK_REALTIME as nanoseconds since this process began to count. No bigint: it is read for every packet. */
export function stampNs(memory: Buffer, at: number): number {
  const seconds = memory.readUInt32LE(at);
  baseS ??= seconds;
  return (seconds - baseS) * 1e9 + memory.readUInt32LE(at + 8);
}

/** Now, by the clock of SO_TIMESTAMPNS: two stamps can be subtracted. */
export function realtimeNs(): number {
  libc().clock_gettime(CLOCK_REALTIME, timespec);
  return stampNs(timespec, 0);
}

/** struct sockaddr_in / sockaddr_in6 for a numeric address */
export function writeSockaddr(into: Buffer, address: string, port = 0): number {
  into.fill(0, 0, 28);
  if (familyOf(address) === 4) {
    into.writeUInt16LE(AF.inet, 0);
    into.writeUInt16BE(port, 2);
    into.writeUInt32BE(ipv4Number(address), 4);
    return 16;
  }
  into.writeUInt16LE(AF.inet6, 0);
  into.writeUInt16BE(port, 2);
  ipv6Bytes(address).forEach((byte, i) => into.writeUInt8(byte, 8 + i));
  return 28;
}

/** No array, no regular expression: it is read for every packet. */
function ipv4Number(address: string): number {
  let number = 0;
  let part = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === DOT) {
      number = number * 256 + part;
      part = 0;
    } else part = part * 10 + (code - DIGIT_ZERO);
  }
  return (number * 256 + part) >>> 0;
}

const DOT = 0x2e;
const DIGIT_ZERO = 0x30;

export const portOf = (sockaddr: Buffer): number => sockaddr.readUInt16BE(2);

export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

/** The text of the address in a sockaddr; '' for a family that we do not know. */
export function readSockaddr(from: Buffer): string {
  const family = from.readUInt16LE(0);
  if (family === AF.inet) return `${from[4]}.${from[5]}.${from[6]}.${from[7]}`;
  if (family !== AF.inet6) return '';
  const groups = Array.from({ length: 8 }, (_, i) => from.readUInt16BE(8 + 2 * i).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** As `readSockaddr` writes it: what somebody typed may be spelled otherwise (2001:DB8:0::1). */
export const canonicalAddress = (address: string): string =>
  familyOf(address) === 4 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);

function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = canonicalAddress(address).split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}
