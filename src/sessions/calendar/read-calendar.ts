import { err, ok, type Result } from '../../common/result.js';
import { type CalendarTime, expandRule, readTime, ZoneNames } from './calendar-time.js';
import { type CalendarProblem, type Component, type Property, readComponents, shownText } from './content-lines.js';

/** One meeting at one time, as a calendar says. */
export interface Occurrence {
  uid: string;
  /** of one that recurs: when it would begin by its rule (ISO 8601, UTC); stays when it is moved */
  recurrenceId: string | null;
  sequence: number;
  title: string;
  host: string;
  invitationNumber: string;
  startsMs: number;
  endsMs: number;
  status: 'planned' | 'cancelled';
}

export interface CalendarContent {
  /** in order of their start */
  occurrences: Occurrence[];
  /** events told whole in this file: an occurrence that is not here is none any more */
  wholeUids: string[];
  ignored: { line: number; title: string; why: string }[];
}

export interface Window {
  fromMs: number;
  toMs: number;
}

const MAX_OCCURRENCES = 5_000;
/** Of an event that says neither DTEND nor DURATION. */
const LENGTH_MS = 4 * 3_600_000;
const LONGEST_MS = 7 * 86_400_000;

interface EventText {
  line: number;
  uid: string;
  sequence: number;
  title: string;
  host: string;
  invitationNumber: string;
  isCancelled: boolean;
  start: CalendarTime;
  lengthMs: number;
  recurrenceId: CalendarTime | null;
  rule: Property | null;
  added: CalendarTime[];
  excluded: CalendarTime[];
}

/** The events of a calendar file that lie in a window. All problems at once: then nothing of the file is to be used. */
export function readCalendar(bytes: Uint8Array, window: Window): Result<CalendarContent, CalendarProblem[]> {
  const calendars = readComponents(bytes);
  if (!calendars.ok) return calendars;
  const problems: CalendarProblem[] = [];
  const ignored: CalendarContent['ignored'] = [];
  const events: EventText[] = [];
  for (const calendar of calendars.value) {
    const zones = new ZoneNames(calendar);
    const isCancel = textOf(calendar, 'METHOD').toUpperCase() === 'CANCEL';
    for (const component of calendar.components.filter(({ name }) => name === 'VEVENT')) {
      const event = readEvent(component, zones);
      if (!event.ok) problems.push(event.error);
      else if (event.value.start.isDate) ignored.push(ignoredWholeDay(event.value));
      else events.push({ ...event.value, isCancelled: event.value.isCancelled || isCancel });
    }
  }
  if (problems.length) return err(problems.slice(0, 20));
  const occurrences = occurrencesOf(events, window);
  if (!occurrences.ok) return occurrences;
  const wholeUids = [...new Set(events.filter(({ recurrenceId }) => !recurrenceId).map(({ uid }) => uid))];
  return ok({ occurrences: occurrences.value, wholeUids, ignored });
}

const ignoredWholeDay = ({ line, title }: EventText) => ({ line, title, why: 'a whole day is no time to connect by' });

function readEvent(component: Component, zones: ZoneNames): Result<EventText, CalendarProblem> {
  const property = (name: string): Property | undefined => component.properties.find((one) => one.name === name);
  const missing = ['UID', 'DTSTART'].find((name) => !property(name)?.value.trim());
  if (missing !== undefined) return problem(component.line, missing, 'nothing', `a ${missing} in every VEVENT`);
  const [startText, endText, recurrenceText] = [property('DTSTART'), property('DTEND'), property('RECURRENCE-ID')];
  const start = startText && readTime(startText, zones);
  const end = endText && readTime(endText, zones);
  const recurrenceId = recurrenceText && readTime(recurrenceText, zones);
  const added = listOf(component, 'RDATE', zones);
  const excluded = listOf(component, 'EXDATE', zones);
  for (const read of [start, end, recurrenceId, added, excluded]) if (read && !read.ok) return read;
  if (!start?.ok || !added.ok || !excluded.ok) return problem(component.line, 'DTSTART', 'nothing', 'a time');
  if (recurrenceText?.params.has('RANGE'))
    return problem(recurrenceText.line, 'RECURRENCE-ID', 'RANGE=THISANDFUTURE', 'a RECURRENCE-ID of one occurrence');
  const lengthMs = end?.ok ? end.value.ms - start.value.ms : durationOf(property('DURATION'));
  if (lengthMs === null || (lengthMs <= 0 && !start.value.isDate) || lengthMs > LONGEST_MS)
    return problem(
      component.line,
      endText ? 'DTEND' : 'DURATION',
      shownText((endText ?? property('DURATION'))?.value ?? ''),
      'an end after the start, within 7 days',
    );
  return ok({
    line: component.line,
    uid: property('UID')?.value.trim().slice(0, 1_000) ?? '',
    sequence: wholeNumber(property('SEQUENCE')?.value),
    title: plainText(textOf(component, 'SUMMARY')).slice(0, 300) || 'Phiên họp',
    host: hostOf(property('ORGANIZER')),
    invitationNumber: dialable(plainText(textOf(component, 'LOCATION'))),
    isCancelled: textOf(component, 'STATUS').toUpperCase() === 'CANCELLED',
    start: start.value,
    lengthMs,
    recurrenceId: recurrenceId?.ok ? recurrenceId.value : null,
    rule: property('RRULE') ?? null,
    added: added.value,
    excluded: excluded.value,
  });
}

