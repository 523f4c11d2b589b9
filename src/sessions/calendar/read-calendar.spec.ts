import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { calendarText } from '../testing/calendar-text.js';
import { MAX_CALENDAR_BYTES } from './content-lines.js';
import { type CalendarContent, type Occurrence, readCalendar } from './read-calendar.js';

const window = { fromMs: Date.parse('2026-11-22T00:00:00Z'), toMs: Date.parse('2027-02-20T00:00:00Z') };
const DAY_MS = 86_400_000;

function read(bytes: Uint8Array, within = window): CalendarContent {
  const content = readCalendar(bytes, within);
  if (!content.ok) throw new Error(JSON.stringify(content.error));
  return content.value;
}
function problemsOf(bytes: Uint8Array) {
  const content = readCalendar(bytes, window);
  return content.ok ? [] : content.error;
}
const startsOf = (content: { occurrences: Occurrence[] }): string[] =>
  content.occurrences.map(({ startsMs }) => new Date(startsMs).toISOString().slice(0, 16));
const event = (...lines: string[]): string[] => ['UID:a', 'SUMMARY:Họp', ...lines];

describe('a calendar as Outlook writes it', () => {
  const content = read(readFileSync(new URL('../testing/outlook.ics', import.meta.url)));
  const byStart = new Map(content.occurrences.map((one) => [new Date(one.startsMs).toISOString().slice(0, 16), one]));

  it('gives each occurrence at its hour in Vietnam, though it is the day before in UTC', () => {
    expect(byStart.get('2026-11-22T23:00')).toEqual({
      uid: '040000008200E00074C5B7101A82E00800000000',
      recurrenceId: '2026-11-22T23:00:00.000Z',
      sequence: 0,
      title: 'Họp giao ban trực tuyến; tuần',
      host: 'Văn phòng, UBND tỉnh',
      invitationNumber: '900123@mcu.example.vn',
      startsMs: Date.parse('2026-11-22T23:00:00Z'),
      endsMs: Date.parse('2026-11-23T01:00:00Z'),
      status: 'planned',
    });
  });

  it('leaves out what is excluded, moves what was moved, and knows what was cancelled', () => {
    expect(byStart.has('2026-12-06T23:00')).toBe(false);
    expect(byStart.has('2026-11-29T23:00')).toBe(false);
    expect(byStart.get('2026-12-01T07:00')).toMatchObject({
      recurrenceId: '2026-11-29T23:00:00.000Z',
      sequence: 2,
      title: 'Họp giao ban (chuyển sang thứ Ba)',
      host: 'Văn phòng, UBND tỉnh',
    });
    expect(byStart.get('2026-12-13T23:00')).toMatchObject({ status: 'cancelled' });
    expect(startsOf(content).at(-1)).toBe('2027-01-31T23:00');
  });

  it('reads a zone that only the file itself describes, a duration, and takes no room for a number', () => {
    expect(byStart.get('2026-11-25T01:30')).toMatchObject({
      title: 'Diễn tập',
      endsMs: Date.parse('2026-11-25T03:00:00Z'),
      recurrenceId: null,
      invitationNumber: '',
    });
  });

  it('says which events are no sessions', () => {
    expect(content.ignored).toEqual([
      { line: expect.any(Number) as number, title: 'Ngày lễ', why: expect.stringContaining('whole day') as string },
    ]);
  });
});

