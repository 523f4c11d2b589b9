import type { Session } from './session.js';

/** One field of a session before and after; instants as ISO 8601. */
export type FieldChanges = Record<string, { from: unknown; to: unknown }>;

/** A session with what the database knows of its making. */
export interface StoredSession extends Session {
  /** 1 when created, one more with each change: the ETag */
  revision: number;
  createdMs: number;
  updatedMs: number;
  /** then its calendar changes it no more, but only says what it would change */
  changedByPerson: boolean;
  /** how the calendar's present text differs from a session that a person changed; null: not at all */
  calendarSays: FieldChanges | null;
}

/** A line of the history. */
export interface SessionChange {
  revision: number;
  at: string;
  by: string;
  what: 'created' | 'changed' | 'deleted';
  fields: FieldChanges;
}

const COMPARED = [
  'title',
  'startsMs',
  'endsMs',
  'connectByMs',
  'invitationNumber',
  'host',
  'participants',
  'counterparts',
  'checkpoints',
  'callsStopBefore',
  'rule',
  'need',
  'rehearsal',
  'status',
] as const satisfies readonly (keyof Session)[];

/** As the API calls them: `startsMs` is `startsAt` there. */
const apiName = (field: string): string => (field === 'connectByMs' ? 'connectBy' : field.replace(/Ms$/, 'At'));
const apiValue = (field: string, value: unknown): unknown =>
  field.endsWith('Ms') ? new Date(value as number).toISOString() : value;

/** What differs, under the names of the API. */
export function fieldChanges(before: Session, after: Session): FieldChanges {
  const changed = COMPARED.filter((field) => stableText(before[field]) !== stableText(after[field]));
  return Object.fromEntries(
    changed.map((field) => [apiName(field), { from: apiValue(field, before[field]), to: apiValue(field, after[field]) }]),
  );
}

/** jsonb gives its keys back in another order than they were written in. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
