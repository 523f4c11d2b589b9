import { SrtpReceiver, type Unprotected } from './srtp-receiver.js';
import { SrtpSender } from './srtp-sender.js';
import type { SrtpKeys } from './suite.js';

/** One medium's SRTP, between its RTP and its sockets. */
export class PacketProtection {
  private keys: SrtpKeys;
  private sender: SrtpSender;
  private receiver: SrtpReceiver;
  private former?: SrtpReceiver;

  constructor(keys: SrtpKeys) {
    this.keys = keys;
    this.sender = new SrtpSender(keys.suite, keys.send);
    this.receiver = new SrtpReceiver(keys.suite, keys.receive);
  }

  /**
   * A re-INVITE brought a description with these keys. A key that stays keeps its rollover counter and replay list, as it must
   * not encrypt two packets with one index; what the peer sent with its former key may still be on the way.
   */
  rekey(keys: SrtpKeys): void {
    const { suite, send, receive } = this.keys;
    this.keys = keys;
    if (suite !== keys.suite || !isSame(send, keys.send)) this.sender = new SrtpSender(keys.suite, keys.send);
    if (suite === keys.suite && isSame(receive, keys.receive)) return;
    this.former = this.receiver;
    this.receiver = new SrtpReceiver(keys.suite, keys.receive);
  }

  /** In place. @param packet with room for the tag behind `length` @returns the new length */
  protectRtp(packet: Buffer, length: number): number {
    return this.sender.protectRtp(packet, length);
  }

  protectRtcp(compound: Uint8Array): Buffer {
    return this.sender.protectRtcp(compound);
  }

  /** In place. */
  unprotectRtp(packet: Buffer): Unprotected {
    const opened = this.receiver.unprotectRtp(packet);
    return opened === 'false' && this.former ? this.former.unprotectRtp(packet) : opened;
  }

  unprotectRtcp(packet: Buffer): Unprotected {
    const opened = this.receiver.unprotectRtcp(packet);
    return opened === 'false' && this.former ? this.former.unprotectRtcp(packet) : opened;
  }
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
