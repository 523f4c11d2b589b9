import { RTP_HEADER_BYTES } from '../rtp-packet.js';
import { Authenticator } from './authenticator.js';
import { CounterMode } from './counter-mode.js';
import { deriveSessionKeys, RTCP_LABELS, RTP_LABELS } from './key-derivation.js';
import { PacketIndex, rolloverCounter } from './packet-index.js';
import { ReplayList } from './replay-list.js';
import { ENCRYPTED_FLAG, MOST_RTCP_INDEX, RTCP_CLEAR_BYTES, RTCP_INDEX_BYTES, rtpHeaderBytes } from './srtp-layout.js';
import { RTCP_TAG_BYTES, RTP_TAG_BYTES, type SrtpSuite } from './suite.js';

/** Only who knows the key can make one, so that the bound is for mad peers and not for attackers. */
const MOST_SOURCES = 16;

interface Source {
  index: PacketIndex;
  rtpSeen: ReplayList;
  rtcpSeen: ReplayList;
}

/** `replayed`: authentic, and received before. `false`: anything that the holder of the key did not send like this. */
export type Unprotected = Buffer | 'replayed' | 'false';

/** What comes in under one master key. Every byte is hostile until its tag proves it; nothing throws. */
export class SrtpReceiver {
  private readonly rtp: { cipher: CounterMode; auth: Authenticator };
  private readonly rtcp: { cipher: CounterMode; auth: Authenticator };
  private readonly sources = new Map<number, Source>();
  private readonly rollover = Buffer.alloc(4);

  constructor(suite: SrtpSuite, keyAndSalt: Uint8Array) {
    const [rtp, rtcp] = [deriveSessionKeys(keyAndSalt, RTP_LABELS), deriveSessionKeys(keyAndSalt, RTCP_LABELS)];
    this.rtp = { cipher: new CounterMode(rtp.cipher, rtp.salt), auth: new Authenticator(rtp.auth, RTP_TAG_BYTES[suite]) };
    this.rtcp = { cipher: new CounterMode(rtcp.cipher, rtcp.salt), auth: new Authenticator(rtcp.auth, RTCP_TAG_BYTES) };
  }

  /** RFC 3711 section 3.3. Decrypts in place; what fails is left as it came. @returns a view of the RTP packet */
  unprotectRtp(packet: Buffer): Unprotected {
    const { cipher, auth } = this.rtp;
    const end = packet.length - auth.tagBytes;
    if (end < RTP_HEADER_BYTES) return 'false';
    const body = packet.subarray(0, end);
    const headerBytes = rtpHeaderBytes(body);
    if (headerBytes === undefined) return 'false';
    const ssrc = body.readUInt32BE(8);
    const known = this.sources.get(ssrc);
    const index = (known?.index ?? new PacketIndex()).estimate(body.readUInt16BE(2));
    this.rollover.writeUInt32BE(rolloverCounter(index));
    if (!auth.verifies(body, packet.subarray(end), this.rollover)) return 'false';
    const source = known ?? this.addSource(ssrc);
    if (!source?.rtpSeen.isNew(index)) return 'replayed';
    source.rtpSeen.remember(index);
    source.index.accept(index);
    cipher.apply(body.subarray(headerBytes), ssrc, index);
    return body;
  }

  /** RFC 3711 section 3.4; a peer may leave its reports unencrypted (E = 0), but never unauthenticated. */
  unprotectRtcp(packet: Buffer): Unprotected {
    const { cipher, auth } = this.rtcp;
    const end = packet.length - auth.tagBytes;
    const bodyEnd = end - RTCP_INDEX_BYTES;
    if (bodyEnd < RTCP_CLEAR_BYTES) return 'false';
    if (!auth.verifies(packet.subarray(0, end), packet.subarray(end))) return 'false';
    const ssrc = packet.readUInt32BE(4);
    const trailer = packet.readUInt32BE(bodyEnd);
    const index = trailer & MOST_RTCP_INDEX;
    const source = this.sources.get(ssrc) ?? this.addSource(ssrc);
    if (!source?.rtcpSeen.isNew(index)) return 'replayed';
    source.rtcpSeen.remember(index);
    if ((trailer & ENCRYPTED_FLAG) !== 0) cipher.apply(packet.subarray(RTCP_CLEAR_BYTES, bodyEnd), ssrc, index);
    return packet.subarray(0, bodyEnd);
  }

  /** Called for authentic packets only: a stranger cannot fill the list. */
  private addSource(ssrc: number): Source | undefined {
    if (this.sources.size >= MOST_SOURCES) return undefined;
    const source = { index: new PacketIndex(), rtpSeen: new ReplayList(), rtcpSeen: new ReplayList() };
    this.sources.set(ssrc, source);
    return source;
  }
}
