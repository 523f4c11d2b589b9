import ical from 'node-ical';
import { err, ok, type Result } from '../../common/result.js';
import { type CalendarProblem, type Component, type Property, shownText } from './content-lines.js';

/** Times of RFC 5545, sections 3.3.4 and 3.3.5, as instants; the arithmetic of zones and recurrences is node-ical's. */

/** Of times that name no zone, where the calendar names none either. */
export const DEFAULT_ZONE = 'Asia/Ho_Chi_Minh';

export interface CalendarTime {
  ms: number;
  /** as written, without the Z */
  stamp: string;
  /** 'UTC' where it ended with Z */
  zone: string;
  /** a whole day: `ms` is its beginning in `zone` */
  isDate: boolean;
}

/** What node-ical takes as one that stands in a VTIMEZONE of the same file. */
const CUSTOM_ZONE = 'Customized Time Zone';
/** For these node-ical would take the zone of this machine. */
const NAMELESS = /^(tzone:\/\/Microsoft|\(no TZ description\)|Customized Time Zone)/;

type Rule = Pick<ical.RRule, 'between'>;

interface MiniEvent {
  start?: Date & { tz?: string };
  rrule?: Rule;
}

/** One event alone, under a name of ours: names from the file never become keys. @throws what node-ical throws at rules */
function miniEvent(lines: string[], zone: string[] = []): MiniEvent {
  const text = ['BEGIN:VCALENDAR', ...zone, 'BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  return (ical.sync.parseICS(text).one ?? {}) as MiniEvent;
}

const isZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
};

/** TZID to IANA: a name of IANA, a name of Windows, or whatever the calendar's own VTIMEZONE says. */
export class ZoneNames {
  private readonly resolved = new Map<string, string | null>();
  private readonly own: ReadonlyMap<string, Component>;
  readonly fallback: string;

  constructor(calendar: Component) {
    const zones = calendar.components.filter(({ name }) => name === 'VTIMEZONE');
    this.own = new Map(zones.map((zone) => [valueOf(zone, 'TZID').trim(), zone]));
    const said = valueOf(calendar, 'X-WR-TIMEZONE').trim();
    this.fallback = isZone(said) ? said : DEFAULT_ZONE;
  }

  /** null: nobody knows it */
  find(tzid: string): string | null {
    const known = this.resolved.get(tzid);
    if (known !== undefined) return known;
    const found = this.look(tzid);
    this.resolved.set(tzid, found);
    return found;
  }

  private look(tzid: string): string | null {
    if (isZone(tzid)) return tzid;
    const windows = NAMELESS.test(tzid) ? undefined : tzOf(`DTSTART;TZID=${tzid.replace(/[:;,"]/g, '')}:20260101T000000`);
    if (windows !== undefined && isZone(windows)) return windows;
    const own = this.own.get(tzid);
    const described = own && tzOf(`DTSTART;TZID=${CUSTOM_ZONE}:20260101T000000`, linesOf(own));
    return described !== undefined && isZone(described) ? described : null;
  }
}

const tzOf = (line: string, zone?: string[]): string | undefined => miniEvent([line], zone).start?.tz;

const valueOf = (component: Component, name: string): string =>
  component.properties.find((property) => property.name === name)?.value ?? '';

/** A VTIMEZONE as text again, under the one name that makes node-ical read it. */
function linesOf(zone: Component): string[] {
  const inner = (part: Component): string[] => [
    `BEGIN:${part.name}`,
    ...part.properties.map(({ name, value }) => `${name}:${name === 'TZID' ? CUSTOM_ZONE : value}`),
    ...part.components.flatMap(inner),
    `END:${part.name}`,
  ];
  return inner(zone);
}

const STAMP = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?(Z)?$/;

/** A value of DTSTART and the like; `value` stands for one of several in a list. */
export function readTime(property: Property, zones: ZoneNames, value = property.value): Result<CalendarTime, CalendarProblem> {
  const parts = STAMP.exec(value.trim());
  const utcMs = parts ? wallMs(parts) : null;
  if (!parts || utcMs === null) return refuse(property, value, 'a time such as 20261123T080000');
  const isDate = parts[4] === undefined;
  const tzid = property.params.get('TZID');
  const zone = parts[7] ? 'UTC' : tzid === undefined ? zones.fallback : zones.find(tzid);
  if (zone === null) return refuse(property, tzid ?? '', 'a zone of IANA or Windows, or one of a VTIMEZONE in the file');
  const stamp = isDate ? `${value.trim()}T000000` : value.trim().replace('Z', '');
  return ok({ ms: zone === 'UTC' ? utcMs : instantOf(stamp, zone), stamp, zone, isDate });
}

/** As if in UTC; null: there is no such day or hour. */
function wallMs([, year, month, day, hour = '0', minute = '0', second = '0']: RegExpExecArray): number | null {
  const given = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  const date = new Date(Date.UTC(given[0], given[1] - 1, ...(given.slice(2) as [number, number, number, number])));
  const read = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
  return read.every((part, index) => part === given[index]) && given[0] >= 1970 ? date.getTime() : null;
}

function instantOf(stamp: string, zone: string): number {
  return miniEvent([`DTSTART;TZID=${zone}:${stamp}`]).start?.getTime() ?? Number.NaN;
}

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const RULE_PARTS = new Set('FREQ INTERVAL COUNT UNTIL BYDAY BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYSETPOS WKST'.split(' '));

/** When a recurring event starts, between two instants, both included. */
export function expandRule(rule: Property, start: CalendarTime, fromMs: number, toMs: number): Result<number[], CalendarProblem> {
  const given = new Map(
    rule.value
      .split(';')
      .filter(Boolean)
      .map((part) => part.toUpperCase().split('=') as [string, string]),
  );
  const unknown = [...given.keys()].find((key) => !RULE_PARTS.has(key));
  if (unknown !== undefined) return refuse(rule, unknown, `a rule of ${[...RULE_PARTS].join(', ')}`);
  if (!FREQUENCIES.includes(given.get('FREQ') ?? '')) return refuse(rule, rule.value, `FREQ of ${FREQUENCIES.join(', ')}`);
  const begin = start.zone === 'UTC' ? `DTSTART:${start.stamp}Z` : `DTSTART;TZID=${start.zone}:${start.stamp}`;
  try {
    const { rrule } = miniEvent([begin, `RRULE:${rule.value.toUpperCase()}`]);
    const dates = rrule?.between(new Date(fromMs), new Date(toMs), true) ?? [];
    return ok(dates.map((date) => date.getTime()));
  } catch (error) {
    return refuse(rule, rule.value, `a rule that can be followed (${(error as Error).message})`);
  }
}

const refuse = ({ line, name }: Property, found: string, allowed: string) =>
  err({ line, field: name, found: shownText(found), allowed });
