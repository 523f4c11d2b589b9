import type { AttendanceState, Mark } from './api-types.js';

/** The roll-call as a machine: where it is, what a key does. Pure; who sends the marks is another. */

export interface RollCall {
  /** unit codes, in the order in which they are called */
  order: readonly string[];
  at: number;
  /** marked in this sitting, latest last: undo goes back through them */
  made: readonly string[];
}

export type RollKey = Mark | 'undo' | 'next' | 'previous' | 'nextOpen';

export interface RollStep {
  state: RollCall;
  /** what is to be recorded; null: only the place has changed */
  mark: { siteCode: string; mark: Mark | 'undo' } | null;
}

export const isOpen = (state: AttendanceState): boolean => state === 'expected' || state === 'overdue';

type StateOf = (siteCode: string) => AttendanceState;

export const startRollCall = (order: readonly string[], stateOf: StateOf): RollCall => ({
  order,
  at: Math.max(
    0,
    order.findIndex((siteCode) => isOpen(stateOf(siteCode))),
  ),
  made: [],
});

/** @param stateOf as it is known before this key */
export function press(state: RollCall, key: RollKey, stateOf: StateOf): RollStep {
  const siteCode = state.order[state.at];
  if (siteCode === undefined) return { state, mark: null };
  switch (key) {
    case 'next':
      return { state: { ...state, at: Math.min(state.order.length - 1, state.at + 1) }, mark: null };
    case 'previous':
      return { state: { ...state, at: Math.max(0, state.at - 1) }, mark: null };
    case 'nextOpen':
      return { state: { ...state, at: nextOpen(state, stateOf) }, mark: null };
    case 'undo':
      return undo(state, siteCode, stateOf);
    default:
      return {
        state: { ...state, at: nextOpen(state, stateOf), made: [...state.made, siteCode] },
        mark: { siteCode, mark: key },
      };
  }
}

/** Back to the site that was marked last: a wrong key is noticed one name later. */
function undo(state: RollCall, shown: string, stateOf: StateOf): RollStep {
  const siteCode = state.made.at(-1) ?? shown;
  if (state.made.length === 0 && isOpen(stateOf(siteCode))) return { state, mark: null };
  const at = state.order.indexOf(siteCode);
  return { state: { ...state, at, made: state.made.slice(0, -1) }, mark: { siteCode, mark: 'undo' } };
}

/** The next after this one that nobody has marked, from the top again after the last; this one when there is no other. */
function nextOpen({ order, at }: RollCall, stateOf: StateOf): number {
  for (let step = 1; step < order.length; step++) {
    const index = (at + step) % order.length;
    const siteCode = order[index];
    if (siteCode !== undefined && isOpen(stateOf(siteCode))) return index;
  }
  return at;
}

/** What a mark will make of a site, shown until the server has said it. */
export function expectedState(mark: Mark | 'undo', nowMs: number, connectByMs: number): AttendanceState {
  const isPast = nowMs > connectByMs;
  if (mark === 'undo') return isPast ? 'overdue' : 'expected';
  if (mark === 'present') return isPast ? 'late' : 'on-time';
  return mark;
}
