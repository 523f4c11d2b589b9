import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { systemClock } from '../common/clock.js';
import { HealthService } from '../health/health.service.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import { DoubtNotices } from '../notices/doubt-notices.js';
import { noticeOfIncident } from '../notices/from-incident.js';
import { noticeOfReadiness } from '../notices/from-session.js';
import { NoticesService } from '../notices/notices.service.js';
import { Rehearsals } from '../results/figures/rehearsals.js';
import { ReadinessService } from '../sessions/readiness.service.js';
import { SIMULATED } from './tokens.js';

/** Leads what happens to those who want to be told. */
@Injectable()
export class NoticeSourcesService implements OnApplicationBootstrap {
  constructor(
    private readonly notices: NoticesService,
    private readonly readiness: ReadinessService,
    private readonly health: HealthService,
    private readonly incidents: IncidentsService,
    rehearsals: Rehearsals,
    @Inject(SIMULATED) private readonly simulated: boolean,
  ) {
    // before anything is restored: what a start finds out is news as well, and told once by its key
    this.readiness.onEvent((event) => this.notices.take(noticeOfReadiness(event)));
    this.incidents.onEvent((event) => {
      const nowMs = systemClock.wallMs();
      this.notices.take(noticeOfIncident(event, nowMs, rehearsals.coversAll(event.incident.everMembers, nowMs)));
    });
    const doubts = new DoubtNotices();
    this.health.onDoubt((doubt) => {
      const notice = doubts.changed(doubt, systemClock.wallMs());
      if (notice) this.notices.take(notice);
    });
  }

  onApplicationBootstrap(): void {
    this.notices.start({ simulated: this.simulated });
  }
}
