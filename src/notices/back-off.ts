export interface BackOff {
  minMs: number;
  maxMs: number;
}

/** Doubles with each failure, up to the cap. @param failures in a row, from 1 */
export const backOffMs = (failures: number, { minMs, maxMs }: BackOff): number =>
  Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));

/** The end of the present period; periods are counted from midnight in Asia/Ho_Chi_Minh (UTC+7, no summer time). */
export function endOfPeriod(nowMs: number, minutes: number): number {
  const periodMs = minutes * 60_000;
  return (Math.floor((nowMs + VIETNAM_OFFSET_MS) / periodMs) + 1) * periodMs - VIETNAM_OFFSET_MS;
}

const VIETNAM_OFFSET_MS = 7 * 3_600_000;
