import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type pg from 'pg';
import { systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { dayOf, daysFrom, dropPartitionsBefore, ensurePartitions } from './partitions.js';
import { causeInWords } from './postgres-errors.js';
import { PG_POOL } from './tokens.js';

const DAY_MS = 86_400_000;

/** Keeps the days ahead ready and lets go of days past their keeping time. */
@Injectable()
export class PartitionKeeper implements OnModuleInit {
  private readonly logger = new Logger(PartitionKeeper.name);

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'database'>,
  ) {}

  onModuleInit(): Promise<void> {
    return this.keepQuietly();
  }

  /** More often than a day needs, so that an hour without a database is made up for soon. */
  @Cron('0 7 * * * *', { name: 'partitions', timeZone: 'UTC', waitForCompletion: true })
  keepQuietly(): Promise<void> {
    return this.keep(systemClock.wallMs()).catch((error: unknown) =>
      // not fatal: the store makes a missing day by itself, and the next hour tries again
      this.logger.warn(`partitions were not looked after: ${causeInWords(error)}`),
    );
  }

  async keep(nowMs: number): Promise<void> {
    const { partitionsAheadDays, rawRetentionDays } = this.config.database;
    await ensurePartitions(this.pool, daysFrom(nowMs, partitionsAheadDays + 1));
    const oldestMs = nowMs - rawRetentionDays * DAY_MS;
    const dropped = await dropPartitionsBefore(this.pool, dayOf(oldestMs));
    if (dropped.length) this.logger.log(`results of ${dropped.join(', ')} dropped: older than ${rawRetentionDays} days`);
    await this.pool.query('DELETE FROM packed_hour WHERE hour < $1', [new Date(oldestMs - DAY_MS)]);
    await this.pool.query('DELETE FROM probe_result_rejected WHERE received_at < $1', [new Date(oldestMs)]);
  }
}
