import type { MediaNeed, ParticipantRule, ReadinessRule, Session } from './session.js';
import type { FieldChanges, StoredSession } from './stored-session.js';

/** What readiness adds to the view of a session once it was looked at. */
export interface ReadinessSummary {
  verdict: 'GO' | 'AT_RISK' | 'NO_GO';
  /** sites that count as ready for the verdict: those that have joined already, too */
  ready: number;
  total: number;
  /** when the checkpoint that runs, or comes next, will be done; null: it cannot be told */
  predictedFinish: string | null;
  /** its duration before the start, such as PT30M; null: there is none any more */
  nextCheckpoint: string | null;
}

/** One session as `GET /sessions` and the live feed show it. Timestamps are ISO 8601 UTC. */
export interface SessionView extends Partial<ReadinessSummary> {
  id: string;
  title: string;
  startsAt: string;
  endsAt: string;
  connectBy: string;
  invitationNumber: string;
  host: string;
  participants: ParticipantRule;
  counterparts: string[];
  checkpoints: string[];
  callsStopBefore: string;
  rule: ReadinessRule;
  need: MediaNeed;
  rehearsal: boolean;
  status: Session['status'];
  source: Session['source'];
  /** sites, counterparts included */
  participantCount: number;
  /** of them those that must not stay away */
  requiredCount: number;
  /** ids of sessions that want one of its sites at the same time */
  overlaps: string[];
  revision: number;
  updatedAt: string;
  changedByPerson: boolean;
  calendarSays: FieldChanges | null;
}

export interface Surroundings {
  participantCount: number;
  requiredCount: number;
  overlaps: string[];
  readiness: ReadinessSummary | undefined;
}

export function toView(session: StoredSession, { readiness, ...surroundings }: Surroundings): SessionView {
  const { startsMs, endsMs, connectByMs, createdMs: _createdMs, updatedMs, ...same } = session;
  return {
    ...same,
    startsAt: isoOf(startsMs),
    endsAt: isoOf(endsMs),
    connectBy: isoOf(connectByMs),
    updatedAt: isoOf(updatedMs),
    ...surroundings,
    ...readiness,
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
