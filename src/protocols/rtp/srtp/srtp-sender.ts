import { Authenticator } from './authenticator.js';
import { CounterMode } from './counter-mode.js';
import { deriveSessionKeys, RTCP_LABELS, RTP_LABELS } from './key-derivation.js';
import { PacketIndex, rolloverCounter } from './packet-index.js';
import { ENCRYPTED_FLAG, MOST_RTCP_INDEX, RTCP_CLEAR_BYTES, RTCP_INDEX_BYTES, rtpHeaderBytes } from './srtp-layout.js';
import { RTCP_TAG_BYTES, RTP_TAG_BYTES, type SrtpSuite } from './suite.js';

/** What one source sends under one master key (RFC 3711 sections 3.1 and 3.4). One SSRC: each medium has a key of its own. */
export class SrtpSender {
  private readonly rtp: { cipher: CounterMode; auth: Authenticator };
  private readonly rtcp: { cipher: CounterMode; auth: Authenticator };
  private readonly index = new PacketIndex();
  private readonly rollover = Buffer.alloc(4);
  private rtcpIndex = 0;

  constructor(suite: SrtpSuite, keyAndSalt: Uint8Array) {
    const [rtp, rtcp] = [deriveSessionKeys(keyAndSalt, RTP_LABELS), deriveSessionKeys(keyAndSalt, RTCP_LABELS)];
    this.rtp = { cipher: new CounterMode(rtp.cipher, rtp.salt), auth: new Authenticator(rtp.auth, RTP_TAG_BYTES[suite]) };
    this.rtcp = { cipher: new CounterMode(rtcp.cipher, rtcp.salt), auth: new Authenticator(rtcp.auth, RTCP_TAG_BYTES) };
  }

  /** Encrypts in place and appends the tag. @param packet with room for the tag behind `length` @returns the new length */
  protectRtp(packet: Buffer, length: number): number {
    const plain = packet.subarray(0, length);
    const index = this.index.estimate(plain.readUInt16BE(2));
    this.index.accept(index);
    this.rtp.cipher.apply(plain.subarray(rtpHeaderBytes(plain)), plain.readUInt32BE(8), index);
    this.rollover.writeUInt32BE(rolloverCounter(index));
    packet.set(this.rtp.auth.tagOf(plain, this.rollover), length);
    return length + this.rtp.auth.tagBytes;
  }

  /** @returns a new packet, since a report is rare and seldom has room behind it */
  protectRtcp(compound: Uint8Array): Buffer {
    const { cipher, auth } = this.rtcp;
    const end = compound.length + RTCP_INDEX_BYTES;
    const packet = Buffer.alloc(end + auth.tagBytes);
    packet.set(compound);
    cipher.apply(packet.subarray(RTCP_CLEAR_BYTES, compound.length), packet.readUInt32BE(4), this.rtcpIndex);
    packet.writeUInt32BE((ENCRYPTED_FLAG | this.rtcpIndex) >>> 0, compound.length);
    packet.set(auth.tagOf(packet.subarray(0, end)), end);
    this.rtcpIndex = (this.rtcpIndex + 1) & MOST_RTCP_INDEX;
    return packet;
  }
}
