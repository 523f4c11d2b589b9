const ZONE = 'Asia/Ho_Chi_Minh';

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockToMinute = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: '2-digit', month: '2-digit' });
const dayKey = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });

/** 07:17:42 */
export const timeOfDay = (ms: number): string => clock.format(ms);
/** 07:17 */
export const minuteOfDay = (ms: number): string => clockToMinute.format(ms);
/** 23/11 */
export const dayAndMonth = (ms: number): string => day.format(ms);

/** 07:02, with the date in front when it is not today: "22/11 07:02" */
export function momentOf(ms: number, nowMs: number): string {
  const time = minuteOfDay(ms);
  return dayKey.format(ms) === dayKey.format(nowMs) ? time : `${dayAndMonth(ms)} ${time}`;
}

export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;
/** 0 = Sunday, in the zone of the board */
export const weekdayOf = (ms: number): Weekday => new Date(`${dayKey.format(ms)}T00:00:00Z`).getUTCDay() as Weekday;

export type AgeUnit = 'minute' | 'hour' | 'day';

/** The largest unit that fits, rounded down: an age on a tile has room for one figure. */
export function roughAge(ageMs: number): { value: number; unit: AgeUnit } {
  const minutes = Math.max(0, Math.floor(ageMs / 60_000));
  if (minutes < 60) return { value: minutes, unit: 'minute' };
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? { value: hours, unit: 'hour' } : { value: Math.floor(hours / 24), unit: 'day' };
}

/** 00:42:18; hours run on past a day */
export function countdown(remainingMs: number): string {
  const seconds = Math.max(0, Math.floor(remainingMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