describe(readCalendar.name, () => {
  it.each([
    ['with Z', 'DTSTART:20261123T010000Z', '2026-11-23T01:00'],
    ['without any zone: Vietnam', 'DTSTART:20261123T080000', '2026-11-23T01:00'],
    ['in a zone with summer time', 'DTSTART;TZID=Europe/Berlin:20261123T080000', '2026-11-23T07:00'],
    ['in a zone of Windows', 'DTSTART;TZID=Tokyo Standard Time:20261123T080000', '2026-11-22T23:00'],
  ])('reads a time %s', (_name, line, start) => {
    expect(startsOf(read(calendarText(event(line))))).toEqual([start]);
  });

  it('takes the zone that the calendar names for times without one', () => {
    const text = Buffer.from(calendarText(event('DTSTART:20261123T080000'))).toString();
    expect(startsOf(read(Buffer.from(text.replace('VERSION:2.0', 'X-WR-TIMEZONE:Asia/Tokyo'))))).toEqual(['2026-11-22T23:00']);
  });

  it('keeps the hour of the wall over the change to summer time', () => {
    const rule = event('DTSTART;TZID=Europe/Berlin:20270324T080000', 'RRULE:FREQ=WEEKLY;COUNT=2');
    expect(startsOf(read(calendarText(rule), { fromMs: window.fromMs, toMs: window.toMs + 60 * DAY_MS }))).toEqual([
      '2027-03-24T07:00',
      '2027-03-31T06:00',
    ]);
  });

  it('counts days of the month in Vietnam, also before seven in the morning', () => {
    const rule = event('DTSTART;TZID=Asia/Ho_Chi_Minh:20261101T013000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,-1');
    expect(startsOf(read(calendarText(rule)))).toEqual([
      '2026-11-29T18:30',
      '2026-11-30T18:30',
      '2026-12-30T18:30',
      '2026-12-31T18:30',
      '2027-01-30T18:30',
      '2027-01-31T18:30',
    ]);
  });

  it('of two versions takes the one with the higher sequence, in whatever order they stand', () => {
    const old = event('DTSTART:20261123T010000Z', 'SEQUENCE:1');
    const late = event('DTSTART:20261124T010000Z', 'SEQUENCE:2');
    expect(startsOf(read(calendarText(late, old)))).toEqual(['2026-11-24T01:00']);
    expect(startsOf(read(calendarText(old, late)))).toEqual(['2026-11-24T01:00']);
  });

  it('takes an occurrence that comes alone, and does not take its event for told whole', () => {
    const content = read(calendarText(event('DTSTART:20261123T010000Z', 'RECURRENCE-ID:20261122T010000Z')));
    expect(content).toMatchObject({ wholeUids: [], occurrences: [{ recurrenceId: '2026-11-22T01:00:00.000Z' }] });
  });

  it('adds RDATE, and EXDATE of a day takes the whole day', () => {
    const content = read(
      calendarText(
        event('DTSTART:20261123T010000Z', 'RRULE:FREQ=DAILY;COUNT=3', 'RDATE:20261201T010000Z', 'EXDATE;VALUE=DATE:20261124'),
      ),
    );
    expect(startsOf(content)).toEqual(['2026-11-23T01:00', '2026-11-25T01:00', '2026-12-01T01:00']);
  });

  it('takes METHOD:CANCEL for all that it names', () => {
    const text = Buffer.from(calendarText(event('DTSTART:20261123T010000Z'))).toString();
    const cancel = Buffer.from(text.replace('VERSION:2.0', 'VERSION:2.0\r\nMETHOD:CANCEL'));
    expect(read(cancel).occurrences).toMatchObject([{ status: 'cancelled' }]);
  });

  it('is not confused by names that are also names of JavaScript', () => {
    const uids = ['__proto__', 'constructor', 'toString'].map((uid) => [`UID:${uid}`, 'DTSTART:20261123T010000Z']);
    expect(
      read(calendarText(...uids))
        .occurrences.map(({ uid }) => uid)
        .sort(),
    ).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it.each([
    ['no calendar', Buffer.from('<html>'), { line: 1, field: 'line' }],
    ['nothing', Buffer.from(''), { line: 0, found: 'no VCALENDAR' }],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x42]), { line: 0, found: 'bytes that are no UTF-8' }],
    ['too large', Buffer.alloc(MAX_CALENDAR_BYTES + 1, 0x20), { line: 0, field: 'file' }],
    ['cut off', Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n'), { line: 2, field: 'BEGIN', found: 'VEVENT' }],
    ['no UID', calendarText(['DTSTART:20261123T010000Z']), { line: 3, field: 'UID' }],
    ['no start', calendarText(['UID:a']), { line: 3, field: 'DTSTART' }],
    [
      'a thirteenth month',
      calendarText(event('DTSTART:20261323T010000Z')),
      { line: 6, field: 'DTSTART', found: '20261323T010000Z' },
    ],
    [
      'a zone nobody knows',
      calendarText(event('DTSTART;TZID=Mars/Base:20261123T010000')),
      { field: 'DTSTART', found: 'Mars/Base' },
    ],
    [
      'a zone without its description',
      calendarText(event('DTSTART;TZID=Customized Time Zone:20261123T010000')),
      { field: 'DTSTART' },
    ],
    ['an end before the start', calendarText(event('DTSTART:20261123T010000Z', 'DTEND:20261123T000000Z')), { field: 'DTEND' }],
    [
      'a bad duration',
      calendarText(event('DTSTART:20261123T010000Z', 'DURATION:1 hour')),
      { field: 'DURATION', found: '1 hour' },
    ],
    ['a rule by the second', calendarText(event('DTSTART:20261123T010000Z', 'RRULE:FREQ=SECONDLY')), { field: 'RRULE' }],
    [
      'a rule by the hour list',
      calendarText(event('DTSTART:20261123T010000Z', 'RRULE:FREQ=DAILY;BYHOUR=1,2')),
      { found: 'BYHOUR' },
    ],
    [
      'a rule without sense',
      calendarText(event('DTSTART:20261123T010000Z', 'RRULE:FREQ=WEEKLY;BYDAY=XX')),
      { line: 7, field: 'RRULE' },
    ],
    [
      'a bad EXDATE',
      calendarText(event('DTSTART:20261123T010000Z', 'RRULE:FREQ=DAILY', 'EXDATE:20261123T010000Z,soon')),
      { found: 'soon' },
    ],
    [
      'a change of all that follow',
      calendarText(event('DTSTART:20261123T010000Z', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20261123T010000Z')),
      { field: 'RECURRENCE-ID' },
    ],
  ])('refuses %s and says where', (_name, bytes, problem) => {
    expect(problemsOf(bytes)[0]).toMatchObject(problem);
  });

  it('names several problems at once', () => {
    expect(problemsOf(calendarText(['UID:a'], ['UID:b', 'DTSTART:soon'])).map(({ line }) => line)).toEqual([3, 8]);
  });

  it('answers with a value, whatever the bytes', () => {
    const piece = fc.constantFrom(
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
      'BEGIN:VEVENT',
      'END:VEVENT',
      'UID:a',
      'DTSTART:20261123T010000Z',
      'RRULE:FREQ=DAILY',
      'DTSTART;TZID=":"',
      ' folded',
      'X;A=",;:"',
      '\t',
      ':',
      ';',
    );
    const line = fc.oneof(piece, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const inside = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:a', ...lines, 'END:VEVENT', 'END:VCALENDAR'];
        for (const text of [lines, inside])
          expect(typeof readCalendar(Buffer.from(text.join('\r\n')), window).ok).toBe('boolean');
      }),
    );
  });

  it('finds daily sessions exactly once a day of Vietnam, at the hour that was written, whichever hour that is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 200 }),
        (hour, minute, day) => {
          const two = (value: number): string => String(value).padStart(2, '0');
          const first = new Date(Date.UTC(2026, 6, 1) + day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
          const rule = event(
            `DTSTART;TZID=Asia/Ho_Chi_Minh:${first}T${two(hour)}${two(minute)}00`,
            'DTEND;TZID=Asia/Ho_Chi_Minh:' + `${first}T${two(hour)}${two(minute)}30`,
            'RRULE:FREQ=DAILY',
          );
          const { occurrences } = read(calendarText(rule));
          const walls = occurrences.map(({ startsMs }) => new Date(startsMs + 7 * 3_600_000).toISOString());
          expect(new Set(walls.map((wall) => wall.slice(11, 16)))).toEqual(new Set([`${two(hour)}:${two(minute)}`]));
          for (const [index, { startsMs }] of occurrences.entries())
            if (index) expect(startsMs - (occurrences[index - 1]?.startsMs ?? 0)).toBe(DAY_MS);
        },
      ),
      { numRuns: 30 },
    );
  });
});
