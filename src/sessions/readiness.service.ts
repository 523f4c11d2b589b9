import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { HealthService } from '../health/health.service.js';
import { ContactLogService } from '../incidents/contact-log.service.js';
import type { IncidentView } from '../incidents/incident-view.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import { NO_CAPS } from '../prober/caps.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { Plan, PlanItem } from '../prober/messages.js';
import type { PacingLimits } from '../prober/predict-finish.js';
import type { Outcome } from '../probes/contract.js';
import type { RunsOf } from './check-plan.js';
import { CheckpointRepository } from './checkpoint.repository.js';
import { CheckpointRunner } from './checkpoint-runner.js';
import { DurationBook } from './duration-book.js';
import { FrozenPictures } from './frozen-pictures.js';
import { denser, lightIntervalMs, type LightNeed } from './light-schedule.js';
import { type Readiness, readinessOf, type SiteStanding } from './readiness.js';
import { differencesFrom } from './readiness-differences.js';
import type { ReadinessEvent } from './readiness-events.js';
import { checkpointViews, type CheckpointView, presentCheckpoint, type ReadinessView, summaryOf } from './readiness-view.js';
import type { Session } from './session.js';
import { callsFrom, type PictureSources, standingsOf } from './session-picture.js';
import { SessionsService } from './sessions.service.js';
import { runsOf } from './sweep.js';

const TICK_MS = 1_000;
const DAY_MS = 86_400_000;
/** Checkpoints may lie weeks before a start; what is further away is looked at when it comes nearer. */
const AHEAD_MS = 60 * DAY_MS;
/** The boards are told how a session stands from a day before its start until its end, so often. */
const SHOWN_BEFORE_MS = DAY_MS;
const SHOW_MS = 5_000;

