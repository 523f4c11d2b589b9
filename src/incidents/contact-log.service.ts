import { Inject, Injectable, NotFoundException, type OnModuleInit, Optional } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { CoreLock } from '../database/core-lock.js';
import { HealthService } from '../health/health.service.js';
import { type ContactLogEntry, ContactLogRepository } from './contact-log.repository.js';
import type { IncidentView } from './incident-view.js';

const KEPT_MS = 24 * 3_600_000;
const KEPT_PER_SITE = 20;

/** What was said on the phone, shown beside a site until it is ready again; kept for good. */
@Injectable()
export class ContactLogService implements OnModuleInit {
  private readonly recent = new Map<string, ContactLogEntry[]>();

  constructor(
    private readonly repository: ContactLogRepository,
    private readonly lock: CoreLock,
    private readonly health: HealthService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  async onModuleInit(): Promise<void> {
    const entries = await this.repository.since(new Date(this.clock.wallMs() - KEPT_MS));
    for (const entry of entries.reverse()) this.keep(entry);
    this.health.onChange(({ changed }) => {
      for (const { siteCode, state } of changed) if (state === 'ready') this.recent.delete(siteCode);
    });
  }

  /** Beside the site now: since it was last ready, newest first. */
  current(siteCode: string): readonly ContactLogEntry[] {
    return this.recent.get(siteCode) ?? [];
  }

  async add(siteCode: string, { by, note }: { by: string; note: string }): Promise<ContactLogEntry> {
    this.mustKnow(siteCode);
    this.lock.mustHold();
    const entry = { id: randomUUID(), siteCode, at: new Date(this.clock.wallMs()).toISOString(), by, note };
    await this.repository.add(entry);
    this.keep(entry);
    return entry;
  }

  ofSite(siteCode: string, limit: number): Promise<ContactLogEntry[]> {
    this.mustKnow(siteCode);
    return this.repository.ofSite(siteCode, limit);
  }

  /** With every site that it ever held, while it lasted. */
  ofIncident({ sites, everMembers, openedAt, resolvedAt }: IncidentView, limit: number): Promise<ContactLogEntry[]> {
    const ever = everMembers.flatMap((id) => this.health.view(id)?.siteCode ?? []);
    const to = resolvedAt === null ? new Date(this.clock.wallMs()) : new Date(resolvedAt);
    return this.repository.ofSites([...new Set([...sites, ...ever])], new Date(openedAt), to, limit);
  }

  private mustKnow(siteCode: string): void {
    if (!this.health.views().some((view) => view.siteCode === siteCode))
      throw new NotFoundException(`no site "${siteCode}" in the inventory`);
  }

  private keep(entry: ContactLogEntry): void {
    this.recent.set(entry.siteCode, [entry, ...this.current(entry.siteCode)].slice(0, KEPT_PER_SITE));
  }
}
