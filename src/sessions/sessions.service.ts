import { Inject, Injectable, NotFoundException, type OnModuleInit, Optional } from '@nestjs/common';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { CoreLock } from '../database/core-lock.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { findOverlaps } from './overlaps.js';
import { type Participant, resolveParticipants, type SiteFacts, sitesOf } from './participants.js';
import type { Session } from './session.js';
import { SessionRepository, type SessionWrite } from './session.repository.js';
import { type ReadinessSummary, type SessionView, toView } from './session-view.js';
import type { SessionChange, StoredSession } from './stored-session.js';

type Listener = (changed: SessionView[]) => void;

/** Shown to the boards: what is over for longer, or comes after so many, is asked for by `GET /sessions`. */
const SHOWN_AFTER_END_MS = 86_400_000;
const MOST_SHOWN = 200;

/**
 * Every session in memory (some kB each, a few a day), so that decisions do not wait for the database. What is written stands in the
 * database first. One change at a time: memory and database never disagree about the order.
 */
@Injectable()
export class SessionsService implements OnModuleInit {
  private readonly sessions = new Map<string, StoredSession>();
  private sites: ReadonlyMap<string, SiteFacts> = new Map();
  private readonly readiness = new Map<string, ReadinessSummary>();
  private readonly listeners = new Set<Listener>();
  private shown = new Map<string, { view: SessionView; text: string }>();
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly repository: SessionRepository,
    private readonly inventory: InventoryService,
    private readonly lock: CoreLock,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.inventory.onChanged((endpoints) => {
      this.sites = sitesOf(endpoints);
      this.tellChanges();
    });
    this.sites = sitesOf(await this.inventory.listEndpoints());
    for (const session of await this.repository.list()) this.sessions.set(session.id, session);
    this.tellChanges();
  }

  /** Planned sessions (cancelled ones are none) that overlap with the time from `fromMs` until before `toMs`, in order of their start. */
  between(fromMs: number, toMs: number): StoredSession[] {
    return this.list().filter(
      ({ status, startsMs, endsMs, connectByMs }) =>
        status === 'planned' && endsMs > fromMs && Math.min(startsMs, connectByMs) < toMs,
    );
  }

  /** All, cancelled ones too, in order of their start. */
  list(): StoredSession[] {
    return [...this.sessions.values()].sort((a, b) => a.startsMs - b.startsMs || (a.id < b.id ? -1 : 1));
  }

  get(id: string): StoredSession | undefined {
    return this.sessions.get(id);
  }

  /** @throws NotFoundException */
  mustGet(id: string): StoredSession {
    const session = this.sessions.get(id);
    if (!session) throw new NotFoundException(`no session "${id}"`);
    return session;
  }

  /** Who takes part, as the inventory is now. */
  participants(session: Pick<Session, 'participants' | 'counterparts'>): Participant[] {
    return resolveParticipants(session, this.sites);
  }

  site(code: string): SiteFacts | undefined {
    return this.sites.get(code);
  }

  knownSites(): ReadonlyMap<string, SiteFacts> {
    return this.sites;
  }

  /** For the live feed: what runs, comes, or ended within a day. */
  views(): SessionView[] {
    return [...this.shown.values()].map(({ view }) => view);
  }

  viewsOf(sessions: readonly StoredSession[]): SessionView[] {
    const nowShown = this.list().filter(
      ({ endsMs }) => endsMs > Math.min(...sessions.map((one) => one.startsMs)) - SHOWN_AFTER_END_MS,
    );
    const overlaps = this.overlapsAmong(nowShown);
    return sessions.map((session) => this.toView(session, overlaps));
  }

  history(id: string): Promise<SessionChange[]> {
    return this.repository.history(id);
  }

  /** Told with the views that changed: also by the inventory, by overlaps and by readiness. A deleted session comes a last time, as cancelled. */
  onChanged(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** What readiness says of it, for boards and lists. */
  showReadiness(id: string, summary: ReadinessSummary): void {
    if (!this.sessions.has(id)) return;
    this.readiness.set(id, summary);
    this.tellChanges();
  }

  /**
   * `decide` sees the sessions as they are while nobody else changes them, and answers with what to write.
   * @returns what `decide` returned
   */
  change<T extends { writes: SessionWrite[]; notes?: StoredSession[] }>(decide: (nowMs: number) => T | Promise<T>): Promise<T> {
    const done = this.working.then(async () => {
      const decided = await decide(this.clock.wallMs());
      const { writes, notes = [] } = decided;
      if (writes.length || notes.length) {
        this.lock.mustHold();
        await this.repository.write(writes, notes);
        this.adopt(writes, notes);
      }
      return decided;
    });
    this.working = done.catch(() => undefined);
    return done;
  }

  private adopt(writes: readonly SessionWrite[], notes: readonly StoredSession[]): void {
    for (const { session, what } of writes) {
      if (what === 'deleted') this.sessions.delete(session.id);
      else this.sessions.set(session.id, session);
    }
    for (const session of notes) this.sessions.set(session.id, session);
    this.tellChanges();
  }

  private tellChanges(): void {
    const before = this.shown;
    this.shown = new Map(this.currentViews().map((view) => [view.id, { view, text: JSON.stringify(view) }]));
    const changed = [...this.shown.values()]
      .filter(({ view, text }) => before.get(view.id)?.text !== text)
      .map(({ view }) => view);
    const gone = [...before.values()].filter(({ view }) => !this.sessions.has(view.id));
    changed.push(...gone.map(({ view }) => ({ ...view, status: 'cancelled' as const })));
    if (changed.length) for (const listener of this.listeners) listener(changed);
  }

  private currentViews(): SessionView[] {
    const fromMs = this.clock.wallMs() - SHOWN_AFTER_END_MS;
    const shown = this.list().filter(({ endsMs }) => endsMs > fromMs);
    const overlaps = this.overlapsAmong(shown);
    return shown.slice(0, MOST_SHOWN).map((session) => this.toView(session, overlaps));
  }

  private overlapsAmong(sessions: readonly StoredSession[]): Map<string, string[]> {
    const planned = sessions.filter(({ status }) => status === 'planned');
    return findOverlaps(
      planned.map((session) => ({ session, sites: new Set(this.participants(session).map(({ siteCode }) => siteCode)) })),
    );
  }

  private toView(session: StoredSession, overlaps: ReadonlyMap<string, string[]>): SessionView {
    const participants = this.participants(session);
    return toView(session, {
      participantCount: participants.length,
      requiredCount: participants.filter(({ required }) => required).length,
      overlaps: overlaps.get(session.id) ?? [],
      readiness: this.readiness.get(session.id),
    });
  }
}
