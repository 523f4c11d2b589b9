import { readFragment, wholeNals } from './h264-payload.js';
import type { RtpPacket } from './rtp-packet.js';

const [NAL_IDR, NAL_SPS, NAL_PPS] = [5, 7, 8];
const START_CODE = Uint8Array.of(0, 0, 0, 1);
/** A keyframe of 1080p at a camera's quality stays below it. */
const MAX_PICTURE_BYTES = 256 * 1024;
const MAX_PARAMETER_SET_BYTES = 1024;
const MAX_PARAMETER_SETS = 8;

/** Grows to its bound and no further: what would not fit makes the whole worthless. */
class BoundedBytes {
  private readonly store = new Uint8Array(MAX_PICTURE_BYTES);
  private length = 0;
  private overflown = false;

  append(bytes: Uint8Array): void {
    this.overflown ||= this.length + bytes.length > this.store.length;
    if (this.overflown) return;
    this.store.set(bytes, this.length);
    this.length += bytes.length;
  }

  clear(): void {
    this.length = 0;
    this.overflown = false;
  }

  get empty(): boolean {
    return this.length === 0;
  }

  /** a copy; undefined where something did not fit */
  copy(): Uint8Array | undefined {
    return this.overflown ? undefined : this.store.slice(0, this.length);
  }
}

/**
 * Puts keyframes together as a byte stream (ITU-T H.264 annex B) that a decoder can begin with: SPS, PPS, slices of one IDR
 * picture. Packets count in the order of their numbers: a gap, or one that comes late, costs the picture it falls into.
 */
export class KeyframeCollector {
  private parameterSets: Uint8Array[] = [];
  private readonly picture = new BoundedBytes();
  private readonly fragments = new BoundedBytes();
  private nextSequence?: number;
  private timestamp?: number;

  /** @returns the keyframe that this packet, the first of the next picture, shows to be complete */
  add({
    sequenceNumber,
    timestamp,
    payload,
  }: Pick<RtpPacket, 'sequenceNumber' | 'timestamp' | 'payload'>): Uint8Array | undefined {
    const follows = sequenceNumber === this.nextSequence;
    this.nextSequence = (sequenceNumber + 1) & 0xffff;
    const begins = timestamp !== this.timestamp;
    this.timestamp = timestamp;
    const complete = follows && begins ? this.keyframe() : undefined;
    if (begins || !follows) {
      this.picture.clear();
      this.fragments.clear();
    }
    for (const nal of this.nalsOf(payload)) this.keep(nal);
    return complete;
  }

  private keyframe(): Uint8Array | undefined {
    // a slice whose last fragment never came
    if (this.picture.empty || !this.fragments.empty) return undefined;
    const slices = this.picture.copy();
    return slices && this.parameterSets.length > 0 ? concat([...this.parameterSets.flatMap(withStartCode), slices]) : undefined;
  }

  private nalsOf(payload: Uint8Array): Uint8Array[] {
    const fragment = readFragment(payload);
    if (!fragment) return wholeNals(payload);
    if (![NAL_IDR, NAL_SPS, NAL_PPS].includes(fragment.type)) return [];
    if (fragment.start) {
      this.fragments.clear();
      this.fragments.append(Uint8Array.of(fragment.header));
    }
    if (this.fragments.empty) return [];
    this.fragments.append(fragment.bytes);
    if (!fragment.end) return [];
    const nal = this.fragments.copy();
    this.fragments.clear();
    return nal ? [nal] : [];
  }

  private keep(nal: Uint8Array): void {
    const type = (nal[0] ?? 0) & 0x1f;
    if (type === NAL_SPS || type === NAL_PPS) return this.keepParameterSet(nal, type);
    if (type !== NAL_IDR) return;
    // first_mb_in_slice is zero: only from there on is a picture whole
    const first = ((nal[1] ?? 0) & 0x80) !== 0;
    if (first) this.picture.clear();
    if (first || !this.picture.empty) for (const bytes of withStartCode(nal)) this.picture.append(bytes);
  }

  /** A sequence parameter set opens a new series: the picture parameter sets that belong to it follow. */
  private keepParameterSet(nal: Uint8Array, type: number): void {
    if (nal.length > MAX_PARAMETER_SET_BYTES) return;
    if (type === NAL_SPS) this.parameterSets = [];
    // a copy, since the bytes of a datagram are the socket's (slice() of a Buffer would be a view)
    if (this.parameterSets.length < MAX_PARAMETER_SETS) this.parameterSets.push(Uint8Array.from(nal));
  }
}

const withStartCode = (nal: Uint8Array): Uint8Array[] => [START_CODE, nal];

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
