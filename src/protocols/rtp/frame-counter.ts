import { nalTypes } from './h264-payload.js';

const NAL_IDR = 5;
const NAL_LAST_SLICE = 5;
/** more frames than the longest call can carry: beyond it sizes are no longer remembered */
const MAX_REMEMBERED_FRAMES = 2048;
/** Packets of a picture may come among those of the next ones: reordering on a line reaches over two or three pictures. */
const OPEN_PICTURES = 4;

interface Picture {
  timestamp: number;
  bytes: number;
  slices: boolean;
  idr: boolean;
}

const carriesSlice = (type: number): boolean => type >= 1 && type <= NAL_LAST_SLICE;

/**
 * Counts pictures without decoding: the packets of one access unit share a time stamp (RFC 6184 section 5.1). Parameter
 * sets sent under a time stamp of their own are no frame. A picture stays open while the next three begin, so that one whose
 * packets were reordered is counted once.
 */
export class FrameCounter {
  private frameCount = 0;
  private keyframeCount = 0;
  private readonly sizes: number[] = [];
  /** oldest first */
  private readonly open: Picture[] = [];

  add(payload: Uint8Array, timestamp: number): void {
    const picture = this.pictureAt(timestamp);
    picture.bytes += payload.length;
    for (const type of nalTypes(payload)) {
      if (!carriesSlice(type)) continue;
      if (!picture.slices) this.frameCount++;
      picture.slices = true;
      if (type !== NAL_IDR || picture.idr) continue;
      picture.idr = true;
      this.keyframeCount++;
    }
  }

  get frames(): number {
    return this.frameCount;
  }

  get keyframes(): number {
    return this.keyframeCount;
  }

  /** Median payload bytes of the frames that are complete, i.e. followed by another one. */
  medianFrameBytes(): number | undefined {
    const complete = this.open.slice(0, -1).filter(({ slices }) => slices);
    const sorted = [...this.sizes, ...complete.map(({ bytes }) => bytes)].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  }

  private pictureAt(timestamp: number): Picture {
    const known = this.open.find((picture) => picture.timestamp === timestamp);
    if (known) return known;
    const picture = { timestamp, bytes: 0, slices: false, idr: false };
    this.open.push(picture);
    const settled = this.open.length > OPEN_PICTURES ? this.open.shift() : undefined;
    if (settled?.slices && this.sizes.length < MAX_REMEMBERED_FRAMES) this.sizes.push(settled.bytes);
    return picture;
  }
}
