import fc from 'fast-check';
import { packetizeNal } from './h264-payload.js';
import { KeyframeCollector } from './keyframe-collector.js';

const SPS = Uint8Array.of(0x67, 0x42, 0xc0, 0x1f);
const PPS = Uint8Array.of(0x68, 0xce, 0x3c, 0x80);
/** the second byte: first_mb_in_slice is zero, or not */
const IDR = Uint8Array.of(0x65, 0x88, ...Array<number>(60).fill(0xab));
const LATER_SLICE = Uint8Array.of(0x65, 0x40, 1, 2, 3);
const P_SLICE = Uint8Array.of(0x41, 0x9a, 9);

const stapA = (...nals: Uint8Array[]): Uint8Array =>
  Uint8Array.of(0x78, ...nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal]));
const fuA = (nal: Uint8Array): Uint8Array[] => packetizeNal(nal, 1, 20);
const annexB = (...nals: Uint8Array[]): number[] => nals.flatMap((nal) => [0, 0, 0, 1, ...nal]);

interface Packet {
  sequenceNumber: number;
  timestamp: number;
  payload: Uint8Array;
}
/** Each inner list is one picture; the first number lies just before the wrap. */
const numbered = (...pictures: Uint8Array[][]): Packet[] =>
  pictures
    .flatMap((payloads, at) => payloads.map((payload) => ({ timestamp: at * 3000, payload })))
    .map((packet, at) => ({ ...packet, sequenceNumber: (65_534 + at) & 0xffff }));

function collect(packets: Packet[]): number[][] {
  const collector = new KeyframeCollector();
  return packets.flatMap((packet) => {
    const keyframe = collector.add(packet);
    return keyframe ? [[...keyframe]] : [];
  });
}
const without = (packets: Packet[], at: number): Packet[] => packets.toSpliced(at, 1);

describe(KeyframeCollector.name, () => {
  it('keeps nothing of the memory that the next datagram is written to', () => {
    const collector = new KeyframeCollector();
    const ring = Buffer.alloc(100);
    const keyframes = numbered([SPS, PPS, IDR], [P_SLICE]).map((packet) => {
      const payload = ring.subarray(0, packet.payload.length);
      payload.set(packet.payload);
      return collector.add({ ...packet, payload });
    });
    expect([...(keyframes.at(-1) ?? [])]).toEqual(annexB(SPS, PPS, IDR));
  });

  const whole = [annexB(SPS, PPS, IDR)];
  it.each<[string, Packet[], number[][]]>([
    ['single NAL units', numbered([SPS, PPS, IDR], [P_SLICE]), whole],
    ['an aggregate', numbered([stapA(SPS, PPS, IDR)], [P_SLICE]), whole],
    ['fragments', numbered([stapA(SPS, PPS), ...fuA(IDR)], [P_SLICE]), whole],
    ['parameter sets under a time stamp of their own', numbered([SPS], [PPS], [P_SLICE], [IDR], [P_SLICE]), whole],
    ['a picture of several slices', numbered([SPS, PPS, IDR, LATER_SLICE], [P_SLICE]), [annexB(SPS, PPS, IDR, LATER_SLICE)]],
    ['parameter sets that are remembered', numbered([SPS, PPS, IDR], [P_SLICE], [IDR], [P_SLICE]), [...whole, ...whole]],
    ['parameter sets that change', numbered([SPS, PPS, SPS, PPS, IDR], [P_SLICE]), whole],
    ['a picture that nothing follows yet', numbered([SPS, PPS, IDR]), []],
    ['a picture without parameter sets', numbered([IDR], [P_SLICE]), []],
    ['pictures that are no keyframes', numbered([SPS, PPS, P_SLICE], [P_SLICE]), []],
    ['a lost fragment', without(numbered([SPS, PPS, ...fuA(IDR)], [P_SLICE]), 3), []],
    ['a last fragment that never came', numbered([SPS, PPS, ...fuA(IDR).slice(0, -1)], [P_SLICE]), []],
    ['a lost first slice', without(numbered([SPS, PPS, IDR, LATER_SLICE], [P_SLICE]), 2), []],
    ['a lost last slice', without(numbered([SPS, PPS, IDR, LATER_SLICE], [P_SLICE]), 3), []],
    ['the picture after a lost one', without(numbered([SPS, PPS, IDR], [P_SLICE], [IDR], [P_SLICE]), 2), whole],
  ])('%s', (_title, packets, keyframes) => expect(collect(packets)).toEqual(keyframes));

  it('gives nothing of a picture larger than its bound, and the next one whole', () => {
    const huge = Uint8Array.of(0x65, 0x88, ...new Uint8Array(60_000));
    const much = [SPS, PPS, huge, ...Array<Uint8Array>(5).fill(Uint8Array.of(0x65, 0x40, ...huge))];
    expect(collect(numbered(much, [IDR], [P_SLICE]))).toEqual(whole);
  });

  it('keeps copies: the bytes of a packet are the socket’s', () => {
    const collector = new KeyframeCollector();
    const shown = numbered([SPS, PPS, IDR], [P_SLICE]).map((packet) => {
      const payload = packet.payload.slice();
      const keyframe = collector.add({ ...packet, payload });
      payload.fill(0);
      return keyframe;
    });
    expect([...(shown.at(-1) ?? [])]).toEqual(whole[0]);
  });

  it('takes any bytes, and stays within its bounds', () => {
    const nal = fc.tuple(fc.constantFrom(0x65, 0x67, 0x68, 0x78, 0x7c), fc.uint8Array({ maxLength: 2_000 }));
    const packet = fc.record({
      sequenceNumber: fc.integer({ min: 0, max: 3 }),
      timestamp: fc.integer({ min: 0, max: 2 }),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        nal.map(([header, rest]) => Uint8Array.of(header, ...rest)),
      ),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 200 }), (packets) => {
        for (const keyframe of collect(packets)) expect(keyframe.length).toBeLessThan(272 * 1024);
      }),
    );
  });
});
