import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { CoreLock } from '../database/core-lock.js';
import { dayOf } from '../database/partitions.js';
import { blamesTheRow } from '../database/postgres-errors.js';
import type { Outcome, ProbeKind } from '../probes/contract.js';
import { type StorableOutcome, type StoredOutcome, toRow } from './outcome-row.js';
import { storableJson } from './postgres-text.js';
import { type MeanRoundTrip, type RejectedOutcome, type ResultQuery, ResultsRepository } from './results.repository.js';
import { GroupCommit } from './writer/group-commit.js';
import { ResultsWriter, type WriterCounts } from './writer/results-writer.js';

const DAY_MS = 86_400_000;
/** A prober waits with more than 1,000 outcomes unacknowledged: what is beyond this comes from many probers at once. */
const GROUP = { batch: 5_000, waiting: 20_000 };
/** A prober's clock may be ahead of ours, but not by days: such a row would stand in every "last result" for ever. */
const MAX_AHEAD_MS = DAY_MS;
const SET_ASIDE_CHARACTERS = 64 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface StoreCounts extends WriterCounts {
  /** rows that cannot be stored, kept aside with the reason */
  setAside: number;
  /** rows that wait for the write before them */
  waiting: number;
}

/** Puts outcomes into PostgreSQL and reads them back. */
@Injectable()
export class ResultsService {
  private readonly logger = new Logger(ResultsService.name);
  private setAsideCount = 0;
  private readonly writeListeners: ((tookMs: number) => void)[] = [];
  private readonly group = new GroupCommit((batch: readonly StorableOutcome[]) => this.write(batch), GROUP);

  constructor(
    private readonly repository: ResultsRepository,
    private readonly writer: ResultsWriter,
    private readonly lock: CoreLock,
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'database'>,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  /**
   * Resolves when every outcome is committed or set aside for good, so that the prober may forget them all. May be told the
   * same outcome any number of times.
   * @throws when the database cannot take anything now: then the prober keeps them
   */
  async store(outcomes: Outcome[]): Promise<void> {
    const storable: StorableOutcome[] = [];
    const rejected: RejectedOutcome[] = [];
    for (const outcome of outcomes) {
      const row = toRow(outcome);
      const reason = row.ok ? this.outOfTime(row.value.row.started_at) : row.error;
      if (row.ok && !reason) storable.push(row.value);
      else rejected.push({ reason: reason ?? '', outcome: asText(outcome) });
    }
    if (storable.length) rejected.push(...(await this.group.add(storable)));
    if (rejected.length) await this.setAside(rejected);
  }

  counts(): StoreCounts {
    return { ...this.writer.counts, setAside: this.setAsideCount, waiting: this.group.waitingItems };
  }

  /** Told after each batch that was committed. */
  onWritten(listener: (tookMs: number) => void): void {
    this.writeListeners.push(listener);
  }

  /** Newest first. `total` counts what matches, beyond the limit too. */
  list(endpointId: string, query: ResultQuery): Promise<{ items: StoredOutcome[]; total: number }> {
    return this.repository.list(endpointId, query);
  }

  /** undefined: not stored (yet). */
  byRunId(runId: string): Promise<StoredOutcome | undefined> {
    return UUID.test(runId) ? this.repository.byRunId(runId) : Promise.resolve(undefined);
  }

  /**
   * What the live state has to be told after a start, oldest first: for each endpoint and kind the last outcome, and the last
   * of every reason, since one that is about us (`aborted`) must not hide what was seen of the endpoint before.
   */
  latestPerKind(since: Date): Promise<StoredOutcome[]> {
    return this.repository.latest(since);
  }

  /** Every result of a kind in this time, oldest first, without its detail. */
  ofKind(kind: ProbeKind, from: Date, to: Date): Promise<StoredOutcome[]> {
    return this.repository.ofKind(kind, from, to);
  }

  /** Mean round trip of every endpoint over whole hours. */
  meanRoundTrips(kind: ProbeKind, from: Date, to: Date): Promise<MeanRoundTrip[]> {
    return this.repository.meanRoundTrips(kind, from, to);
  }

  private async write(batch: readonly StorableOutcome[]): Promise<RejectedOutcome[]> {
    this.lock.mustHold();
    const startMs = this.clock.monotonicMs();
    await this.repository.ensureDays(batch.map(({ row }) => dayOf(row.started_at.getTime())));
    const refused = await this.writer.write(batch);
    for (const listener of this.writeListeners) listener(this.clock.monotonicMs() - startMs);
    return refused.map(({ outcome, reason }) => ({ reason, outcome: asText(outcome) }));
  }

  private async setAside(rejected: RejectedOutcome[]): Promise<void> {
    try {
      await this.repository.setAside(rejected);
    } catch (error) {
      if (!blamesTheRow(error)) throw error;
      // not even as text: offering it for ever would hold up what can be stored
      this.logger.error(`outcome(s) given up, not even their text could be kept: ${(error as Error).message}`);
    }
    this.setAsideCount += rejected.length;
    this.logger.warn(`${rejected.length} outcome(s) set aside in probe_result_rejected; the first: ${rejected[0]?.reason}`);
  }

  private outOfTime(startedAt: Date): string | undefined {
    const nowMs = this.clock.wallMs();
    const { rawRetentionDays } = this.config.database;
    if (dayOf(startedAt.getTime()) < dayOf(nowMs - rawRetentionDays * DAY_MS))
      return `startedAt: older than ${rawRetentionDays} days`;
    return startedAt.getTime() > nowMs + MAX_AHEAD_MS ? 'startedAt: in the future' : undefined;
  }
}

const asText = (value: unknown): string => storableJson(value).slice(0, SET_ASIDE_CHARACTERS);
