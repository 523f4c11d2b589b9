import { KeyframeKeeper } from './keyframe-keeper.js';

const [SPS, PPS] = [Uint8Array.of(0x67, 1), Uint8Array.of(0x68, 1)];
const START_CODE = [0, 0, 0, 1];

let keeper: KeyframeKeeper;
let sequenceNumber: number;
beforeEach(() => {
  keeper = new KeyframeKeeper(1000);
  sequenceNumber = 0;
});

function give(payload: Uint8Array, atMs: number): void {
  const header = { version: 2, padding: false, marker: true, payloadType: 97, ssrc: 7 } as const;
  keeper.add({ ...header, csrc: [], sequenceNumber: sequenceNumber++, timestamp: atMs * 90, payload }, atMs);
}
/** A keyframe that its last byte tells from others, whole as soon as the next picture comes. */
function showKeyframe(name: number, atMs: number): void {
  for (const payload of [SPS, PPS, Uint8Array.of(0x65, 0x88, name)]) give(payload, atMs);
  give(Uint8Array.of(0x41, 0x9a), atMs + 20);
}
const kept = (): (number | undefined)[] => keeper.keyframes.map((bytes) => bytes.at(-1));

describe(KeyframeKeeper.name, () => {
  it('keeps the first keyframe and the latest of those two seconds after it', () => {
    expect(kept()).toEqual([]);
    showKeyframe(1, 1500);
    showKeyframe(2, 3000);
    expect(kept()).toEqual([1]);
    showKeyframe(3, 3600);
    showKeyframe(4, 5000);
    expect(kept()).toEqual([1, 4]);
    expect([...(keeper.keyframes[0] ?? [])].slice(0, 4)).toEqual(START_CODE);
  });

  it('wants another one once, three seconds after the first', () => {
    showKeyframe(1, 1500);
    expect(keeper.takeRequest(4500)).toBe(false);
    expect(keeper.takeRequest(4520)).toBe(true);
    expect(keeper.takeRequest(9000)).toBe(false);
  });

  it('wants one three seconds after the start where none came whole', () => {
    expect(keeper.takeRequest(3999)).toBe(false);
    expect(keeper.takeRequest(4000)).toBe(true);
  });
});
