import type { Plan } from '../messages.js';

/** What an outcome takes on disk: measured with those of pings, 5 replies each. */
const EXPECTED_BYTES = 700;
/** Failed calls bring their ladder of messages: several times as much, if all of them fail. */
const MOST_BYTES = 4 * EXPECTED_BYTES;
const LEAST_BYTES = 64 * 1024 * 1024;
const LEAST_OUTCOMES = 10_000;
const HOUR_MS = 3_600_000;
export const DEFAULT_SPOOL_HOURS = 72;

export interface SpoolSize {
  outcomes: number;
  /** at most */
  bytes: number;
  expectedBytes: number;
}

/** How many outcomes the plan makes in the time that the spool has to bridge. */
export function outcomesOf({ items, spoolHours = DEFAULT_SPOOL_HOURS }: Pick<Plan, 'items' | 'spoolHours'>): number {
  const perHour = items.reduce((sum, { intervalMs }) => sum + HOUR_MS / intervalMs, 0);
  return Math.max(LEAST_OUTCOMES, Math.ceil(perHour * spoolHours));
}

export const limitsFor = (outcomes: number): SpoolSize => ({
  outcomes,
  bytes: Math.max(LEAST_BYTES, outcomes * MOST_BYTES),
  expectedBytes: outcomes * EXPECTED_BYTES,
});
