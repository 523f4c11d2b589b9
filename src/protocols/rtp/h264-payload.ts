/** RTP payload format for H.264, RFC 6184: what our clips and the usual codecs use of it. */

const NAL_TYPE_MASK = 0x1f;
const STAP_A = 24;
const FU_A = 28;
const FU_HEADER_BYTES = 2;

export type PacketizationMode = 0 | 1;

/** NAL units of a byte stream with start codes (ITU-T H.264 annex B), as views into it. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0 || bytes[i + 1] !== 0 || bytes[i + 2] !== 1) continue;
    if (start >= 0) pushTrimmed(nals, bytes.subarray(start, i));
    start = i + 3;
    i += 2;
  }
  if (start >= 0) pushTrimmed(nals, bytes.subarray(start));
  return nals;
}

/** Zero bytes before the next start code belong to the byte stream, never to the NAL unit (annex B.1). */
function pushTrimmed(nals: Uint8Array[], nal: Uint8Array): void {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end--;
  if (end > 0) nals.push(nal.subarray(0, end));
}

/**
 * RTP payloads of one NAL unit: a single NAL unit packet (section 5.6), or in mode 1 FU-A fragments (section 5.8) when it
 * does not fit. Mode 0 cannot fragment, so a clip must be encoded with slices that fit: too large is our error and thrown.
 */
export function packetizeNal(nal: Uint8Array, mode: PacketizationMode, maxPayloadBytes: number): Uint8Array[] {
  if (nal.length <= maxPayloadBytes) return [nal];
  if (mode === 0) throw new RangeError(`NAL unit of ${nal.length} bytes does not fit ${maxPayloadBytes} in packetization mode 0`);
  const header = nal[0] ?? 0;
  const chunkBytes = maxPayloadBytes - FU_HEADER_BYTES;
  const fragments: Uint8Array[] = [];
  for (let offset = 1; offset < nal.length; offset += chunkBytes) {
    const chunk = nal.subarray(offset, offset + chunkBytes);
    const start = offset === 1 ? 0x80 : 0;
    const end = offset + chunkBytes >= nal.length ? 0x40 : 0;
    const fragment = new Uint8Array(FU_HEADER_BYTES + chunk.length);
    fragment[0] = (header & 0xe0) | FU_A;
    fragment[1] = start | end | (header & NAL_TYPE_MASK);
    fragment.set(chunk, FU_HEADER_BYTES);
    fragments.push(fragment);
  }
  return fragments;
}

const typeOf = (nal: Uint8Array): number => (nal[0] ?? 0) & NAL_TYPE_MASK;

/**
 * The whole NAL units of a payload: itself, or those of a STAP-A (section 5.7.1), as views into it. None of a fragment.
 * Malformed aggregates give what could be read.
 */
export function wholeNals(payload: Uint8Array): Uint8Array[] {
  const type = typeOf(payload);
  if (type === FU_A || payload.length === 0) return [];
  if (type !== STAP_A) return [payload];
  const nals: Uint8Array[] = [];
  for (let offset = 1; offset + 2 < payload.length;) {
    const size = ((payload[offset] ?? 0) << 8) | (payload[offset + 1] ?? 0);
    if (size === 0 || offset + 2 + size > payload.length) break;
    nals.push(payload.subarray(offset + 2, offset + 2 + size));
    offset += 2 + size;
  }
  return nals;
}

/** One fragment of a NAL unit, FU-A (section 5.8). */
export interface NalFragment {
  /** the first byte of the NAL unit */
  header: number;
  type: number;
  start: boolean;
  end: boolean;
  bytes: Uint8Array;
}

export function readFragment(payload: Uint8Array): NalFragment | undefined {
  if (typeOf(payload) !== FU_A || payload.length < FU_HEADER_BYTES) return undefined;
  const [indicator = 0, header = 0] = payload;
  const type = header & NAL_TYPE_MASK;
  return {
    header: (indicator & 0xe0) | type,
    type,
    start: (header & 0x80) !== 0,
    end: (header & 0x40) !== 0,
    bytes: payload.subarray(FU_HEADER_BYTES),
  };
}

/** Types of the NAL units a payload carries or continues. */
export function nalTypes(payload: Uint8Array): number[] {
  const fragment = readFragment(payload);
  return fragment ? [fragment.type] : wholeNals(payload).map(typeOf);
}

/** Access units: a new one begins at the first slice of a picture, or before the parameter sets that precede it. */
export function groupPictures(nals: readonly Uint8Array[]): Uint8Array[][] {
  const pictures: Uint8Array[][] = [];
  let hasSlice = true;
  for (const nal of nals) {
    const isSlice = [1, 5].includes((nal[0] ?? 0) & 0x1f);
    // first_mb_in_slice is an Exp-Golomb number: a leading one bit is zero, the picture's first macroblock
    const startsPicture = isSlice ? ((nal[1] ?? 0) & 0x80) !== 0 : true;
    if (hasSlice && startsPicture) {
      pictures.push([]);
      hasSlice = false;
    }
    pictures.at(-1)?.push(nal);
    hasSlice ||= isSlice;
  }
  return pictures;
}
