import { type SessionChangeBody, type SessionContent, changedContent, contentOf, type NewSession } from './session-body.js';
import type { SessionWrite } from './session.repository.js';
import { fieldChanges, type StoredSession } from './stored-session.js';

/** What requests make of sessions. Pure: the id and the time come in. */

export function createSession(id: string, body: NewSession, nowMs: number): SessionWrite {
  return newSession({ id, source: { kind: 'api' }, ...contentOf(body) }, body.by ?? UNNAMED, nowMs);
}

export const UNNAMED = 'api';

export function newSession(
  content: SessionContent & Pick<StoredSession, 'id' | 'source'>,
  by: string,
  nowMs: number,
): SessionWrite {
  const making = { revision: 1, createdMs: nowMs, updatedMs: nowMs, changedByPerson: false, calendarSays: null };
  return { session: { ...content, ...making }, by, what: 'created', fields: {} };
}

/** null: nothing would be different. */
export function changeSession(before: StoredSession, body: SessionChangeBody, nowMs: number): SessionWrite | null {
  const after = changedContent(before, body);
  const fields = fieldChanges(before, after);
  const follows = body.followCalendar === true && before.changedByPerson;
  if (!Object.keys(fields).length && !follows) return null;
  const session: StoredSession = {
    ...after,
    changedByPerson: before.source.kind === 'ics' && !follows,
    calendarSays: follows ? null : before.calendarSays,
    revision: before.revision + 1,
    updatedMs: nowMs,
  };
  return { session, by: body.by ?? UNNAMED, what: 'changed', fields };
}

export function deleteSession(before: StoredSession, by: string | undefined, nowMs: number): SessionWrite {
  const session = { ...before, changedByPerson: true, revision: before.revision + 1, updatedMs: nowMs };
  return { session, by: by ?? UNNAMED, what: 'deleted', fields: {} };
}
