import { dayAndMonth, minuteOfDay, timeOfDay } from '../../text/time.js';

/** "23/11 07:02:11": seconds tell which came first. */
export const momentText = (at: string): string => `${dayAndMonth(Date.parse(at))} ${timeOfDay(Date.parse(at))}`;

/** "23/11 07:02" */
export const minuteText = (at: string): string => `${dayAndMonth(Date.parse(at))} ${minuteOfDay(Date.parse(at))}`;
