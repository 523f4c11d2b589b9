import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import type { Readiness, SiteReadiness, Verdict } from './readiness.js';
import type { ReadinessView } from './readiness-view.js';
import type { Session } from './session.js';
import { SessionsService } from './sessions.service.js';
import { SnapshotsService } from './snapshots.service.js';

/** What is kept of the start of a session. */
export interface FrozenPicture {
  session: Session;
  readiness: ReadinessView;
}

/** Of a frozen picture, what a later session is compared with. */
export interface FrozenClasses extends Pick<Readiness, 'sessionId' | 'at' | 'verdict'> {
  sites: Pick<SiteReadiness, 'siteCode' | 'class'>[];
}

/** The last session that could take place is looked for among so many. */
const LOOKED_AT = 30;

/** Freezes the picture of each session at its start, and finds the last good one. */
@Injectable()
export class FrozenPictures {
  private readonly logger = new Logger(FrozenPictures.name);
  /** what a frozen picture says never changes; null: there is none, and none will come any more */
  private readonly known = new Map<string, FrozenClasses | null>();
  private readonly under = new Set<string>();

  constructor(
    private readonly sessions: SessionsService,
    private readonly snapshots: SnapshotsService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  /** Tried again with each tick until it is done: the picture says itself when it was taken. */
  async freezeStarted(pictureOf: (session: Session) => Promise<ReadinessView>): Promise<void> {
    const nowMs = this.clock.wallMs();
    const started = this.sessions
      .between(nowMs, nowMs + 1)
      .filter(({ id, startsMs }) => startsMs <= nowMs && !this.known.get(id));
    for (const session of started) {
      if (this.under.has(session.id)) continue;
      this.under.add(session.id);
      await this.freeze(session, pictureOf).catch((error: unknown) =>
        this.logger.warn(`the picture of session ${session.id} is not frozen yet: ${(error as Error).message}`),
      );
      this.under.delete(session.id);
    }
  }

  /** The newest before this one that was GO at its start; what was rehearsed counts for nothing. */
  async lastGoodBefore({ startsMs, id }: Session): Promise<FrozenClasses | null> {
    const earlier = this.sessions.list().filter((one) => one.startsMs < startsMs && one.id !== id && !one.rehearsal);
    for (const { id: earlierId } of earlier.slice(-LOOKED_AT).reverse()) {
      const frozen = await this.classesOf(earlierId);
      if (frozen?.verdict === GO) return frozen;
    }
    return null;
  }

  private async freeze(session: Session, pictureOf: (session: Session) => Promise<ReadinessView>): Promise<void> {
    const before = await this.snapshots.find(session.id);
    const picture: FrozenPicture = before ? (before.picture as FrozenPicture) : { session, readiness: await pictureOf(session) };
    if (!before) await this.snapshots.save(session.id, picture);
    this.known.set(session.id, classesIn(picture));
  }

  private async classesOf(sessionId: string): Promise<FrozenClasses | null> {
    const known = this.known.get(sessionId);
    if (known !== undefined) return known;
    const snapshot = await this.snapshots.find(sessionId);
    const classes = snapshot ? classesIn(snapshot.picture as FrozenPicture) : null;
    this.known.set(sessionId, classes);
    return classes;
  }
}

const GO: Verdict = 'GO';

const classesIn = ({ readiness: { sessionId, at, verdict, sites } }: FrozenPicture): FrozenClasses => ({
  sessionId,
  at,
  verdict,
  sites: sites.map(({ siteCode, class: siteClass }) => ({ siteCode, class: siteClass })),
});
