import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Cancel, type Clock, CLOCK, systemClock, systemScheduler } from '../../common/clock.js';
import { ok, type Result } from '../../common/result.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { CalendarSettings } from '../../config/calendars-schema.js';
import { SessionRepository } from '../session.repository.js';
import { SessionsService } from '../sessions.service.js';
import { type CalendarDefaults, type CalendarReport, decideChanges } from './calendar-changes.js';
import { fetchCalendar } from './calendar-source.js';
import { CalendarThread } from './calendar-thread.js';
import type { CalendarProblem } from './content-lines.js';
import type { CalendarContent, Window } from './read-calendar.js';

/** How a configured calendar fares. */
export interface CalendarStatus {
  name: string;
  /** when it was last taken */
  takenAt: string | null;
  /** why the last look at it changed nothing; null: it did not fail */
  problem: string | null;
  /** sessions of the last look that are left as they are, though the calendar says otherwise */
  kept: CalendarReport['kept'];
}

const HORIZON_MS = 90 * 86_400_000;
const UPLOAD: CalendarDefaults = { name: 'upload', participants: {}, counterparts: [], isWhole: false };

/** Makes sessions of calendars: files sent by hand, and those of the settings, which are looked at again and again. */
@Injectable()
export class CalendarsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Calendars');
  private readonly statuses: Map<string, CalendarStatus>;
  private readonly waiting = new Map<string, Cancel>();
  private readonly working = new Set<Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly sessions: SessionsService,
    private readonly repository: SessionRepository,
    private readonly thread: CalendarThread,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'calendars'>,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {
    this.statuses = new Map(config.calendars.map(({ name }) => [name, { name, takenAt: null, problem: null, kept: [] }]));
  }

  onApplicationBootstrap(): void {
    for (const calendar of this.config.calendars) this.lookAfter(calendar, 0);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    for (const cancel of this.waiting.values()) cancel();
    await Promise.all(this.working);
  }

  status(): CalendarStatus[] {
    return [...this.statuses.values()];
  }

  /** Single invitations: what is not in the file stays. Nothing is changed by a file with a problem, or on a dry run. */
  import(bytes: Uint8Array, { dryRun }: { dryRun: boolean }): Promise<Result<CalendarReport, CalendarProblem[]>> {
    return this.take(bytes, UPLOAD, dryRun);
  }

  /** @throws when it cannot be fetched, or the database cannot take it */
  async look(calendar: CalendarSettings): Promise<Result<CalendarReport, CalendarProblem[]>> {
    return this.take(await fetchCalendar(calendar), { ...calendar, isWhole: true }, false);
  }

  private async take(
    bytes: Uint8Array,
    defaults: CalendarDefaults,
    dryRun: boolean,
  ): Promise<Result<CalendarReport, CalendarProblem[]>> {
    const nowMs = this.clock.wallMs();
    const window = { fromMs: nowMs, toMs: nowMs + HORIZON_MS };
    const content = await this.thread.read(bytes, window);
    if (!content.ok) return content;
    return ok(await this.apply(content.value, window, defaults, dryRun));
  }

  private async apply(
    content: CalendarContent,
    window: Window,
    defaults: CalendarDefaults,
    dryRun: boolean,
  ): Promise<CalendarReport> {
    const { report } = await this.sessions.change(async (nowMs) => {
      const present = { sessions: this.sessions.list(), deleted: await this.repository.deletedOccurrences() };
      const decision = decideChanges(content, present, defaults, { nowMs, window, newId: randomUUID });
      return { report: decision.report, ...(dryRun ? { writes: [] } : { writes: decision.writes, notes: decision.notes }) };
    });
    return report;
  }

  private lookAfter(calendar: CalendarSettings, delayMs: number): void {
    if (this.isStopped) return;
    const run = (): void => {
      const work = this.lookOnce(calendar).finally(() => {
        this.working.delete(work);
        this.lookAfter(calendar, calendar.pollSeconds * 1_000);
      });
      this.working.add(work);
    };
    this.waiting.set(calendar.name, systemScheduler.after(delayMs, run));
  }

  private async lookOnce(calendar: CalendarSettings): Promise<void> {
    try {
      const answer = await this.look(calendar);
      if (answer.ok) this.taken(calendar, answer.value);
      else this.failed(calendar, answer.error.map(problemInWords).join('; '));
    } catch (error) {
      this.failed(calendar, (error as Error).message);
    }
  }

  private taken({ name }: CalendarSettings, report: CalendarReport): void {
    const { created, changed, cancelled, kept } = report;
    const counts = { created: created.length, changed: changed.length, cancelled: cancelled.length };
    if (Object.values(counts).some(Boolean)) this.logger.log(`calendar ${name}: ${JSON.stringify(counts)}`);
    this.statuses.set(name, { name, takenAt: new Date(this.clock.wallMs()).toISOString(), problem: null, kept });
  }

  private failed({ name }: CalendarSettings, problem: string): void {
    const before = this.statuses.get(name);
    if (before?.problem !== problem) this.logger.warn(`calendar ${name} changed nothing and is looked at again: ${problem}`);
    this.statuses.set(name, { name, takenAt: before?.takenAt ?? null, kept: before?.kept ?? [], problem });
  }
}

const problemInWords = ({ line, field, found, allowed }: CalendarProblem): string =>
  `line ${line}, ${field}: found ${found}, allowed: ${allowed}`;