/** Readiness of every session: what is known joined with what is asked for; the runner of checkpoints, moved by the clock and kept in the database. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger(ReadinessService.name);
  private readonly runner: CheckpointRunner;
  private readonly sources: PictureSources;
  private readonly denserListeners: (() => void)[] = [];
  private durations = new DurationBook();
  private plan: Plan | null = null;
  private itemsOf: ReadonlyMap<string, readonly PlanItem[]> = new Map();
  private endpointsOf: ReadonlyMap<string, readonly EndpointRecord[]> = new Map();
  private restored = false;
  private saving = false;
  private shownMs = -Infinity;
  private lightPhase = '';

  constructor(
    private readonly sessions: SessionsService,
    health: HealthService,
    prober: ProberHost,
    private readonly repository: CheckpointRepository,
    private readonly frozen: FrozenPictures,
    incidents: IncidentsService,
    contacts: ContactLogService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {
    this.sources = {
      endpointsOf: (siteCode) => this.endpointsOf.get(siteCode) ?? [],
      view: (id) => health.view(id),
      lastCall: (id) => health.latestCall(id),
      incidents: () => incidentsBySite(incidents.open()),
      contactLogOf: (siteCode) => contacts.current(siteCode),
    };
    this.runner = new CheckpointRunner({
      clock,
      sessions: () => this.coming(),
      runsOf: (session) => this.runsOf(session),
      limits: () => this.limits(),
      checkNow: (checks) => prober.checkNow(checks),
      lastSeen: ({ endpointId, kind }) => health.latestOutcome(endpointId, kind),
      readiness: (session) => this.readiness(session),
    });
    prober.onStatus((status) => {
      if (status !== 'up') this.runner.proberChanged();
    });
  }

  onEvent(listener: (event: ReadinessEvent) => void): void {
    this.runner.onEvent(listener);
  }

  /** The light probes of participants should go out more or less often than the plan says. */
  onLightPhase(listener: () => void): void {
    this.denserListeners.push(listener);
  }

  setPlan(endpoints: readonly EndpointRecord[], plan: Plan): void {
    this.plan = plan;
    this.itemsOf = grouped(plan.items, ({ endpointId }) => endpointId);
    this.endpointsOf = grouped(endpoints, ({ siteCode }) => siteCode);
    this.runner.planChanged();
  }

  /** The plan with denser light probes for those whose session is near. */
  withLightProbes(plan: Plan): Plan {
    const items = denser(plan.items, this.lightNeeds(), plan, ({ endpointId, kind }) =>
      this.durations.expectedMs(endpointId, kind),
    );
    return { ...plan, items };
  }

  /** After a start: checkpoints that ran, verdicts that were told, how long probes take. From then on time moves it. */
  async restore(): Promise<void> {
    const nowMs = this.clock.wallMs();
    const [runs, told, durations] = await Promise.all([
      this.repository.since(new Date(nowMs - 2 * DAY_MS)),
      this.repository.verdicts(),
      this.repository.durations(new Date(nowMs)),
    ]);
    this.durations = new DurationBook(durations);
    this.runner.restore(runs, told);
    this.runner.onEvent((event) => this.keepVerdict(event));
    this.restored = true;
  }

  outcomesSeen(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) this.durations.learn(outcome);
    this.runner.outcomesSeen(outcomes);
  }

  @Interval(TICK_MS)
  tick(): void {
    if (!this.restored || !this.plan) return;
    this.runner.tick();
    void this.save();
    void this.frozen.freezeStarted((session) => this.view(session));
    this.followLightPhase();
    const nowMs = this.clock.wallMs();
    if (nowMs - this.shownMs < SHOW_MS) return;
    this.shownMs = nowMs;
    for (const session of this.sessions.between(nowMs, nowMs + SHOWN_BEFORE_MS)) this.show(session);
  }

  readiness(session: Session): Readiness {
    const from = callsFrom(this.runner.runsOf(session.id));
    const standings = standingsOf(this.sessions.participants(session), this.sources, session, from);
    return readinessOf(session, standings, this.clock.wallMs());
  }

  async view(session: Session): Promise<ReadinessView> {
    // who is ready must be told while the database is away; what changed since last time can wait
    const lastGood = await this.frozen.lastGoodBefore(session).catch(() => null);
    const readiness = this.readiness(session);
    const checkpoint = presentCheckpoint(this.checkpoints(session), Date.parse(readiness.at));
    const differences = lastGood && differencesFrom(lastGood, readiness);
    return { ...readiness, predictedFinish: checkpoint?.predictedFinish ?? null, checkpoint, differences };
  }

  checkpoints(session: Session): CheckpointView[] {
    return checkpointViews(this.runner.planOf(session), this.runner.runsOf(session.id));
  }

  /** Everything that is planned for the devices of its participants, with the time it takes as measured. */
  runsOf(session: Session, only?: ReadonlySet<string>): RunsOf {
    const sites = this.sessions.participants(session).filter(({ siteCode }) => only?.has(siteCode) ?? true);
    const devices = sites.flatMap(({ siteCode }) => this.endpointsOf.get(siteCode) ?? []);
    return runsOf(
      devices.flatMap(({ id }) => this.itemsOf.get(id) ?? []),
      this.durations,
    );
  }

  limits(): PacingLimits {
    if (!this.plan) throw new Error('asked for limits before there was a plan');
    return { concurrency: this.plan.concurrency, caps: this.plan.caps ?? NO_CAPS };
  }

  private coming(): Session[] {
    const nowMs = this.clock.wallMs();
    return this.sessions.between(nowMs, nowMs + AHEAD_MS);
  }

  private show(session: Session): void {
    this.sessions.showReadiness(session.id, summaryOf(this.readiness(session), this.checkpoints(session)));
  }

  private lightNeeds(): LightNeed[] {
    const nowMs = this.clock.wallMs();
    return this.sessions.between(nowMs, nowMs + DAY_MS).flatMap((session) => {
      const everyMs = lightIntervalMs(session, nowMs);
      if (everyMs === null) return [];
      const devices = this.sessions.participants(session).flatMap(({ siteCode }) => this.endpointsOf.get(siteCode) ?? []);
      return [{ everyMs, endpointIds: new Set(devices.map(({ id }) => id)) }];
    });
  }

  /** A plan is made and sent as a whole: only when the density changes, a few times a session. */
  private followLightPhase(): void {
    const nowMs = this.clock.wallMs();
    const near = this.sessions.between(nowMs, nowMs + DAY_MS);
    const phase = near.map((session) => `${session.id} ${lightIntervalMs(session, nowMs)}`).join();
    if (phase === this.lightPhase) return;
    this.lightPhase = phase;
    for (const listener of this.denserListeners) listener();
  }

  /** A database that is away holds up no checkpoint: what it could not take is offered again with the next tick. */
  private async save(): Promise<void> {
    if (this.saving) return;
    const runs = this.runner.unsaved();
    if (runs.length === 0) return;
    this.saving = true;
    try {
      await this.repository.save(runs);
    } catch (error) {
      this.runner.keep(runs);
      this.logger.warn(`checkpoints not saved yet: ${(error as Error).message}`);
    } finally {
      this.saving = false;
    }
  }

  private keepVerdict(event: ReadinessEvent): void {
    if (!('readiness' in event)) return;
    this.repository.saveVerdict(event.sessionId, event.readiness.verdict, new Date(event.atMs)).catch((error: unknown) => {
      // told once more after a restart, under another key
      this.logger.warn(`verdict not saved: ${(error as Error).message}`);
    });
  }
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function incidentsBySite(open: readonly IncidentView[]): Map<string, SiteStanding['incident']> {
  return new Map(open.flatMap(({ id, sites }) => sites.map((siteCode) => [siteCode, { id, ofMany: sites.length > 1 }] as const)));
}
