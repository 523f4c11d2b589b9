/** Who was there, and when: what operators marked, folded in the order in which they marked it. Pure. */

export const MARKS = ['present', 'late', 'absent', 'dropped', 'undo'] as const;
export type Mark = (typeof MARKS)[number];

export interface AttendanceMark {
  siteCode: string;
  mark: Mark;
  /** when it happened, as told; not when it was told */
  atMs: number;
}

export type AttendanceState = 'expected' | 'overdue' | 'on-time' | 'late' | 'absent' | 'dropped';

export interface Attendance {
  state: AttendanceState;
  arrivedMs: number | null;
  /** times it was gone after it had come; `toMs` null: still gone */
  drops: { fromMs: number; toMs: number | null }[];
}

export interface Expectation {
  connectByMs: number;
  nowMs: number;
}

/** Each `undo` takes back the last mark that still counts: the history keeps both. */
export function effectiveMarks<T extends Pick<AttendanceMark, 'mark'>>(marks: readonly T[]): T[] {
  const effective: T[] = [];
  for (const mark of marks) {
    if (mark.mark === 'undo') effective.pop();
    else effective.push(mark);
  }
  return effective;
}

/** @param marks of one site, in the order in which they were made */
export function attendanceOf(marks: readonly AttendanceMark[], { connectByMs, nowMs }: Expectation): Attendance {
  let arrival: { atMs: number; isLate: boolean } | null = null;
  let isAbsent = false;
  let drops: Attendance['drops'] = [];
  for (const { mark, atMs } of effectiveMarks(marks)) {
    const open = drops.at(-1)?.toMs === null ? drops.at(-1) : undefined;
    if (mark === 'absent') [arrival, isAbsent, drops] = [null, true, []];
    else if (mark === 'dropped') drops = open ? drops : [...drops, { fromMs: atMs, toMs: null }];
    // back again: the first coming stays what it was
    else if (open && arrival && atMs >= open.fromMs) drops = [...drops.slice(0, -1), { ...open, toMs: atMs }];
    else [arrival, isAbsent, drops] = [{ atMs, isLate: mark === 'late' || atMs > connectByMs }, false, []];
  }
  return { state: stateOf(), arrivedMs: arrival?.atMs ?? null, drops };

  function stateOf(): AttendanceState {
    if (drops.at(-1)?.toMs === null) return 'dropped';
    if (isAbsent) return 'absent';
    if (arrival) return arrival.isLate ? 'late' : 'on-time';
    return nowMs > connectByMs ? 'overdue' : 'expected';
  }
}

export interface InUseEvidence {
  endpointId: string;
  sinceMs: number;
}

export interface Suggestion {
  mark: 'present' | 'late';
  atMs: number;
  endpointId: string;
}

/**
 * A room that is in a call is most likely in this session: that is for a person to say, so it is only suggested, and only where it would
 * change something. A room that is not seen in a call may be there all the same.
 */
export function suggestionFor(
  attendance: Attendance,
  evidence: readonly InUseEvidence[],
  { connectByMs, earliestMs }: { connectByMs: number; earliestMs: number },
): Suggestion | null {
  if (attendance.state === 'on-time' || attendance.state === 'late') return null;
  const goneSinceMs = attendance.state === 'dropped' ? (attendance.drops.at(-1)?.fromMs ?? 0) : 0;
  const [first] = evidence.filter(({ sinceMs }) => sinceMs >= goneSinceMs).sort((a, b) => a.sinceMs - b.sinceMs);
  if (!first) return null;
  const atMs = Math.max(first.sinceMs, earliestMs);
  return { mark: atMs > connectByMs ? 'late' : 'present', atMs, endpointId: first.endpointId };
}
