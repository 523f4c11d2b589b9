/** The last results of one kind at one endpoint, a bit each: 1 failed, the newest in bit 0. */
export interface ProbeHistory {
  bits: number;
  count: number;
  lastMs: number;
}

/** As many as Nagios Core looks at (its documentation, "Detection and Handling of State Flapping"). */
export const KEPT = 21;
const TRANSITIONS = KEPT - 1;
const KEPT_MASK = 2 ** KEPT - 1;
/** Nagios weighs the oldest change with 0.75, the newest with 1.25, linearly between. */
const WEIGHT = { oldest: 0.75, newest: 1.25 } as const;

/** @param forgetBeforeMs what was last heard before this is of another time: the history begins anew */
export function withResult(
  history: ProbeHistory | undefined,
  failed: boolean,
  atMs: number,
  forgetBeforeMs: number,
): ProbeHistory {
  const known = history && history.lastMs >= forgetBeforeMs ? history : { bits: 0, count: 0 };
  return {
    bits: ((known.bits << 1) | Number(failed)) & KEPT_MASK,
    count: Math.min(KEPT, known.count + 1),
    lastMs: atMs,
  };
}

/** Failures among the last `of` results, 0 unless the newest failed. */
export function failuresNow({ bits }: ProbeHistory, of: number): number {
  return bits & 1 ? ones(bits & (2 ** of - 1)) : 0;
}

/** Results that passed since the last that failed. */
export function passesInARow({ bits, count }: ProbeHistory): number {
  const trailing = bits === 0 ? count : 31 - Math.clz32(bits & -bits);
  return Math.min(trailing, count);
}

/** Share of changes between good and bad among all possible ones, the newer weighing more: 0 to 1. */
export function changeRatio({ bits, count }: ProbeHistory): number {
  const changes = (bits ^ (bits >>> 1)) & (2 ** Math.max(0, count - 1) - 1);
  let sum = 0;
  for (let age = 0; age < TRANSITIONS; age++) {
    if ((changes >>> age) & 1) sum += WEIGHT.newest - ((WEIGHT.newest - WEIGHT.oldest) * age) / (TRANSITIONS - 1);
  }
  return sum / TRANSITIONS;
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count++;
  return count;
}
