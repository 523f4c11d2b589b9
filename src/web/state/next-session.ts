import type { SessionView } from '../../live/feed-events.js';

export interface NextSession {
  title: string | null;
  startsMs: number;
  running: boolean;
}

/** A session that names no end is taken to last so long. */
const DEFAULT_LENGTH_MS = 4 * 3600_000;

/** The session that runs now, else the one that starts next. */
export function nextSession(sessions: readonly SessionView[], nowMs: number): NextSession | null {
  const open = sessions
    .map((session) => ({ session, startsMs: timeOf(session.startsAt), endsMs: timeOf(session.endsAt) }))
    .filter(({ startsMs, endsMs }) => (Number.isNaN(endsMs) ? startsMs + DEFAULT_LENGTH_MS : endsMs) > nowMs)
    .sort((a, b) => a.startsMs - b.startsMs)[0];
  if (!open) return null;
  const { title } = open.session;
  return { title: typeof title === 'string' ? title : null, startsMs: open.startsMs, running: open.startsMs <= nowMs };
}

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
