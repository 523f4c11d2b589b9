import {
  addressOf,
  ERRNO,
  errno,
  IP,
  IPPROTO,
  IPV6,
  libc,
  pinned,
  portOf,
  readSockaddr,
  SO,
  SOL_SOCKET,
  stampNs,
} from './libc.js';

export interface Received {
  /** valid until the next call of `drain` */
  data: Buffer;
  /** who sent it; from the error queue: to whom we had sent */
  source: string;
  sourcePort: number;
  /** when the datagram came, by the kernel's CLOCK_REALTIME (see `stampNs`); absent when the kernel gave none */
  stampNs?: number;
  /** TTL or hop limit of the datagram, where asked for */
  ttl?: number;
  /** datagrams this socket has dropped for want of buffer since it was made (SO_RXQ_OVFL) */
  drops?: number;
  /** from the error queue (IP_RECVERR): what the network said of an earlier send; `data` then is what we had sent; `info`: the next-hop MTU */
  error?: { errno: number; icmpType: number; icmpCode: number; info: number; from: string };
  /** from the error queue: no error, `stampNs` is when the datagram of ours with this number left (SO_TIMESTAMPING) */
  left?: number;
}

interface RingSize {
  messages: number;
  dataBytes: number;
}

/** SIP answers in fragments go beyond an MTU; what is longer than this is cut, and the parser says so */
const FOR_DATAGRAMS: RingSize = { messages: 64, dataBytes: 8192 };
/** an error quotes the beginning of what we had sent; 64 sends with one call leave as many reports */
const FOR_ERRORS: RingSize = { messages: 64, dataBytes: 2048 };
const NAME_BYTES = 32;
/** a stamp of 32 bytes, three of 64 in all, an error with an IPv6 address of 64, a count of 24 */
const CONTROL_BYTES = 256;
const MMSGHDR_BYTES = 64;
const IOVEC_BYTES = 16;
const CMSGHDR_BYTES = 16;
const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;
/** struct sock_extended_err: errno, origin, type, code, pad, info, data; the sockaddr of who said it follows */
const EXTENDED_ERROR_BYTES = 16;
const ORIGIN_AT = 4;
const ORIGIN_TIMESTAMPING = 4;
/** of a stamp: the number of the datagram */
const DATA_AT = 12;

let shared: ReceiveRing | undefined;

/** One a thread serves every socket: half a megabyte each would be 300 MB for the sockets of 150 calls. */
export const receiveRing = (): ReceiveRing => (shared ??= new ReceiveRing());

/** Errors have memory of their own, since they are also asked for while datagrams are being handed out: after a send. */
class ReceiveRing {
  private readonly datagrams = new MessageRing(FOR_DATAGRAMS);
  private readonly errors = new MessageRing(FOR_ERRORS);

  /** Hands out everything that waits. Bounded by `most`, so that a flood cannot hold the loop. */
  drain(fd: number, onDatagram: (received: Received) => void, most = 1024): void {
    this.datagrams.take(fd, onDatagram, MSG_DONTWAIT, most);
  }

  /** Hands out what the network said of earlier sends, and when they left. */
  drainErrors(fd: number, onError: (received: Received) => void, most = 1024): void {
    this.errors.take(fd, onError, MSG_DONTWAIT | MSG_ERRQUEUE, most);
  }
}

/**
 * Receives many messages with one recvmmsg, each with its kernel stamp. The memory is laid out once:
 *
 *   struct mmsghdr { name*, namelen, iov*, iovlen, control*, controllen, flags, len } (64 bytes on 64-bit Linux)
 */
class MessageRing {
  private readonly batch: number;
  private readonly dataBytes: number;
  private readonly headers: Buffer;
  private readonly iovecs: Buffer;
  private readonly names: Buffer;
  private readonly controls: Buffer;
  private readonly data: Buffer;
  /** views made once: each Buffer made for a packet is 100 ns and work for the collector */
  private readonly nameOf: Buffer[];
  private used = 0;
  private taking = false;

  constructor({ messages, dataBytes }: RingSize) {
    this.batch = messages;
    this.dataBytes = dataBytes;
    this.headers = pinned(messages * MMSGHDR_BYTES);
    this.iovecs = pinned(messages * IOVEC_BYTES);
    this.names = pinned(messages * NAME_BYTES);
    this.controls = pinned(messages * CONTROL_BYTES);
    this.data = pinned(messages * dataBytes);
    this.nameOf = Array.from({ length: messages }, (_, i) => this.names.subarray(i * NAME_BYTES, (i + 1) * NAME_BYTES));
    for (let i = 0; i < messages; i++) this.layOut(i);
  }

