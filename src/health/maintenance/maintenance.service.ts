import { Inject, Injectable, NotFoundException, type OnModuleInit, Optional } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { type Clock, CLOCK, systemClock } from '../../common/clock.js';
import { CoreLock } from '../../database/core-lock.js';
import { HealthService } from '../health.service.js';
import { type MaintenanceWindow, openOccurrence } from './maintenance-window.js';
import { MaintenanceRepository, type MaintenanceWrite } from './maintenance.repository.js';

export type MaintenanceDraft = Omit<MaintenanceWindow, 'id'>;

/** Planned work: in the database first, then in the state of the endpoints. Whether a window is open health computes by the clock. */
@Injectable()
export class MaintenanceService implements OnModuleInit {
  private windows: MaintenanceWindow[] = [];

  constructor(
    private readonly repository: MaintenanceRepository,
    private readonly lock: CoreLock,
    private readonly health: HealthService,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.windows = await this.repository.list();
    this.health.setMaintenance(this.windows);
  }

  list(): readonly MaintenanceWindow[] {
    return this.windows;
  }

  find(id: string): MaintenanceWindow | undefined {
    return this.windows.find((one) => one.id === id);
  }

  /** @throws NotFoundException */
  mustGet(id: string): MaintenanceWindow {
    const window = this.find(id);
    if (!window) throw new NotFoundException(`no maintenance window "${id}"`);
    return window;
  }

  isOpen(window: MaintenanceWindow): boolean {
    return openOccurrence(window, this.clock.wallMs()) !== null;
  }

  async create(draft: MaintenanceDraft, by: string): Promise<MaintenanceWindow> {
    const window = { ...draft, id: randomUUID() };
    await this.write([window], 'created', by);
    return window;
  }

  /** All of them or none. */
  async createAll(drafts: readonly MaintenanceDraft[], by: string): Promise<void> {
    const windows = drafts.map((draft) => ({ ...draft, id: randomUUID() }));
    await this.write(windows, 'created', by);
  }

  async replace(id: string, draft: MaintenanceDraft, by: string): Promise<MaintenanceWindow> {
    const window = { ...draft, id: this.mustGet(id).id };
    await this.write([window], 'changed', by);
    return window;
  }

  async delete(id: string, by: string): Promise<void> {
    await this.write([this.mustGet(id)], 'deleted', by);
  }

  /** Ends every open window that is for one of these endpoints alone and happens once. @returns how many */
  async endPauses(endpointIds: readonly string[], by: string): Promise<number> {
    const wanted = new Set(endpointIds);
    const pauses = this.windows.filter(
      (window) => window.scope === 'endpoint' && window.repeat === null && wanted.has(window.target) && this.isOpen(window),
    );
    if (pauses.length) await this.write(pauses, 'deleted', by);
    return pauses.length;
  }

  history(id: string): ReturnType<MaintenanceRepository['history']> {
    return this.repository.history(id);
  }

  private async write(windows: readonly MaintenanceWindow[], what: MaintenanceWrite['what'], by: string): Promise<void> {
    this.lock.mustHold();
    const atMs = this.clock.wallMs();
    await this.repository.write(windows.map((window) => ({ window, what, by, atMs })));
    const written = new Set(windows.map(({ id }) => id));
    const others = this.windows.filter(({ id }) => !written.has(id));
    this.windows = what === 'deleted' ? others : [...others, ...windows].sort((a, b) => a.fromMs - b.fromMs);
    this.health.setMaintenance(this.windows);
  }
}
