import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type pg from 'pg';
import { systemClock } from '../../common/clock.js';
import { PG_POOL } from '../../database/tokens.js';
import { compactHour, hoursToCompact } from './compact-hour.js';

const HOUR_MS = 3_600_000;
/** What a board or a check still asks for by its run id stays a row; most of what comes late comes within this time. */
const STAYS_ROWS_MS = HOUR_MS;

/** Packs the hours that are over. Nothing depends on when it runs: readers see rows and blocks alike. */
@Injectable()
export class CompactionService {
  private readonly logger = new Logger(CompactionService.name);

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  @Cron('0 12 * * * *', { name: 'compaction', timeZone: 'UTC', waitForCompletion: true })
  compactQuietly(): Promise<void> {
    return this.compact(systemClock.wallMs()).catch((error: unknown) =>
      this.logger.warn(`closed hours were not packed, the next hour tries again: ${(error as Error).message}`),
    );
  }

  async compact(nowMs: number): Promise<void> {
    const before = new Date(Math.floor((nowMs - STAYS_ROWS_MS) / HOUR_MS) * HOUR_MS);
    const client = await this.pool.connect();
    try {
      for (const hour of await hoursToCompact(client, before)) await compactHour(client, hour);
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
}
