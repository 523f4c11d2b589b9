import { writeRtp } from '../../protocols/rtp/rtp-packet.js';
import { loadMediaLibrary } from './library.js';
import { recordedLoop } from './recorded-loop.js';

const record = (...packets: [timestamp: number, marker: boolean, payload: number[]][]): Buffer =>
  Buffer.concat(
    packets.flatMap(([timestamp, marker, payload], index) => {
      const bytes = Buffer.alloc(12 + payload.length);
      writeRtp(bytes, { marker, payloadType: 34, sequenceNumber: index, timestamp, ssrc: 7 }, Uint8Array.from(payload));
      return [Buffer.from([0, bytes.length]), bytes];
    }),
  );

describe('a recording of another packetiser', () => {
  test('keeps payloads, markers and the distances of its time stamps, over their wrap', () => {
    const loop = recordedLoop(record([0xffff_ffff, false, [1]], [0xffff_ffff, true, [2, 3]], [2999, true, [4]]));
    expect(loop.packets.map(({ payload, marker, timestamp }) => [[...payload], marker, timestamp])).toEqual([
      [[1], false, 0],
      [[2, 3], true, 0],
      [[4], true, 3000],
    ]);
    expect(loop.packets.map(({ offsetMs }) => offsetMs)).toEqual([0, 10, 3000 / 90]);
    expect([loop.durationUnits, loop.durationMs]).toEqual([6000, 6000 / 90]);
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'fewer than two pictures'],
    ['one picture', record([0, true, [1]]), 'fewer than two pictures'],
    ['cut off', record([0, true, [1]], [3000, true, [2]]).subarray(0, -1), 'no RTP packet at byte 15'],
    ['no RTP', Buffer.from([0, 12, ...new Array<number>(12).fill(0)]), 'no RTP packet at byte 0'],
  ])('%s is refused', (_name, recording, message) => expect(() => recordedLoop(recording)).toThrow(message));

  /** RFC 2190 section 5.1: modes A and B begin with F = 0 or 1, and SRC says QCIF. RFC 4587 section 4.1: V = 1, I = 0. */
  test.each([
    ['H263', (payload: Uint8Array) => [payload[0]! >> 7, payload[1]! >> 5], [0, 2]],
    ['H261', (payload: Uint8Array) => [(payload[0]! >> 1) & 1, payload[0]! & 1], [0, 1]],
  ] as const)(
    'the clip in %s: two seconds, a marker for each of 60 pictures, its payload header in each packet',
    (codec, header, is) => {
      const { packets, durationMs } = loadMediaLibrary().recorded[codec];
      expect(packets.filter(({ marker }) => marker)).toHaveLength(60);
      expect(durationMs).toBeCloseTo(2002);
      for (const { payload } of packets) expect(header(payload)).toEqual(is);
    },
  );
});
