import { Inject, Injectable, Optional, UnprocessableEntityException } from '@nestjs/common';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { CoreLock } from '../database/core-lock.js';
import { HealthService } from '../health/health.service.js';
import {
  type Attendance,
  attendanceOf,
  type AttendanceState,
  effectiveMarks,
  type InUseEvidence,
  type Mark,
  suggestionFor,
} from './attendance.js';
import type { Participant } from './participants.js';
import { type RecordedMark, SessionRecordsRepository } from './session-records.repository.js';
import { SessionsService } from './sessions.service.js';
import type { StoredSession } from './stored-session.js';

export interface GivenMark {
  siteCode: string;
  mark: Mark;
  atMs?: number | undefined;
  note: string;
  by: string;
}

/** One participant in the roll-call. Timestamps are ISO 8601 UTC. */
export interface AttendanceView extends Participant {
  siteName: string;
  expectedAt: string;
  state: AttendanceState;
  arrivedAt: string | null;
  drops: { from: string; to: string | null }[];
  /** what a call that was seen suggests; a person decides */
  suggestion: { mark: 'present' | 'late'; at: string; endpointId: string } | null;
  /** every mark, those taken back included */
  history: { mark: Mark; at: string; note: string; by: string; recordedAt: string }[];
}

/** A room that connects this long before the required time is tried out for the session. */
const EARLY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const CLOCKS_DIFFER_MS = 60_000;

/** Roll-call: what operators marked, and what calls that were seen suggest. */
@Injectable()
export class AttendanceService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly repository: SessionRecordsRepository,
    private readonly health: HealthService,
    private readonly lock: CoreLock,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  /** Participants as they are now, and whoever was marked. */
  async list(sessionId: string): Promise<AttendanceView[]> {
    const session = this.sessions.mustGet(sessionId);
    const marks = await this.repository.marks(sessionId);
    const participants = this.sessions.participants(session);
    const known = new Set(participants.map(({ siteCode }) => siteCode));
    const others = [...new Set(marks.map(({ siteCode }) => siteCode))].filter((siteCode) => !known.has(siteCode));
    return [...participants, ...others.map((siteCode): Participant => ({ siteCode, role: 'participant', required: false }))].map(
      (participant) =>
        this.viewOf(
          session,
          participant,
          marks.filter(({ siteCode }) => siteCode === participant.siteCode),
        ),
    );
  }

  async mark(sessionId: string, { atMs, ...given }: GivenMark): Promise<AttendanceView> {
    const session = this.sessions.mustGet(sessionId);
    const nowMs = this.clock.wallMs();
    const made: RecordedMark = { ...given, atMs: atMs ?? nowMs, recordedMs: nowMs };
    const participant = this.sessions.participants(session).find(({ siteCode }) => siteCode === given.siteCode);
    if (!participant) throw refused('siteCode', given.siteCode, 'the unit code of a participant of this session');
    this.refuseOutOfTime(session, made);
    const before = (await this.repository.marks(sessionId)).filter(({ siteCode }) => siteCode === given.siteCode);
    if (given.mark === 'undo' && !effectiveMarks(before).length)
      throw refused('mark', 'undo', 'another mark: there is none to take back');
    this.lock.mustHold();
    await this.repository.addMark(sessionId, made);
    return this.viewOf(session, participant, [...before, made]);
  }

  private refuseOutOfTime({ connectByMs, endsMs }: StoredSession, { atMs, recordedMs }: RecordedMark): void {
    const at = new Date(atMs).toISOString();
    if (atMs > recordedMs + CLOCKS_DIFFER_MS) throw refused('at', at, 'no time to come');
    if (atMs < connectByMs - DAY_MS || atMs > endsMs + DAY_MS) throw refused('at', at, 'within a day of the session');
  }

  private viewOf(session: StoredSession, participant: Participant, marks: readonly RecordedMark[]): AttendanceView {
    const attendance = attendanceOf(marks, { connectByMs: session.connectByMs, nowMs: this.clock.wallMs() });
    return {
      ...participant,
      siteName: this.sessions.site(participant.siteCode)?.name ?? '',
      expectedAt: isoOf(session.connectByMs),
      state: attendance.state,
      arrivedAt: attendance.arrivedMs === null ? null : isoOf(attendance.arrivedMs),
      drops: attendance.drops.map(({ fromMs, toMs }) => ({ from: isoOf(fromMs), to: toMs === null ? null : isoOf(toMs) })),
      suggestion: this.suggestion(session, participant.siteCode, attendance),
      history: marks.map(({ mark, atMs, note, by, recordedMs }) => ({
        mark,
        at: isoOf(atMs),
        note,
        by,
        recordedAt: isoOf(recordedMs),
      })),
    };
  }

  private suggestion(session: StoredSession, siteCode: string, attendance: Attendance): AttendanceView['suggestion'] {
    const nowMs = this.clock.wallMs();
    const earliestMs = session.connectByMs - EARLY_MS;
    if (session.status !== 'planned' || nowMs < earliestMs || nowMs > session.endsMs) return null;
    const suggestion = suggestionFor(attendance, this.inUse(siteCode), { connectByMs: session.connectByMs, earliestMs });
    if (!suggestion) return null;
    const { mark, atMs, endpointId } = suggestion;
    return { mark, at: isoOf(atMs), endpointId };
  }

  private inUse(siteCode: string): InUseEvidence[] {
    const endpointIds = this.sessions.site(siteCode)?.endpointIds ?? [];
    return endpointIds.flatMap((endpointId) => {
      const view = this.health.view(endpointId);
      return view?.state === 'in-use' && view.since ? [{ endpointId, sinceMs: Date.parse(view.since) }] : [];
    });
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

const refused = (field: string, found: string, allowed: string): UnprocessableEntityException =>
  new UnprocessableEntityException({
    message: `${field}: found ${found}, allowed: ${allowed}`,
    errors: [{ field, found, allowed }],
  });
