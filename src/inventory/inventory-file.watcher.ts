import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { stat } from 'node:fs/promises';
import { type Cancel, systemScheduler } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { InventoryService, isRefusal } from './inventory.service.js';

const LOOK_EVERY_MS = 1_000;
const LOGGED_ERRORS = 20;

/**
 * Imports the file INVENTORY at start and whenever it changes. It looks at the file once a second instead of asking the
 * kernel for news: that also sees a file replaced by renaming, on a network share, or mounted into a container.
 */
@Injectable()
export class InventoryFileWatcher implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('InventoryFile');
  private readonly path: string | undefined;
  private seen = '';
  private imported = '';
  private toldFailure = '';
  private cancelNext?: Cancel;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly inventory: InventoryService,
    @Inject(APP_CONFIG) config: Pick<AppConfig, 'inventoryPath'>,
  ) {
    this.path = config.inventoryPath;
  }

  async onModuleInit(): Promise<void> {
    if (!this.path) return;
    this.seen = await fingerprint(this.path);
    await this.importOnce(this.path);
    this.planNext(this.path);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.cancelNext?.();
    await this.working;
  }

  private planNext(path: string): void {
    if (this.stopped) return;
    this.cancelNext = systemScheduler.after(LOOK_EVERY_MS, () => {
      this.working = this.look(path).finally(() => this.planNext(path));
    });
  }

  /** A file still being written changes from look to look: it is taken when two looks agree. */
  private async look(path: string): Promise<void> {
    const now = await fingerprint(path);
    const isSettled = now === this.seen;
    this.seen = now;
    if (isSettled && now !== this.imported) await this.importOnce(path);
  }

  /** What the file says is settled by one attempt; when the database is away the next look tries again. */
  private async importOnce(path: string): Promise<void> {
    const state = this.seen;
    if (state === MISSING) {
      this.imported = state;
      this.logger.error(`${path} cannot be read; the inventory stays as it is`);
      return;
    }
    try {
      const answer = await this.inventory.importFile(path);
      this.imported = state;
      this.toldFailure = '';
      if (answer.ignoredColumns.length) this.logger.warn(`${path}: columns not used: ${answer.ignoredColumns.join(', ')}`);
      if (isRefusal(answer)) this.tellErrors(path, answer.errors);
    } catch (error) {
      const failure = (error as Error).message;
      if (failure !== this.toldFailure) this.logger.warn(`${path} was not imported and is tried again: ${failure}`);
      this.toldFailure = failure;
    }
  }

  private tellErrors(path: string, errors: { line: number; field: string; found: string; allowed: string }[]): void {
    const lines = errors
      .slice(0, LOGGED_ERRORS)
      .map(({ line, field, found, allowed }) => `  line ${line}, ${field}: found ${found}, allowed: ${allowed}`);
    const rest = errors.length > LOGGED_ERRORS ? [`  and ${errors.length - LOGGED_ERRORS} more`] : [];
    this.logger.error(
      [`${path} is refused with ${errors.length} error(s); the inventory stays as it is`, ...lines, ...rest].join('\n'),
    );
  }
}

const MISSING = 'missing';

async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return MISSING;
  }
}
