import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type pg from 'pg';
import { systemClock } from '../../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { PG_POOL } from '../../database/tokens.js';
import { makeDueRollups, REPORT_ZONE } from './rollup.js';

const DAY_MS = 86_400_000;

/** Keeps the rollups in step with the results, and lets go of those past their keeping time. */
@Injectable()
export class RollupService {
  private readonly logger = new Logger(RollupService.name);

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'database'>,
  ) {}

  @Cron('30 */5 * * * *', { name: 'rollup', timeZone: 'UTC', waitForCompletion: true })
  rollUpQuietly(): Promise<void> {
    return this.rollUp().catch((error: unknown) =>
      this.logger.warn(`rollups were not made, the next round tries again: ${(error as Error).message}`),
    );
  }

  async rollUp(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await makeDueRollups(client);
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  @Cron('0 20 * * * *', { name: 'rollup-retention', timeZone: 'UTC', waitForCompletion: true })
  forgetQuietly(): Promise<void> {
    return this.forget(systemClock.wallMs()).catch((error: unknown) =>
      this.logger.warn(`old rollups were not dropped: ${(error as Error).message}`),
    );
  }

  async forget(nowMs: number): Promise<void> {
    const { hourlyRetentionDays, dailyRetentionDays } = this.config.database;
    const before = (days: number): Date => new Date(nowMs - days * DAY_MS);
    await this.pool.query('DELETE FROM rollup_hour WHERE hour < $1', [before(hourlyRetentionDays)]);
    await this.pool.query(`DELETE FROM rollup_day WHERE day < ($1::timestamptz AT TIME ZONE '${REPORT_ZONE}')::date`, [
      before(dailyRetentionDays),
    ]);
  }
}