  /** Nothing while it is being emptied already: who asks out of `onMessage` would overwrite what is still to be read. */
  take(fd: number, onMessage: (received: Received) => void, flags: number, most: number): void {
    if (this.taking) return;
    this.taking = true;
    try {
      for (let taken = 0; taken < most;) {
        const count = this.receiveBatch(fd, flags);
        for (let i = 0; i < count; i++) onMessage(this.read(i));
        taken += count;
        if (count < this.batch) return;
      }
    } finally {
      this.taking = false;
    }
  }

  private layOut(i: number): void {
    const header = i * MMSGHDR_BYTES;
    this.iovecs.writeBigUInt64LE(addressOf(this.data) + BigInt(i * this.dataBytes), i * IOVEC_BYTES);
    this.iovecs.writeBigUInt64LE(BigInt(this.dataBytes), i * IOVEC_BYTES + 8);
    this.headers.writeBigUInt64LE(addressOf(this.names) + BigInt(i * NAME_BYTES), header);
    this.headers.writeBigUInt64LE(addressOf(this.iovecs) + BigInt(i * IOVEC_BYTES), header + 16);
    this.headers.writeBigUInt64LE(1n, header + 24);
    this.headers.writeBigUInt64LE(addressOf(this.controls) + BigInt(i * CONTROL_BYTES), header + 32);
    this.offerRoom(i);
  }

  private receiveBatch(fd: number, flags: number): number {
    // the kernel wrote what it used: give the room back
    for (let i = 0; i < this.used; i++) this.offerRoom(i);
    let count = libc().recvmmsg(fd, this.headers, this.batch, flags, null);
    // an ICMP error of an earlier send is reported once by the next receive: try again, the data is behind it
    if (count < 0 && errno() !== ERRNO.EAGAIN) count = libc().recvmmsg(fd, this.headers, this.batch, flags, null);
    this.used = Math.max(0, count);
    return this.used;
  }

  private offerRoom(i: number): void {
    this.headers.writeUInt32LE(NAME_BYTES, i * MMSGHDR_BYTES + 8);
    // a size_t whose upper half is never used
    this.headers.writeUInt32LE(CONTROL_BYTES, i * MMSGHDR_BYTES + 40);
  }

  private read(i: number): Received {
    const header = i * MMSGHDR_BYTES;
    const length = Math.min(this.headers.readUInt32LE(header + 56), this.dataBytes);
    const name = this.nameOf[i] as Buffer;
    const received: Received = {
      data: this.data.subarray(i * this.dataBytes, i * this.dataBytes + length),
      source: readSockaddr(name),
      sourcePort: portOf(name),
    };
    this.readControl(i, Math.min(this.headers.readUInt32LE(header + 40), CONTROL_BYTES), received);
    return received;
  }

  /** struct cmsghdr { size_t len; int level; int type; data... }, aligned to 8 bytes */
  private readControl(i: number, bytes: number, into: Received): void {
    const control = this.controls;
    const end = i * CONTROL_BYTES + bytes;
    for (let at = i * CONTROL_BYTES; at + CMSGHDR_BYTES <= end;) {
      const length = control.readUInt32LE(at);
      if (length < CMSGHDR_BYTES || at + length > end) return;
      const level = control.readInt32LE(at + 8);
      const type = control.readInt32LE(at + 12);
      const value = at + CMSGHDR_BYTES;
      if (level === SOL_SOCKET && (type === SO.timestampns || type === SO.timestamping)) into.stampNs = stampNs(control, value);
      else if (level === SOL_SOCKET && type === SO.rxqOvfl) into.drops = control.readUInt32LE(value);
      else if (level === IPPROTO.ip && type === IP.ttl) into.ttl = control.readInt32LE(value);
      else if (level === IPPROTO.ipv6 && type === IPV6.hopLimit) into.ttl = control.readInt32LE(value);
      else if ((level === IPPROTO.ip && type === IP.recvErr) || (level === IPPROTO.ipv6 && type === IPV6.recvErr)) {
        if (control[value + ORIGIN_AT] === ORIGIN_TIMESTAMPING) into.left = control.readUInt32LE(value + DATA_AT);
        else into.error = readExtendedError(control.subarray(value, at + length));
      }
      at += (length + 7) & ~7;
    }
  }
}

function readExtendedError(bytes: Buffer): Received['error'] {
  if (bytes.length < EXTENDED_ERROR_BYTES) return undefined;
  const offender = bytes.subarray(EXTENDED_ERROR_BYTES);
  return {
    errno: bytes.readUInt32LE(0),
    icmpType: bytes.readUInt8(5),
    icmpCode: bytes.readUInt8(6),
    info: bytes.readUInt32LE(8),
    from: offender.length >= 16 ? readSockaddr(offender) : '',
  };
}
