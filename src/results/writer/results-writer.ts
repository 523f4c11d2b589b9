import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { type Clock, systemClock } from '../../common/clock.js';
import { blamesTheRow } from '../../database/postgres-errors.js';
import { PG_POOL } from '../../database/tokens.js';
import { STAYS_ROWS_MS } from '../compaction/compaction.service.js';
import type { StorableOutcome } from '../outcome-row.js';
import { copyBatch, mergeBatch } from './write-batch.js';

type Batch = readonly StorableOutcome[];

export interface Refused {
  outcome: StorableOutcome;
  reason: string;
}

export interface WriterCounts {
  /** rows that became part of the database */
  stored: number;
  /** copies of what was there already */
  absorbed: number;
  /** batches that went the fast path, and those that needed the careful one */
  copied: number;
  merged: number;
}

/** A line that swallows everything would hold a COPY for ever: it has no time-out of its own in the driver. */
const STALLED_MS = 20_000;
/** Between our look at the clock and the commit. */
const MARGIN_MS = 5 * 60_000;

/** Writes batches: by COPY where nothing speaks against it, else by a merge that tells copies apart. */
@Injectable()
export class ResultsWriter {
  readonly counts: WriterCounts = { stored: 0, absorbed: 0, copied: 0, merged: 0 };
  private readonly clock: Clock = systemClock;

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** All but the refused rows are committed. @throws when the database cannot take anything now */
  async write(batch: Batch): Promise<Refused[]> {
    if (this.isRecent(batch) && (await this.copied(batch))) return [];
    return this.merge(batch);
  }

  /** false: a row is there already or was refused, and nothing of the batch is stored. */
  private async copied(batch: Batch): Promise<boolean> {
    try {
      await this.withClient((client) => copyBatch(client, batch));
    } catch (error) {
      if (blamesTheRow(error)) return false;
      throw error;
    }
    this.counts.copied++;
    this.counts.stored += batch.length;
    return true;
  }

  /** Halves a batch that holds a row PostgreSQL refuses until that row stands alone. */
  private async merge(batch: Batch): Promise<Refused[]> {
    try {
      const stored = await this.withClient((client) => mergeBatch(client, batch));
      this.counts.merged++;
      this.counts.stored += stored;
      this.counts.absorbed += batch.length - stored;
      return [];
    } catch (error) {
      if (!blamesTheRow(error)) throw error;
      const [only, second] = batch;
      if (only && !second) return [{ outcome: only, reason: `refused by the database: ${(error as Error).message}` }];
      const middle = batch.length >> 1;
      return [...(await this.merge(batch.slice(0, middle))), ...(await this.merge(batch.slice(middle)))];
    }
  }

  private isRecent(batch: Batch): boolean {
    const oldestMs = this.clock.wallMs() - STAYS_ROWS_MS + MARGIN_MS;
    return batch.every(({ row }) => row.started_at.getTime() > oldestMs);
  }

  private async withClient<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let stalled: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      stalled = setTimeout(() => reject(new Error(`the database did not answer within ${STALLED_MS / 1000} s`)), STALLED_MS);
    });
    try {
      const result = await Promise.race([work(client), deadline]);
      client.release();
      return result;
    } catch (error) {
      // an error of one row leaves the session as it was; after anything else a new one is cheaper than doubt
      if (blamesTheRow(error)) client.release();
      else client.release(error as Error);
      throw error;
    } finally {
      clearTimeout(stalled);
    }
  }
}
