import { isRtcp } from '../protocols/rtp/rtp-packet.js';
import { PacketProtection } from '../protocols/rtp/srtp/packet-protection.js';
import type { SrtpKeys } from '../protocols/rtp/srtp/suite.js';

/** Between a stream and its sockets: SRTP where keys were agreed, and nothing at all where none were. */
export class PacketGuard {
  /** came without the agreed key, or was changed on the way */
  undecryptable = 0;
  /** authentic, but received before: the network doubled it */
  replayed = 0;
  private protection?: PacketProtection;

  /** The keys of the description that holds now. */
  follow(keys: SrtpKeys | undefined): void {
    if (!keys) this.protection = undefined;
    else if (this.protection) this.protection.rekey(keys);
    else this.protection = new PacketProtection(keys);
  }

  /** In place. @param packet with 10 bytes of room behind `length` @returns the length to send */
  seal(packet: Buffer, length: number): number {
    return this.protection?.protectRtp(packet, length) ?? length;
  }

  sealReport(compound: Buffer): Buffer {
    return this.protection?.protectRtcp(compound) ?? compound;
  }

  /** In place. @returns undefined for what is not to be believed */
  open(packet: Buffer): Buffer | undefined {
    if (!this.protection) return packet;
    const opened = isRtcp(packet) ? this.protection.unprotectRtcp(packet) : this.protection.unprotectRtp(packet);
    if (Buffer.isBuffer(opened)) return opened;
    if (opened === 'false') this.undecryptable++;
    else if (!isRtcp(packet)) this.replayed++;
    return undefined;
  }
}