const problem = (line: number, field: string, found: string, allowed: string) => err({ line, field, found, allowed });

const textOf = (component: Component, name: string): string =>
  (component.properties.find((one) => one.name === name)?.value ?? '').trim();

function listOf(component: Component, name: string, zones: ZoneNames): Result<CalendarTime[], CalendarProblem> {
  const times: CalendarTime[] = [];
  for (const property of component.properties.filter((one) => one.name === name)) {
    for (const value of property.value.split(',')) {
      const time = readTime(property, zones, value);
      if (!time.ok) return time;
      times.push(time.value);
    }
  }
  return ok(times);
}

/** Section 3.3.11, on one line. */
const plainText = (text: string): string =>
  text
    .replace(/\\([\\;,nN])/g, (_all, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped))
    // eslint-disable-next-line no-control-regex -- control characters are what must be kept out
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .trim();

const hostOf = (organizer: Property | undefined): string =>
  plainText(organizer?.params.get('CN') ?? organizer?.value.replace(/^mailto:/i, '') ?? '').slice(0, 200);

/** A place is a number to dial only where it looks like one. */
const dialable = (location: string): string =>
  /^(?:sips?:|h323:)?[\w.+-]{2,64}(?:@[\w.:-]+)?$/i.test(location) && /\d|@/.test(location) ? location : '';

const wholeNumber = (text: string | undefined): number => (/^\d{1,9}$/.test(text?.trim() ?? '') ? Number(text) : 0);

/** Section 3.3.6; null: none. */
function durationOf(property: Property | undefined): number | null {
  if (!property) return LENGTH_MS;
  const parts = /^\+?P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?)$/.exec(
    property.value.trim(),
  );
  if (!parts) return null;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
}

function occurrencesOf(events: readonly EventText[], window: Window): Result<Occurrence[], CalendarProblem[]> {
  const found: Occurrence[] = [];
  const problems: CalendarProblem[] = [];
  for (const group of byUid(events).values()) {
    const occurrences = occurrencesOfGroup(group, window);
    if (occurrences.ok) found.push(...occurrences.value);
    else problems.push(occurrences.error);
    if (found.length > MAX_OCCURRENCES)
      return err([
        { line: 0, field: 'file', found: `more than ${MAX_OCCURRENCES} occurrences`, allowed: `at most ${MAX_OCCURRENCES}` },
      ]);
  }
  return problems.length ? err(problems) : ok(found.sort((a, b) => a.startsMs - b.startsMs));
}

function byUid(events: readonly EventText[]): Map<string, EventText[]> {
  const groups = new Map<string, EventText[]>();
  for (const event of events) groups.set(event.uid, [...(groups.get(event.uid) ?? []), event]);
  return groups;
}

/** The events of one UID: a master, and what differs for single occurrences of it. Of two that say the same thing the higher SEQUENCE counts. */
function occurrencesOfGroup(group: readonly EventText[], window: Window): Result<Occurrence[], CalendarProblem> {
  const inOrder = [...group].sort((a, b) => a.sequence - b.sequence);
  const master = inOrder.findLast(({ recurrenceId }) => !recurrenceId);
  const changed = new Map(inOrder.flatMap((event) => (event.recurrenceId ? [[event.recurrenceId.ms, event] as const] : [])));
  const starts = master ? startsOf(master, window) : ok([]);
  if (!starts.ok) return starts;
  const recurs = master !== undefined && isRecurring(master);
  const own = master ? starts.value.filter((ms) => !changed.has(ms)).map((ms) => occurrence(master, recurs ? ms : null, ms)) : [];
  const single = [...changed].map(([ms, event]) => occurrence(event, ms, event.start.ms, master));
  return ok([...own, ...single].filter(({ startsMs, endsMs }) => endsMs > window.fromMs && startsMs < window.toMs));
}

const isRecurring = ({ rule, added }: EventText): boolean => rule !== null || added.length > 0;

function startsOf(event: EventText, { fromMs, toMs }: Window): Result<number[], CalendarProblem> {
  const byRule = event.rule ? expandRule(event.rule, event.start, fromMs - event.lengthMs, toMs) : ok([event.start.ms]);
  if (!byRule.ok) return byRule;
  const excluded = new Set(event.excluded.filter(({ isDate }) => !isDate).map(({ ms }) => ms));
  // EXDATE;VALUE=DATE of a timed event is none of the RFC, but some write it: it means the day
  const days = event.excluded.filter(({ isDate }) => isDate).map(({ ms }) => ms);
  const starts = new Set([...byRule.value, ...event.added.map(({ ms }) => ms)]);
  return ok([...starts].filter((ms) => !excluded.has(ms) && !days.some((day) => ms >= day && ms < day + 86_400_000)));
}

function occurrence(event: EventText, recurrenceMs: number | null, startsMs: number, master?: EventText): Occurrence {
  return {
    uid: event.uid,
    recurrenceId: recurrenceMs === null ? null : new Date(recurrenceMs).toISOString(),
    sequence: event.sequence,
    title: event.title,
    host: event.host || (master?.host ?? ''),
    invitationNumber: event.invitationNumber || (master?.invitationNumber ?? ''),
    startsMs,
    endsMs: startsMs + event.lengthMs,
    status: event.isCancelled || master?.isCancelled ? 'cancelled' : 'planned',
  };
}
