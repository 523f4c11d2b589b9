import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { blamesTheRow } from '../../database/postgres-errors.js';
import { PG_POOL } from '../../database/tokens.js';
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

/** Writes batches: by COPY where nothing speaks against it, else by a merge that tells copies apart. */
@Injectable()
export class ResultsWriter {
  readonly counts: WriterCounts = { stored: 0, absorbed: 0, copied: 0, merged: 0 };

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** All but the refused rows are committed. @throws when the database cannot take anything now */
  async write(batch: Batch): Promise<Refused[]> {
    return (await this.copied(batch)) ? [] : this.merge(batch);
  }

  /** false: a row is there already, was refused or may be packed, and nothing of the batch is stored. */
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

  /** Bounded by the time-outs of the pool: to get a connection, and for the answer to each statement. */
  private async withClient<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // an error of one row leaves the session as it was; after anything else a new one is cheaper than doubt
      if (blamesTheRow(error)) client.release();
      else client.release(error as Error);
      throw error;
    }
  }
}
