import type { SessionView } from '../../../live/feed-events.js';
import { addDays, dayOf } from './local-time.js';

/** A month as a wall calendar shows it: whole weeks, Monday first. Days are those of Hà Nội. Pure. */

export interface GridDay {
  /** 2026-11-23 */
  day: string;
  isOfMonth: boolean;
}

/** @param month 2026-11 */
export function monthGrid(month: string): GridDay[][] {
  const first = `${month}-01`;
  let day = addDays(first, -mondayBased(first));
  const weeks: GridDay[][] = [];
  while (weeks.length === 0 || day.slice(0, 7) === month) {
    weeks.push(Array.from({ length: 7 }, (_, index) => cell(addDays(day, index), month)));
    day = addDays(day, 7);
  }
  return weeks;
}

const cell = (day: string, month: string): GridDay => ({ day, isOfMonth: day.slice(0, 7) === month });

/** 0 = Monday */
const mondayBased = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** @returns 2026-12 for (2026-11, 1) */
export function addMonths(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + by)).toISOString().slice(0, 7);
}

const MOVES: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Where a key leads from a day; null: it leads nowhere. The day of the month is kept from month to month where it exists. */
export function dayAfterKey(day: string, key: string): string | null {
  const days = MOVES[key];
  if (days !== undefined) return addDays(day, days);
  if (key === 'PageUp' || key === 'PageDown') return sameDayIn(addMonths(day.slice(0, 7), key === 'PageUp' ? -1 : 1), day);
  return null;
}

function sameDayIn(month: string, day: string): string {
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const wanted = `${month}-${day.slice(8)}`;
  return wanted < last ? wanted : last;
}

/** Each day with the sessions that take any part of it, by their start. */
export function sessionsByDay(sessions: readonly SessionView[]): Map<string, SessionView[]> {
  const days = new Map<string, SessionView[]>();
  for (const session of [...sessions].sort(byStart)) {
    const last = dayOf(Date.parse(session.endsAt) - 1);
    for (let day = dayOf(Date.parse(session.startsAt)); day <= last; day = addDays(day, 1)) {
      days.set(day, [...(days.get(day) ?? []), session]);
    }
  }
  return days;
}

export const byStart = (a: SessionView, b: SessionView): number => Date.parse(a.startsAt) - Date.parse(b.startsAt);

/** What is to come or under way, soonest first; what is over, latest first. */
export function splitByTime(sessions: readonly SessionView[], nowMs: number): { coming: SessionView[]; past: SessionView[] } {
  const sorted = [...sessions].sort(byStart);
  return {
    coming: sorted.filter(({ endsAt }) => Date.parse(endsAt) > nowMs),
    past: sorted.filter(({ endsAt }) => Date.parse(endsAt) <= nowMs).reverse(),
  };
}

/** What was asked for, with what the feed has told since: a newer word on the same session wins. */
export function merged(asked: readonly SessionView[], told: readonly SessionView[]): SessionView[] {
  const all = new Map(asked.map((session) => [session.id, session]));
  for (const session of told) {
    const known = all.get(session.id);
    if (!known || session.revision >= known.revision) all.set(session.id, session);
  }
  return [...all.values()];
}
