import fc from 'fast-check';
import { attendanceOf, type AttendanceMark, MARKS, suggestionFor } from './attendance.js';

const connectByMs = 1_000_000;
const marks = (...given: [mark: AttendanceMark['mark'], atMs: number][]): AttendanceMark[] =>
  given.map(([mark, atMs]) => ({ siteCode: '1', mark, atMs }));
const fold = (given: AttendanceMark[], nowMs = connectByMs + 1) => attendanceOf(given, { connectByMs, nowMs });

describe(attendanceOf.name, () => {
  it.each([
    ['expected until the required connect time', marks(), connectByMs, 'expected'],
    ['overdue after it', marks(), connectByMs + 1, 'overdue'],
    ['on time at the very moment', marks(['present', connectByMs]), connectByMs, 'on-time'],
    ['late a moment after it', marks(['present', connectByMs + 1]), connectByMs + 1, 'late'],
    ['late because somebody says so', marks(['late', connectByMs - 5]), connectByMs, 'late'],
    ['absent', marks(['present', 1], ['absent', 2]), connectByMs, 'absent'],
    ['there after all', marks(['absent', 1], ['present', 2]), connectByMs, 'on-time'],
    ['dropped', marks(['present', 1], ['dropped', 2]), connectByMs, 'dropped'],
    ['dropped, although nobody saw it come', marks(['dropped', 2]), connectByMs, 'dropped'],
    ['as before what was taken back', marks(['present', 1], ['absent', 2], ['undo', 3]), connectByMs, 'on-time'],
    ['unmarked when all was taken back', marks(['present', 1], ['undo', 2], ['undo', 3]), connectByMs, 'expected'],
  ])('is %s', (_name, given, nowMs, state) => {
    expect(fold(given, nowMs).state).toBe(state);
  });

  it('keeps the first coming when a site is back again, and every time it was gone', () => {
    const given = marks(
      ['present', 1],
      ['dropped', 10],
      ['present', 20],
      ['dropped', connectByMs + 5],
      ['present', connectByMs + 9],
    );
    expect(fold(given)).toEqual({
      state: 'on-time',
      arrivedMs: 1,
      drops: [
        { fromMs: 10, toMs: 20 },
        { fromMs: connectByMs + 5, toMs: connectByMs + 9 },
      ],
    });
  });

  it('takes a second coming without a drop as a correction of the first', () => {
    expect(fold(marks(['present', 1], ['late', connectByMs + 60]))).toMatchObject({ state: 'late', arrivedMs: connectByMs + 60 });
  });

  it('takes back exactly the mark before: with it and its undo all is as without both', () => {
    const one = fc.record({
      siteCode: fc.constant('1'),
      mark: fc.constantFrom(...MARKS.filter((mark) => mark !== 'undo')),
      atMs: fc.integer({ min: 1, max: 2 * connectByMs }),
    });
    fc.assert(
      fc.property(fc.array(one), one, fc.array(one), (before, mistaken, after) => {
        const undone = [...before, mistaken, { ...mistaken, mark: 'undo' as const }, ...after];
        expect(fold(undone)).toEqual(fold([...before, ...after]));
      }),
    );
  });

  it('is never gone before it came back from the time before', () => {
    const one = fc.record({
      siteCode: fc.constant('1'),
      mark: fc.constantFrom(...MARKS),
      atMs: fc.integer({ min: 1, max: 2 * connectByMs }),
    });
    fc.assert(
      fc.property(fc.array(one), (given) => {
        const { drops, state } = fold(given);
        expect(drops.slice(0, -1).every(({ toMs }) => toMs !== null)).toBe(true);
        expect(state === 'dropped').toBe(drops.at(-1)?.toMs === null);
        for (const { fromMs, toMs } of drops) expect(toMs ?? fromMs).toBeGreaterThanOrEqual(fromMs);
      }),
    );
  });
});

describe(suggestionFor.name, () => {
  const times = { connectByMs, earliestMs: 500_000 };
  const inUse = (sinceMs: number) => [{ endpointId: '1-1', sinceMs }];

  it('suggests only what a person has not marked', () => {
    expect(suggestionFor(fold(marks()), inUse(600_000), times)).toEqual({ mark: 'present', atMs: 600_000, endpointId: '1-1' });
    expect(suggestionFor(fold(marks(['present', 1])), inUse(600_000), times)).toBeNull();
    expect(suggestionFor(fold(marks()), [], times)).toBeNull();
  });

  it('says late after the required connect time, and no time before the session', () => {
    expect(suggestionFor(fold(marks()), inUse(connectByMs + 1), times)?.mark).toBe('late');
    expect(suggestionFor(fold(marks()), inUse(1), times)?.atMs).toBe(500_000);
  });

  it('takes no call from before a drop as a return', () => {
    const gone = fold(marks(['present', 500_000], ['dropped', 700_000]));
    expect(suggestionFor(gone, inUse(600_000), times)).toBeNull();
    expect(suggestionFor(gone, inUse(710_000), times)?.mark).toBe('present');
  });
});
