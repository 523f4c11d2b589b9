import type { StoredSession } from '../stored-session.js';
import { type CalendarDefaults, type CalendarDecision, decideChanges, type Present } from './calendar-changes.js';
import type { Occurrence } from './read-calendar.js';

const DAY_MS = 86_400_000;
const nowMs = Date.parse('2026-11-22T00:00:00Z');
const window = { fromMs: nowMs, toMs: nowMs + 90 * DAY_MS };
const office: CalendarDefaults = { name: 'office', participants: { tiers: ['ward'] }, counterparts: ['T'], isWhole: true };
const invitation: CalendarDefaults = { ...office, isWhole: false };

const occurrence = (given: Partial<Occurrence> = {}): Occurrence => {
  const startsMs = given.startsMs ?? nowMs + DAY_MS;
  const same = {
    uid: 'a',
    recurrenceId: null,
    sequence: 0,
    title: 'Họp',
    host: '',
    invitationNumber: '',
    status: 'planned',
  } as const;
  return { ...same, startsMs, endsMs: startsMs + 3_600_000, ...given };
};
const decide = (
  occurrences: Occurrence[],
  present: StoredSession[] = [],
  { defaults = office, deleted = [] as StoredSession[], wholeUids = occurrences.map(({ uid }) => uid) } = {},
): CalendarDecision => {
  const known: Present = { sessions: present, deleted };
  return decideChanges({ occurrences, wholeUids, ignored: [] }, known, defaults, { nowMs, window, newId: () => 'new' });
};
const imported = (given: Partial<Occurrence> = {}, over: Partial<StoredSession> = {}): StoredSession => {
  const [write] = decide([occurrence({ ...given })]).writes;
  if (!write) throw new Error('nothing was made');
  return { ...write.session, id: 'known', ...over };
};
const begun = (given: Partial<Occurrence> = {}): StoredSession => ({
  ...imported(given),
  startsMs: nowMs - 1,
  connectByMs: nowMs - 1,
});

describe(decideChanges.name, () => {
  it('makes a session with what the settings say of the calendar', () => {
    expect(decide([occurrence()]).writes).toMatchObject([
      {
        what: 'created',
        by: 'calendar office',
        session: {
          id: 'new',
          title: 'Họp',
          participants: { tiers: ['ward'] },
          counterparts: ['T'],
          source: { kind: 'ics', calendar: 'office', uid: 'a', recurrenceId: null, sequence: 0 },
        },
      },
    ]);
  });

  it.each([
    ['has begun', occurrence({ startsMs: nowMs - 1 })],
    ['is cancelled', occurrence({ status: 'cancelled' })],
  ])('makes none of what %s', (_name, given) => {
    expect(decide([given]).writes).toEqual([]);
  });

  it('leaves alone what is as it was', () => {
    expect(decide([occurrence()], [imported()])).toMatchObject({ writes: [], notes: [], report: { unchanged: 1 } });
  });

  it('moves one with its required connect time, and keeps who takes part', () => {
    const known = imported({}, { participants: { sites: ['7'] }, connectByMs: nowMs + DAY_MS - 60_000 });
    const { writes, report } = decide([occurrence({ startsMs: nowMs + 2 * DAY_MS, sequence: 1 })], [known]);
    expect(writes).toMatchObject([
      {
        session: {
          id: 'known',
          startsMs: nowMs + 2 * DAY_MS,
          connectByMs: nowMs + 2 * DAY_MS - 60_000,
          participants: { sites: ['7'] },
          revision: 2,
        },
      },
    ]);
    expect(report.changed).toMatchObject([{ fields: { startsAt: {}, endsAt: {}, connectBy: {} } }]);
  });

  it('cancels what the calendar cancels, and takes it back with it', () => {
    const off = decide([occurrence({ status: 'cancelled', sequence: 1 })], [imported()]);
    expect(off.writes).toMatchObject([{ session: { status: 'cancelled' } }]);
    expect(off.report.cancelled).toHaveLength(1);
    expect(decide([occurrence({ sequence: 2 })], [imported({}, { status: 'cancelled' })]).writes).toMatchObject([
      { session: { status: 'planned' } },
    ]);
  });

  it('cancels what left a whole calendar, but not what a single invitation does not speak of', () => {
    const other = occurrence({ uid: 'b' });
    expect(decide([other], [imported()]).writes).toMatchObject(
      [{ session: { status: 'cancelled' } }, { session: { id: 'new' } }].reverse(),
    );
    expect(decide([other], [imported()], { defaults: invitation }).report).toMatchObject({
      cancelled: [],
      created: [{ id: 'new' }],
    });
    expect(decide([], [imported()], { defaults: invitation, wholeUids: ['a'] }).report.cancelled).toHaveLength(1);
  });

  const another: StoredSession['source'] = { kind: 'ics', calendar: 'other', uid: 'a', recurrenceId: null, sequence: 0 };
  it.each<[string, StoredSession]>([
    ['has begun', begun()],
    ['lies beyond what was read', imported({}, { startsMs: window.toMs })],
    ['is of another calendar', imported({}, { source: another })],
    ['was made by hand', imported({}, { source: { kind: 'api' } })],
  ])('does not cancel what %s', (_name, known) => {
    expect(decide([], [known])).toMatchObject({ writes: [], notes: [] });
  });

  it('does not change what has begun, and says so', () => {
    const { writes, report } = decide([occurrence({ startsMs: nowMs + DAY_MS, title: 'Khác' })], [begun()]);
    expect(writes).toEqual([]);
    expect(report.kept).toMatchObject([{ why: 'it has begun', fields: { title: { to: 'Khác' } } }]);
  });

  it('does not follow a file that is older than what is known', () => {
    const { writes, report } = decide([occurrence({ title: 'Cũ', sequence: 1 })], [imported({ sequence: 2 })]);
    expect(writes).toEqual([]);
    expect(report.kept).toMatchObject([{ why: 'the file is older than what is known' }]);
  });

  it('does not overwrite what a person changed, but shows what the calendar says, until both agree', () => {
    const mine = imported({}, { title: 'Của tôi', changedByPerson: true });
    const first = decide([occurrence()], [mine]);
    expect(first).toMatchObject({ writes: [], report: { kept: [{ why: 'a person changed it' }] } });
    expect(first.notes).toMatchObject([{ title: 'Của tôi', calendarSays: { title: { from: 'Của tôi', to: 'Họp' } } }]);
    expect(decide([occurrence()], [first.notes[0] as StoredSession]).notes).toEqual([]);
    expect(decide([occurrence({ title: 'Của tôi' })], [first.notes[0] as StoredSession]).notes).toMatchObject([
      { calendarSays: null },
    ]);
    expect(decide([], [mine]).notes).toMatchObject([{ status: 'planned', calendarSays: { status: { to: 'cancelled' } } }]);
  });

  it('does not bring back what a person deleted', () => {
    const { writes, report } = decide([occurrence()], [], { deleted: [imported()] });
    expect(writes).toEqual([]);
    expect(report.kept).toMatchObject([{ id: 'known', why: 'a person deleted it' }]);
  });
});
