import { addressOf, ERRNO, errno, libc, pinned, writeSockaddr } from './libc.js';

/** A datagram to be sent; `data` may be anywhere: it is copied. */
export interface Outgoing {
  data: Uint8Array;
  address: string;
  port: number;
}

export interface SentMany {
  /** how many of the first ones the kernel took */
  sent: number;
  /** why it did not take the next one; 0 when it took all */
  errno: number;
}

const BATCH = 64;
/** what is sent in batches (RTP, copies of OPTIONS) stays below an MTU; longer ones are refused as the kernel would */
const DATA_BYTES = 2048;
const NAME_BYTES = 32;
const MMSGHDR_BYTES = 64;
const IOVEC_BYTES = 16;
const MSG_DONTWAIT = 0x40;

let shared: SendRing | undefined;

/** One ring a thread serves every socket. A call fills and empties it in one go, so that nobody finds another's packets in it. */
export const sendRing = (): SendRing => (shared ??= new SendRing());

/** Sends up to 64 datagrams with one sendmmsg. The memory is laid out once, as in the receive ring. */
class SendRing {
  private readonly headers = pinned(BATCH * MMSGHDR_BYTES);
  private readonly iovecs = pinned(BATCH * IOVEC_BYTES);
  private readonly names = pinned(BATCH * NAME_BYTES);
  private readonly data = pinned(BATCH * DATA_BYTES);
  private readonly nameOf = Array.from({ length: BATCH }, (_, i) => this.names.subarray(i * NAME_BYTES, (i + 1) * NAME_BYTES));

  constructor() {
    for (let i = 0; i < BATCH; i++) {
      const header = i * MMSGHDR_BYTES;
      this.iovecs.writeBigUInt64LE(addressOf(this.data) + BigInt(i * DATA_BYTES), i * IOVEC_BYTES);
      this.headers.writeBigUInt64LE(addressOf(this.names) + BigInt(i * NAME_BYTES), header);
      this.headers.writeBigUInt64LE(addressOf(this.iovecs) + BigInt(i * IOVEC_BYTES), header + 16);
      this.headers.writeBigUInt64LE(1n, header + 24);
    }
  }

  /**
   * Sends in order until the kernel refuses one. `isOfEarlierSend`: an errno that the kernel reports here of a datagram that
   * went before, whose report takes the place of one send: that one is tried again, once.
   */
  send(fd: number, batch: readonly Outgoing[], isOfEarlierSend: (errno: number) => boolean): SentMany {
    let sent = 0;
    let tries = 0;
    while (sent < batch.length) {
      const filled = this.fill(batch, sent);
      if (filled === 0) return { sent, errno: ERRNO.EMSGSIZE };
      const taken = libc().sendmmsg(fd, this.headers, filled, MSG_DONTWAIT);
      if (taken > 0) {
        sent += taken;
        tries = 0;
        continue;
      }
      const code = errno();
      if (!isOfEarlierSend(code) || ++tries > 1) return { sent, errno: code };
    }
    return { sent, errno: 0 };
  }

  /** @returns how many fit, in order, up to the first that is too long */
  private fill(batch: readonly Outgoing[], from: number): number {
    let count = 0;
    for (; count < BATCH && from + count < batch.length; count++) {
      const { data, address, port } = batch[from + count] as Outgoing;
      if (data.length > DATA_BYTES) break;
      this.data.set(data, count * DATA_BYTES);
      this.iovecs.writeUInt32LE(data.length, count * IOVEC_BYTES + 8);
      this.headers.writeUInt32LE(writeSockaddr(this.nameOf[count] as Buffer, address, port), count * MMSGHDR_BYTES + 8);
    }
    return count;
  }
}
