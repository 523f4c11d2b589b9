import { Inject, Injectable, Logger, NotFoundException, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Cancel, CLOCK, type Scheduler, systemScheduler } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { CoreLock } from '../database/core-lock.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { HealthService } from '../health/health.service.js';
import type { Cause, EndpointFact } from './cause.js';
import { type Assignment, correlate } from './correlator.js';
import { factsOf } from './facts.js';
import type { AuditEntry, Evidence, Incident, IncidentEventType, Severity } from './incident.js';
import { IncidentBook, type IncidentChange, REOPEN_WITHIN_MS } from './incident-book.js';
import { type IncidentView, toIncidentView } from './incident-view.js';
import { IncidentsRepository } from './incidents.repository.js';
import { type Announcement, Announcements } from './announcements.js';
import { severityOf } from './severity.js';

export interface IncidentEvent {
  type: IncidentEventType;
  incident: IncidentView;
}

/** Failures of one outage arrive over some seconds; looking at once would only look more often. */
const SETTLE_MS = 500;
const TICK_MS = 5_000;
const EVIDENCE_CHARACTERS = 8_000;

/** Correlates what is wrong into incidents, keeps them, and tells who listens. */
@Injectable()
export class IncidentsService implements OnApplicationShutdown {
  private readonly logger = new Logger(IncidentsService.name);
  private readonly book: IncidentBook;
  private readonly announcements = new Announcements();
  private readonly eventListeners = new Set<(event: IncidentEvent) => void>();
  private readonly changeListeners = new Set<(changed: IncidentView[]) => void>();
  private readonly unsaved = new Map<string, Incident>();
  private unsavedEntries: AuditEntry[] = [];
  private saving: Promise<void> = Promise.resolve();
  private soon: Cancel | undefined;
  private isStarted = false;
  private isLooking = false;
  private openedCount = new Map<string, number>();

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'vantage'>,
    private readonly health: HealthService,
    private readonly repository: IncidentsRepository,
    private readonly lock: CoreLock,
    @Optional() @Inject(CLOCK) private readonly clock: Scheduler = systemScheduler,
  ) {
    this.book = new IncidentBook({
      newId: randomUUID,
      siteOf: (id) => this.health.view(id)?.siteCode ?? id,
      severityOf: (cause, members) => this.severity(cause, members),
      evidenceOf: (id) => this.evidence(id),
    });
  }

  /** Once the state of the endpoints is known again: before that everything would look as if it had recovered. */
  async start(): Promise<void> {
    const since = new Date(this.clock.wallMs() - REOPEN_WITHIN_MS);
    const known = await this.repository.lately(since);
    this.book.restore(known);
    for (const again of this.announcements.restore(known)) this.tell(again);
    this.isStarted = true;
    this.health.onChange(() => this.lookSoon());
    this.look();
  }

  open(): IncidentView[] {
    return this.book.openIncidents().map(toIncidentView);
  }

  /** The open incident of an endpoint. */
  of(endpointId: string): Incident | undefined {
    return this.book.openIncidents().find(({ members }) => members.includes(endpointId));
  }

  /** By severity and kind of cause, since the start. */
  opened(): ReadonlyMap<string, number> {
    return this.openedCount;
  }

  /**
   * For notices: a cause is told once, and not while it may still turn out to be part of a wider one. After a start what was told of lately is told
   * again, since a crash may have lost it on its way: whoever keeps it knows it by its key.
   */
  onEvent(listener: (event: IncidentEvent) => void): void {
    this.eventListeners.add(listener);
  }

  /** For the feed: every change, at once. Ended ones come once more, with their end. */
  onChanged(listener: (changed: IncidentView[]) => void): void {
    this.changeListeners.add(listener);
  }

  /** Written down before it counts: without the database nobody is told that somebody looks after it. */
  async acknowledge(id: string, { by, note }: { by: string; note: string }): Promise<IncidentView> {
    const written = await this.inTurn(async () => {
      await this.saveNow();
      const change = this.book.acknowledgement(id, { by, note, atMs: this.clock.wallMs() });
      if (!change) throw new NotFoundException(`no open incident "${id}"`);
      this.lock.mustHold();
      await this.repository.write([change.incident], [change.entry]);
      const adopted = this.book.acknowledge(change);
      if (adopted) this.take([adopted]);
      return change;
    });
    return toIncidentView(written.incident);
  }

  @Interval(TICK_MS)
  tick(): void {
    if (this.isStarted) void this.lookInParts();
  }

  /** Every open cause against what the endpoints are now, at once. */
  look(): void {
    this.notSoon();
    this.settle(correlate(this.facts(), this.book.openCauses(), this.config.vantage));
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStarted = false;
    this.notSoon();
    await this.save().catch((error: unknown) =>
      this.logger.warn(`the last changes of incidents are not stored: ${String(error)}`),
    );
  }

  /** At 10,000 endpoints facts and causes take some 10 ms each: pages and metrics are served between them. */
  private async lookInParts(): Promise<void> {
    this.notSoon();
    if (this.isLooking) return this.lookSoon();
    this.isLooking = true;
    try {
      await nextTurn(); // out of the timers' own turn: what follows would come in the same one, before any other timer
      const facts = this.facts();
      await nextTurn();
      const assignments = correlate(facts, this.book.openCauses(), this.config.vantage);
      await nextTurn();
      if (this.isStarted) this.settle(assignments);
    } finally {
      this.isLooking = false;
    }
  }

  private facts(): EndpointFact[] {
    return factsOf(this.health.views(), {
      ping: (id) => this.health.freshOutcome(id, 'icmp'),
      call: (id) => this.health.latestCall(id),
    });
  }

  private settle(assignments: readonly Assignment[]): void {
    this.take(this.book.apply(assignments, this.clock.wallMs()));
    void this.save().catch((error: unknown) => this.logger.debug(`incidents wait for the database: ${String(error)}`));
  }

  private lookSoon(): void {
    this.soon ??= this.clock.after(SETTLE_MS, () => this.isStarted && void this.lookInParts());
  }

  private notSoon(): void {
    this.soon?.();
    this.soon = undefined;
  }

  private take(changes: readonly IncidentChange[]): void {
    for (const { type, incident, entry } of changes) {
      this.unsaved.set(incident.id, incident);
      this.unsavedEntries.push(entry);
      if (type === 'opened') this.countOpened(incident);
    }
    if (changes.length)
      for (const listener of this.changeListeners) listener(changes.map(({ incident }) => toIncidentView(incident)));
    for (const { type, incident } of this.announcements.take(changes, this.book.openIncidents(), this.clock.wallMs())) {
      this.unsaved.set(incident.id, incident);
      this.tell({ type, incident });
    }
  }

  private tell({ type, incident }: Announcement): void {
    for (const listener of this.eventListeners) listener({ type, incident: toIncidentView(incident) });
  }

  private save(): Promise<void> {
    return this.inTurn(() => this.saveNow());
  }

  /** One writer at a time: an older picture never follows a newer one. */
  private inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.saving.catch(() => undefined).then(write);
    this.saving = written.then(() => undefined);
    // whoever asked hears of a failure; the next one only waits for it
    this.saving.catch(() => undefined);
    return written;
  }

  private async saveNow(): Promise<void> {
    if (this.unsaved.size === 0 && this.unsavedEntries.length === 0) return;
    this.lock.mustHold();
    const incidents = [...this.unsaved.values()].map((incident) => ({ ...incident }));
    const entries = this.unsavedEntries;
    this.unsaved.clear();
    this.unsavedEntries = [];
    try {
      await this.repository.write(incidents, entries);
    } catch (error) {
      for (const incident of incidents) if (!this.unsaved.has(incident.id)) this.unsaved.set(incident.id, incident);
      this.unsavedEntries = [...entries, ...this.unsavedEntries];
      throw error;
    }
  }

  private countOpened({ severity, cause }: Incident): void {
    const key = `${severity} ${cause.kind}`;
    this.openedCount.set(key, (this.openedCount.get(key) ?? 0) + 1);
  }

  private severity(cause: Cause, members: readonly string[]): Severity {
    const views = members.map((id) => this.health.view(id)).filter((view) => view !== undefined);
    return severityOf(cause, views);
  }

  private evidence(id: string): Evidence {
    const view = this.health.view(id);
    const kinds = Object.keys(view?.probes ?? {}) as (keyof EndpointView['probes'])[];
    const outcomes = kinds.flatMap((kind) => this.health.freshOutcome(id, kind) ?? []).filter(({ result }) => result !== 'pass');
    const telling = outcomes.find(({ reason }) => reason === view?.reason) ?? outcomes[0];
    const base = { endpointId: id, siteName: view?.siteName ?? id, reason: view?.reason ?? null, since: view?.since ?? null };
    if (!telling) return base;
    const { kind, startedAt, reason, detail, evidence } = telling;
    const whole = { kind, startedAt, reason, detail, evidence };
    const isSmall = JSON.stringify(whole).length <= EVIDENCE_CHARACTERS;
    return { ...base, outcome: isSmall ? whole : { kind, startedAt, reason } };
  }
}
