import type { SessionView } from '../../live/feed-events.js';

type ReadinessSummary = Required<Pick<SessionView, 'verdict' | 'ready' | 'total'>>;

export interface NextSession {
  id: string;
  title: string;
  rehearsal: boolean;
  startsMs: number;
  running: boolean;
  /** absent until readiness was first judged */
  readiness?: ReadinessSummary;
}

/** The session that runs now, else the one that starts next. One that was cancelled is none. */
export function nextSession(sessions: readonly SessionView[], nowMs: number): NextSession | null {
  const open = sessions
    .filter(({ status, endsAt }) => status === 'planned' && Date.parse(endsAt) > nowMs)
    .map(({ id, title, rehearsal, startsAt, verdict, ready, total }) => ({
      ...{ id, title, rehearsal, startsMs: Date.parse(startsAt) },
      ...(verdict && ready !== undefined && total !== undefined ? { readiness: { verdict, ready, total } } : {}),
    }))
    .sort((a, b) => a.startsMs - b.startsMs)[0];
  return open ? { ...open, running: open.startsMs <= nowMs } : null;
}
