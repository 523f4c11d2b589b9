import fc from 'fast-check';
import { MAX_DROPOUT, MAX_MISORDER, type Reception, ReceptionStatistics } from './reception-statistics.js';

const RATE = 8000;
const FRAME_MS = 20;
const FRAME_UNITS = 160;

/** Packets of 20 ms that come on time; time stamps follow the sequence number. */
function receive(sequences: readonly number[], statistics = new ReceptionStatistics(RATE)) {
  const receptions = sequences.map((sequence, i): Reception => {
    return statistics.receive(sequence, sequence * FRAME_UNITS, i * FRAME_MS);
  });
  return { statistics, receptions, snapshot: statistics.snapshot() };
}
const run = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => (from + i) & 0xffff);

describe('sequence validation (RFC 3550 A.1)', () => {
  it('believes a source after two packets in sequence and counts both', () => {
    const { receptions, snapshot } = receive([10, 11, 12]);
    expect(receptions).toEqual(['probation', 'counted', 'counted']);
    expect(snapshot).toMatchObject({ packets: 3, expected: 3, valid: true });
  });

  it('does not believe packets that never follow each other', () => {
    const { receptions, snapshot } = receive([10, 12, 99, 4]);
    expect(receptions).toEqual(['probation', 'probation', 'probation', 'probation']);
    expect(snapshot).toMatchObject({ packets: 0, expected: 0, valid: false });
  });

  it.each([
    ['no loss', run(100, 50), { packets: 50, expected: 50, duplicates: 0, reordered: 0 }],
    ['a loss of three', [...run(100, 10), ...run(113, 10)], { packets: 20, expected: 23 }],
    ['the wrap', run(65_530, 12), { packets: 12, expected: 12, duplicates: 0, reordered: 0 }],
    ['a loss over the wrap', [65_533, 65_534, 2, 3], { packets: 4, expected: 7 }],
    ['a start on the wrap', [65_535, 0, 1], { packets: 3, expected: 3 }],
    ['a start behind the wrap', [0, 1, 2], { packets: 3, expected: 3 }],
    ['duplicates', [1, 2, 3, 3, 2, 4], { packets: 4, expected: 4, duplicates: 2, reordered: 0 }],
    ['reordering', [1, 2, 4, 3, 5], { packets: 5, expected: 5, duplicates: 0, reordered: 1 }],
    ['a late packet that comes twice', [1, 2, 4, 3, 3], { packets: 4, expected: 4, duplicates: 1, reordered: 1 }],
    ['reordering over the wrap', [65_534, 65_535, 1, 0, 2], { packets: 5, expected: 5, reordered: 1 }],
    ['a packet that overtook the first', [5, 6, 4, 7], { packets: 4, expected: 4, reordered: 1 }],
  ])('%s', (_title, sequences, expected) => {
    expect(receive(sequences).snapshot).toMatchObject({ ...expected, restarts: 0 });
  });

  it('ignores one wild packet and takes two in sequence for a restart', () => {
    const { receptions, snapshot } = receive([...run(1, 10), 40_000, 11, 30_000, 30_001, 30_002]);
    expect(receptions.slice(10)).toEqual(['rejected', 'counted', 'rejected', 'restarted', 'counted']);
    expect(snapshot).toMatchObject({ packets: 14, expected: 14, restarts: 1 });
  });

  it.each([
    ['the largest jump that is a loss', MAX_DROPOUT - 1, 'counted'],
    ['the smallest that is not', MAX_DROPOUT, 'rejected'],
    ['the oldest that is late', 0x1_0000 - MAX_MISORDER + 1, 'reordered'],
    ['the youngest that is too late', 0x1_0000 - MAX_MISORDER, 'rejected'],
  ])('%s', (_title, delta, expected) => {
    expect(receive([500, 501, (501 + delta) & 0xffff]).receptions[2]).toBe(expected);
  });
});

describe('loss (RFC 3550 A.3)', () => {
  it('counts the fraction between two reports and the loss in all', () => {
    const statistics = new ReceptionStatistics(RATE);
    receive([...run(1, 8), 11, 12], statistics);
    expect(statistics.reportBlock(7)).toMatchObject({
      ssrc: 7,
      fractionLost: 2 / 12,
      cumulativeLost: 2,
      highestSequence: 12,
      lsr: 0,
      dlsr: 0,
    });
    receive([13, 14, 15, 16], statistics);
    expect(statistics.reportBlock(7)).toMatchObject({ fractionLost: 0, cumulativeLost: 2, highestSequence: 16 });
    receive([18], statistics);
    expect(statistics.reportBlock(7)).toMatchObject({ fractionLost: 0.5, cumulativeLost: 3, highestSequence: 18 });
  });

  it('goes below zero with duplicates, as the RFC has it', () => {
    const { statistics } = receive([1, 2, 2, 2]);
    expect(statistics.reportBlock(7)).toMatchObject({ fractionLost: 0, cumulativeLost: -2 });
  });

  it('reports the wraps in the upper half of the highest sequence number', () => {
    expect(receive(run(65_530, 12)).statistics.reportBlock(7).highestSequence).toBe(0x1_0005);
  });

  it('gives the time of the last sender report back', () => {
    const block = receive([1, 2]).statistics.reportBlock(7, { middle32: 0xb705_2000, ageMs: 5250 });
    expect(block).toMatchObject({ lsr: 0xb705_2000, dlsr: 0x0005_4000 });
  });
});

