import type { AttendanceState } from './api-types.js';
import { expectedState, press, type RollCall, type RollKey, startRollCall } from './roll-call.js';

/** Presses keys on A, B, C, D; what is marked takes effect at once. */
function calling(states: Record<string, AttendanceState> = {}) {
  const known = new Map<string, AttendanceState>(Object.entries(states));
  const stateOf = (code: string): AttendanceState => known.get(code) ?? 'expected';
  let state: RollCall = startRollCall(['A', 'B', 'C', 'D'], stateOf);
  const marks: string[] = [];
  const keys = (...pressed: RollKey[]): void => {
    for (const key of pressed) {
      const step = press(state, key, stateOf);
      state = step.state;
      if (!step.mark) continue;
      marks.push(`${step.mark.siteCode} ${step.mark.mark}`);
      known.set(step.mark.siteCode, expectedState(step.mark.mark, 0, 1));
    }
  };
  return { keys, marks, shown: () => state.order[state.at] };
}

it('calls one name after the other, and rests on the last', () => {
  const sut = calling();
  sut.keys('present', 'late', 'absent', 'present');
  expect(sut.marks).toEqual(['A present', 'B late', 'C absent', 'D present']);
  expect(sut.shown()).toBe('D');
});

it('begins with the first that nobody has marked, and passes over those that are', () => {
  const sut = calling({ A: 'on-time', C: 'late' });
  expect(sut.shown()).toBe('B');
  sut.keys('present');
  expect(sut.shown()).toBe('D');
});

it('goes on from the top with those that were passed over', () => {
  const sut = calling();
  sut.keys('next', 'next', 'next', 'present');
  expect(sut.shown()).toBe('A');
});

it('takes back the last mark, and shows its name again', () => {
  const sut = calling();
  sut.keys('present', 'absent', 'undo');
  expect([sut.marks.at(-1), sut.shown()]).toEqual(['B undo', 'B']);
  sut.keys('late');
  expect([sut.marks.at(-1), sut.shown()]).toEqual(['B late', 'C']);
  sut.keys('undo', 'undo');
  expect(sut.marks.slice(-2)).toEqual(['B undo', 'A undo']);
});

it('takes back what an earlier sitting marked only on the name that is shown', () => {
  const sut = calling({ B: 'absent' });
  sut.keys('undo');
  expect(sut.marks).toEqual([]);
  sut.keys('next', 'undo');
  expect(sut.marks).toEqual(['B undo']);
});

it('walks without marking, and stops at both ends', () => {
  const sut = calling();
  sut.keys('previous');
  expect(sut.shown()).toBe('A');
  sut.keys('next', 'next', 'next', 'next');
  expect(sut.shown()).toBe('D');
  expect(sut.marks).toEqual([]);
});

it('has nothing to do where nobody takes part', () => {
  const state = startRollCall([], () => 'expected');
  expect(press(state, 'present', () => 'expected')).toEqual({ state, mark: null });
});

it('takes a presence after the required time for late', () => {
  expect([expectedState('present', 0, 1), expectedState('present', 2, 1), expectedState('undo', 2, 1)]).toEqual([
    'on-time',
    'late',
    'overdue',
  ]);
});
