import type { ParticipantRule, Session } from '../session.js';
import { contentOf } from '../session-body.js';
import { newSession } from '../session-changes.js';
import type { SessionWrite } from '../session.repository.js';
import { type FieldChanges, fieldChanges, type StoredSession } from '../stored-session.js';
import type { CalendarContent, Occurrence, Window } from './read-calendar.js';

/** What a calendar makes of the sessions there are. Pure. */

export interface CalendarDefaults {
  name: string;
  participants: ParticipantRule;
  counterparts: string[];
  /** true: the calendar is told whole, so that an event that is not there is off. False: single invitations */
  isWhole: boolean;
}

export interface Present {
  /** of every source */
  sessions: readonly StoredSession[];
  /** of calendars, which a person deleted */
  deleted: readonly StoredSession[];
}

interface Line {
  id: string;
  title: string;
  startsAt: string;
}

export interface CalendarReport {
  calendar: string;
  created: Line[];
  changed: (Line & { fields: FieldChanges })[];
  cancelled: Line[];
  /** left as they are, though the calendar says otherwise */
  kept: (Line & { why: string; fields: FieldChanges })[];
  unchanged: number;
  ignored: CalendarContent['ignored'];
}

export interface CalendarDecision {
  report: CalendarReport;
  writes: SessionWrite[];
  notes: StoredSession[];
}

type IcsSource = Extract<Session['source'], { kind: 'ics' }>;
type Imported = StoredSession & { source: IcsSource };

const keyOf = ({ uid, recurrenceId }: Pick<Occurrence, 'uid' | 'recurrenceId'>): string => `${recurrenceId ?? ''} ${uid}`;

export function decideChanges(
  { occurrences, wholeUids, ignored }: CalendarContent,
  present: Present,
  defaults: CalendarDefaults,
  { nowMs, window, newId }: { nowMs: number; window: Window; newId: () => string },
): CalendarDecision {
  const own = (sessions: readonly StoredSession[]): Map<string, Imported> =>
    new Map(sessions.flatMap((one) => (isOf(one, defaults.name) ? [[keyOf(one.source), one] as const] : [])));
  const [known, deleted] = [own(present.sessions), own(present.deleted)];
  const decision = new Decision(defaults.name, nowMs, ignored);
  for (const occurrence of occurrences) {
    const session = known.get(keyOf(occurrence));
    const gone = deleted.get(keyOf(occurrence));
    if (session) decision.compare(session, withOccurrence(session, occurrence), occurrence.sequence);
    else if (occurrence.status === 'cancelled' || occurrence.startsMs <= nowMs) continue;
    else if (gone) decision.keep(gone, 'a person deleted it', {});
    else decision.create(newId(), occurrence, defaults);
  }
  const told = new Set(occurrences.map(keyOf));
  const whole = new Set(wholeUids);
  for (const [key, session] of known) {
    const { startsMs, source } = session;
    const isExpected = startsMs > nowMs && startsMs < window.toMs && (defaults.isWhole || whole.has(source.uid));
    if (isExpected && !told.has(key)) decision.compare(session, { ...session, status: 'cancelled' }, source.sequence);
  }
  return decision;
}

const isOf = (session: StoredSession, calendar: string): session is Imported =>
  session.source.kind === 'ics' && session.source.calendar === calendar;

/** The calendar says when, what and who invites; who takes part and how it is checked was said when the session was made. */
function withOccurrence(session: Imported, occurrence: Occurrence): Imported {
  const { title, host, invitationNumber, startsMs, endsMs, status, sequence } = occurrence;
  const connectByMs = startsMs - (session.startsMs - session.connectByMs);
  return {
    ...session,
    title,
    host,
    invitationNumber,
    startsMs,
    endsMs,
    connectByMs,
    status,
    source: { ...session.source, sequence },
  };
}

class Decision implements CalendarDecision {
  readonly report: CalendarReport;
  readonly writes: SessionWrite[] = [];
  readonly notes: StoredSession[] = [];

  constructor(
    private readonly calendar: string,
    private readonly nowMs: number,
    ignored: CalendarReport['ignored'],
  ) {
    this.report = { calendar, created: [], changed: [], cancelled: [], kept: [], unchanged: 0, ignored };
  }

  create(id: string, occurrence: Occurrence, { participants, counterparts }: CalendarDefaults): void {
    const { uid, recurrenceId, sequence, title, host, invitationNumber, startsMs, endsMs } = occurrence;
    const content = contentOf({ title, host, invitationNumber, startsAt: startsMs, endsAt: endsMs, participants, counterparts });
    const source: IcsSource = { kind: 'ics', calendar: this.calendar, uid, recurrenceId, sequence };
    const write = newSession({ id, source, ...content }, this.by, this.nowMs);
    this.writes.push(write);
    this.report.created.push(lineOf(write.session));
  }

  compare(before: Imported, after: Imported, sequence: number): void {
    const fields = fieldChanges(before, after);
    const isSame = !Object.keys(fields).length;
    if (sequence < before.source.sequence) return this.keep(before, 'the file is older than what is known', fields);
    if (before.startsMs <= this.nowMs) return isSame ? this.same() : this.keep(before, 'it has begun', fields);
    if (before.changedByPerson) return this.note(before, isSame ? null : fields);
    if (isSame) return this.same();
    const session = { ...after, revision: before.revision + 1, updatedMs: this.nowMs, calendarSays: null };
    this.writes.push({ session, by: this.by, what: 'changed', fields });
    if (after.status === 'cancelled' && before.status === 'planned') this.report.cancelled.push(lineOf(session));
    else this.report.changed.push({ ...lineOf(session), fields });
  }

  keep(session: StoredSession, why: string, fields: FieldChanges): void {
    this.report.kept.push({ ...lineOf(session), why, fields });
  }

  /** A person's word stands; what the calendar says is shown beside it. */
  private note(session: Imported, says: FieldChanges | null): void {
    if (says) this.keep(session, 'a person changed it', says);
    else this.same();
    if (JSON.stringify(session.calendarSays) !== JSON.stringify(says)) this.notes.push({ ...session, calendarSays: says });
  }

  private same(): void {
    this.report.unchanged += 1;
  }

  private get by(): string {
    return `calendar ${this.calendar}`;
  }
}

const lineOf = ({ id, title, startsMs }: StoredSession): Line => ({ id, title, startsAt: new Date(startsMs).toISOString() });
