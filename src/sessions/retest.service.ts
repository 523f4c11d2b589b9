import { Inject, Injectable, Optional, UnprocessableEntityException } from '@nestjs/common';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import { ChecksService } from '../health/checks.service.js';
import { predictFinish } from '../prober/predict-finish.js';
import { lastCallStartMs, type Suite } from './check-plan.js';
import { countsAsReady, type SiteReadiness } from './readiness.js';
import { ReadinessService } from './readiness.service.js';
import type { Session } from './session.js';

/** @property override call these in spite of a pause after busy, declined or not answering by themselves */
export type RetestOf = { sites: string[]; override: boolean } | { red: true };

export interface Retest {
  /** `light` from the moment on when calls stop */
  suite: Suite;
  sites: string[];
  /** to be followed with `GET /checks/{runId}` */
  runIds: string[];
  predictedFinish: string;
}

/** A person waits for a few; many together are a sweep, and must not stand in the way of such a person. */
const AS_CHECKS = 5;
const WITHIN_MS = 10 * 60_000;
/** A call would disturb, or nobody is there. */
const LEFT_ALONE: ReadonlySet<SiteReadiness['class']> = new Set(['inUse', 'maintenance']);

/** Tests one site, a selection, or all that are red once more, at once. */
@Injectable()
export class RetestService {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly checks: ChecksService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  retest(session: Session, of: RetestOf): Retest {
    const sites = 'red' in of ? this.redOf(session) : this.known(session, of.sites);
    const nowMs = this.clock.wallMs();
    const possible = this.readiness.runsOf(session, new Set(sites));
    const suite: Suite = nowMs < lastCallStartMs(session, possible) ? 'full' : 'light';
    const runs = possible[suite];
    const lane = sites.length <= AS_CHECKS ? ('check' as const) : ('sweep' as const);
    const override = 'sites' in of && of.override;
    const orders = runs.map(({ item: { endpointId, kind } }) => ({
      endpointId,
      kind,
      runId: newRunId(),
      lane,
      withinMs: WITHIN_MS,
      override,
    }));
    this.checks.order(orders);
    const { finishMs } = predictFinish(runs, this.readiness.limits());
    const predictedFinish = new Date(nowMs + finishMs).toISOString();
    return { suite, sites, runIds: orders.map(({ runId }) => runId), predictedFinish };
  }

  private redOf(session: Session): string[] {
    const { sites } = this.readiness.readiness(session);
    return sites.filter((site) => !countsAsReady(site) && !LEFT_ALONE.has(site.class)).map(({ siteCode }) => siteCode);
  }

  private known(session: Session, wanted: readonly string[]): string[] {
    const participants = new Set(this.readiness.readiness(session).sites.map(({ siteCode }) => siteCode));
    const others = wanted.filter((siteCode) => !participants.has(siteCode));
    if (others.length) throw new UnprocessableEntityException(`sites: ${others.join(', ')} take no part in this session`);
    return [...new Set(wanted)];
  }
}
