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

  /** @throws NotFoundException */
  mustGet(id: string): MaintenanceWindow {
    const window = this.windows.find((one) => one.id === id);
    if (!window) throw new NotFoundException(`no maintenance window "${id}"`);
    return window;
  }

  isOpen(window: MaintenanceWindow): boolean {
    return openOccurrence(window, this.clock.wallMs()) !== null;
  }

  create(draft: MaintenanceDraft, by: string): Promise<MaintenanceWindow> {
    return this.write({ ...draft, id: randomUUID() }, 'created', by);
  }

  replace(id: string, draft: MaintenanceDraft, by: string): Promise<MaintenanceWindow> {
    return this.write({ ...draft, id: this.mustGet(id).id }, 'changed', by);
  }

  async delete(id: string, by: string): Promise<void> {
    await this.write(this.mustGet(id), 'deleted', by);
  }

  history(id: string): ReturnType<MaintenanceRepository['history']> {
    return this.repository.history(id);
  }

  private async write(window: MaintenanceWindow, what: MaintenanceWrite['what'], by: string): Promise<MaintenanceWindow> {
    this.lock.mustHold();
    await this.repository.write({ window, what, by, atMs: this.clock.wallMs() });
    const others = this.windows.filter(({ id }) => id !== window.id);
    this.windows = what === 'deleted' ? others : [...others, window].sort((a, b) => a.fromMs - b.fromMs);
    this.health.setMaintenance(this.windows);
    return window;
  }
}
