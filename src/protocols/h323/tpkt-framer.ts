/**
 * Cuts a TCP stream into TPKTs (RFC 1006 section 6): version 3, a reserved octet, two octets of length, header included.
 *
 * A stream has no second chance to find the next packet, so after a head that is none the framer is broken: it says so once
 * and swallows what follows; the owner closes the connection. Packets without contents are keep-alives of some stacks.
 */
import { err, ok, type Result } from '../../common/result.js';

const VERSION = 3;
const HEADER_OCTETS = 4;
const MAX_CONTENTS = 0xffff - HEADER_OCTETS;

export type TpktError = 'not-tpkt';

export class TpktFramer {
  private readonly header = new Uint8Array(HEADER_OCTETS);
  private headerFilled = 0;
  private contents = new Uint8Array(0);
  private contentsFilled = 0;
  private isBroken = false;

  /** True after an error: the connection is to be closed. */
  get broken(): boolean {
    return this.isBroken;
  }

  /** The contents of each packet that the chunk completes. */
  push(chunk: Uint8Array): Result<Uint8Array, TpktError>[] {
    const packets: Result<Uint8Array, TpktError>[] = [];
    let at = 0;
    while (at < chunk.length && !this.isBroken) {
      at += this.headerFilled < HEADER_OCTETS ? this.fillHeader(chunk, at) : this.fillContents(chunk, at);
      if (this.isBroken) packets.push(err('not-tpkt'));
      else if (this.isComplete) packets.push(...this.takePacket());
    }
    return packets;
  }

  private get isComplete(): boolean {
    return this.headerFilled === HEADER_OCTETS && this.contentsFilled === this.contents.length;
  }

  private fillHeader(chunk: Uint8Array, at: number): number {
    const part = chunk.subarray(at, at + HEADER_OCTETS - this.headerFilled);
    this.header.set(part, this.headerFilled);
    this.headerFilled += part.length;
    const [version, , high = 0, low = 0] = this.header;
    const length = (high << 8) | low;
    const isWhole = this.headerFilled === HEADER_OCTETS;
    if (version !== VERSION || (isWhole && length < HEADER_OCTETS)) this.isBroken = true;
    else if (isWhole) this.contents = new Uint8Array(length - HEADER_OCTETS);
    return part.length;
  }

  private fillContents(chunk: Uint8Array, at: number): number {
    const part = chunk.subarray(at, at + this.contents.length - this.contentsFilled);
    this.contents.set(part, this.contentsFilled);
    this.contentsFilled += part.length;
    return part.length;
  }

  private takePacket(): Result<Uint8Array, TpktError>[] {
    const { contents } = this;
    this.headerFilled = 0;
    this.contentsFilled = 0;
    this.contents = new Uint8Array(0);
    return contents.length === 0 ? [] : [ok(contents)];
  }
}

/** @throws RangeError for more than 65,531 octets: no message of ours comes near */
export function formatTpkt(contents: Uint8Array): Uint8Array {
  if (contents.length > MAX_CONTENTS) throw new RangeError(`${contents.length} octets do not fit into a TPKT`);
  const length = contents.length + HEADER_OCTETS;
  const packet = new Uint8Array(length);
  packet.set([VERSION, 0, length >> 8, length & 0xff]);
  packet.set(contents, HEADER_OCTETS);
  return packet;
}