describe('jitter (RFC 3550 A.8)', () => {
  it('takes how a sender spreads the packets of one picture for no jitter', () => {
    const statistics = new ReceptionStatistics(90_000);
    for (let packet = 0; packet < 90; packet++) {
      const picture = Math.floor(packet / 3);
      statistics.receive(packet, picture * 3000, (picture * 1000) / 30 + (packet % 3) * 8);
    }
    expect(statistics.snapshot().maxJitterMs).toBeLessThan(0.001);
  });

  /** The two lines of A.8, with real numbers. */
  const jitterOf = (transits: readonly number[]): number[] => {
    let jitter = 0;
    return transits.slice(1).map((transit, i) => (jitter += (Math.abs(transit - (transits[i] ?? 0)) - jitter) / 16));
  };

  it('follows the formula', () => {
    const delaysMs = [0, 4, 1, 9, 2, 2, 30, 5];
    const statistics = new ReceptionStatistics(RATE);
    delaysMs.forEach((delayMs, i) => statistics.receive(i + 1, i * FRAME_UNITS, i * FRAME_MS + delayMs));
    const jittersMs = jitterOf(delaysMs);
    expect(statistics.snapshot().jitterMs).toBeCloseTo(jittersMs.at(-1) ?? NaN, 9);
    expect(statistics.snapshot().maxJitterMs).toBeCloseTo(Math.max(...jittersMs), 9);
    expect(statistics.reportBlock(7).jitter).toBe(Math.floor((jittersMs.at(-1) ?? NaN) * (RATE / 1000)));
  });

  it('is zero on an even line, through the wrap of the time stamp and a restart', () => {
    const statistics = new ReceptionStatistics(RATE);
    run(1, 10).forEach((sequence, i) => statistics.receive(sequence, (0xffff_ff00 + i * FRAME_UNITS) >>> 0, i * FRAME_MS));
    run(40_000, 10).forEach((sequence, i) => statistics.receive(sequence, 77 + i * FRAME_UNITS, 700 + i * FRAME_MS));
    expect(statistics.snapshot()).toMatchObject({ restarts: 1, jitterMs: 0, maxJitterMs: 0 });
  });

  it('is not that between a stray packet and the stream behind it', () => {
    const statistics = new ReceptionStatistics(RATE);
    statistics.receive(9000, 123_456_789, 0);
    run(1, 5).forEach((sequence, i) => statistics.receive(sequence, i * FRAME_UNITS, 5 + i * FRAME_MS));
    expect(statistics.snapshot()).toMatchObject({ packets: 5, jitterMs: 0, maxJitterMs: 0 });
  });
});

describe('any sequence of packets', () => {
  const packets = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff_ffff })));

  it('gives finite figures and never more packets than came', () => {
    fc.assert(
      fc.property(packets, (received) => {
        const statistics = new ReceptionStatistics(RATE);
        received.forEach(([sequence, timestamp], i) => statistics.receive(sequence, timestamp, i));
        const { packets: counted, expected, jitterMs } = statistics.snapshot();
        expect(counted).toBeLessThanOrEqual(received.length);
        expect(expected).toBeGreaterThanOrEqual(counted);
        expect(Number.isFinite(jitterMs)).toBe(true);
        expect(statistics.reportBlock(1).fractionLost).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('finds exactly what was lost, doubled and shuffled within the window', () => {
    const plan = fc.record({
      first: fc.integer({ min: 0, max: 0xffff }),
      fates: fc.array(fc.constantFrom('arrives', 'arrives', 'lost', 'doubled', 'swapped'), { maxLength: 200 }),
    });
    fc.assert(
      fc.property(plan, ({ first, fates }) => {
        // two good packets at both ends fix the range; fates befall those between
        const middle = fates.flatMap((fate, i) => (fate === 'lost' ? [] : fate === 'doubled' ? [i + 2, i + 2] : [i + 2]));
        fates.forEach((fate, i) => {
          const at = middle.indexOf(i + 2);
          const next = middle[at + 1];
          if (fate !== 'swapped' || next === undefined) return;
          middle[at + 1] = i + 2;
          middle[at] = next;
        });
        const order = [0, 1, ...middle, fates.length + 2, fates.length + 3];
        const { snapshot } = receive(order.map((offset) => (first + offset) & 0xffff));
        expect(snapshot).toMatchObject({
          packets: new Set(order).size,
          expected: fates.length + 4,
          duplicates: order.length - new Set(order).size,
          restarts: 0,
        });
      }),
    );
  });
});
