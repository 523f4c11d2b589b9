import { z } from 'zod';

const seconds = z.number().nonnegative().max(86_400);

/**
 * When a fault holds, in seconds since the lab started or since the fault was set. Without a schedule it always holds.
 * `after` alone begins once and stays; `for` ends it; `every` repeats the window with that period.
 */
export const scheduleSchema = z
  .strictObject({ after: seconds.default(0), for: seconds.positive().optional(), every: seconds.positive().optional() })
  .superRefine((schedule, context) => {
    if (schedule.every === undefined) return;
    if (schedule.for === undefined) {
      context.addIssue({ code: 'custom', path: ['every'], message: 'needs `for`: how long the fault holds in each period' });
    } else if (schedule.for >= schedule.every) {
      context.addIssue({ code: 'custom', path: ['every'], message: 'must be longer than `for`, else the fault never goes away' });
    }
  });

export type Schedule = z.infer<typeof scheduleSchema>;

/** True from the first instant of a window up to, not including, its last. */
export function isActive(schedule: Schedule | undefined, elapsedS: number): boolean {
  if (!schedule) return true;
  const sinceFirstS = elapsedS - schedule.after;
  if (sinceFirstS < 0) return false;
  if (schedule.for === undefined) return true;
  const intoWindowS = schedule.every === undefined ? sinceFirstS : sinceFirstS % schedule.every;
  return intoWindowS < schedule.for;
}

/** Seconds from `elapsedS` to the next begin or end of the fault; undefined when nothing will change any more. */
export function nextChangeInS(schedule: Schedule | undefined, elapsedS: number): number | undefined {
  if (!schedule) return undefined;
  const sinceFirstS = elapsedS - schedule.after;
  if (sinceFirstS < 0) return -sinceFirstS;
  if (schedule.for === undefined) return undefined;
  if (schedule.every === undefined) return sinceFirstS < schedule.for ? schedule.for - sinceFirstS : undefined;
  const intoPeriodS = sinceFirstS % schedule.every;
  return intoPeriodS < schedule.for ? schedule.for - intoPeriodS : schedule.every - intoPeriodS;
}
