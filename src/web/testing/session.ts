import type { SessionView } from '../../live/feed-events.js';

/** A session of two hours as the feed sends it. */
export const sessionOf = (given: Partial<SessionView> & { id: string }): SessionView => {
  const startsAt = given.startsAt ?? '2026-11-23T01:00:00Z';
  return {
    title: given.id,
    startsAt,
    endsAt: new Date(Date.parse(startsAt) + 2 * 3600_000).toISOString(),
    connectBy: startsAt,
    invitationNumber: '',
    host: '',
    participants: {},
    counterparts: [],
    checkpoints: ['PT30M'],
    callsStopBefore: 'PT10M',
    rule: { goRatio: 1, noGoRatio: 0.9, mustHave: [] },
    need: 'audio-video',
    rehearsal: false,
    status: 'planned',
    source: { kind: 'api' },
    participantCount: 2,
    requiredCount: 2,
    overlaps: [],
    revision: 1,
    updatedAt: '2026-11-22T00:00:00Z',
    changedByPerson: false,
    calendarSays: null,
    ...given,
  };
};
