import { addressOf, errno, libc, pinned, writeSockaddr } from './libc.js';

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
  /** one of these was offered twice: what the network had said of an earlier send came back in its place */
  again: boolean;
}

const BATCH = 64;
/** what is sent in batches stays below an MTU, as a rule; what is longer goes by itself */
const DATA_BYTES = 2048;
const MAX_DATAGRAM_BYTES = 65_536;
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

  private long?: Buffer;

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
    let again = false;
    while (sent < batch.length) {
      const { taken, offered } = this.sendFrom(fd, batch, sent);
      if (taken > 0) {
        sent += taken;
        tries = 0;
        // it keeps to itself why it stopped there, and is asked once more
        again ||= taken < offered;
        continue;
      }
      const code = errno();
      if (!isOfEarlierSend(code) || ++tries > 1) return { sent, errno: code, again };
      again = true;
    }
    return { sent, errno: 0, again };
  }

  private sendFrom(fd: number, batch: readonly Outgoing[], from: number): { taken: number; offered: number } {
    const filled = this.fill(batch, from);
    return filled === 0
      ? { taken: this.sendLong(fd, batch[from] as Outgoing), offered: 1 }
      : { taken: libc().sendmmsg(fd, this.headers, filled, MSG_DONTWAIT), offered: filled };
  }

  private sendLong(fd: number, { data, address, port }: Outgoing): number {
    const length = Math.min(data.length, MAX_DATAGRAM_BYTES);
    const long = (this.long ??= pinned(MAX_DATAGRAM_BYTES));
    long.set(data.subarray(0, length));
    const name = this.nameOf[0] as Buffer;
    const nameLength = writeSockaddr(name, address, port);
    return libc().sendto(fd, long, length, MSG_DONTWAIT, name, nameLength) < 0 ? -1 : 1;
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
