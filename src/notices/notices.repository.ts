import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { CoreLock } from '../database/core-lock.js';
import { PG_POOL } from '../database/tokens.js';
import { storableJson, storableText } from '../results/postgres-text.js';
import {
  type DeliveryState,
  type DeliveryView,
  type Notice,
  noticeId,
  type PlannedDelivery,
  type StoredNotice,
} from './notice.js';

/** What is next for a receiver: due now, or the moment at which something will be. */
export interface NextDelivery {
  notice: StoredNotice;
  digest: boolean;
  attempts: number;
  dueMs: number;
}

export interface NoticeView {
  id: string;
  type: Notice['type'];
  subject: string;
  at: string;
  title: Notice['title'];
  lines: Notice['lines'];
  deliveries: DeliveryView[];
}

export interface NoticeQuery {
  state?: DeliveryState | undefined;
  receiver?: string | undefined;
  limit: number;
}

interface NoticeRow {
  key: string;
  type: Notice['type'];
  subject: string;
  at: Date;
  content: Pick<Notice, 'title' | 'lines' | 'details'>;
}

interface ListedRow extends NoticeRow {
  /** null: told to nobody */
  deliveries: DeliveryView[] | null;
}

/**
 * One statement, so that notice and deliveries are there together or not at all. A newer picture of an incident takes the place of an
 * older one that nobody was told yet, and its turn as well: a cause that widens every few seconds must not put off its own notice.
 */
const TAKE = `WITH fresh AS (
    INSERT INTO notice (key, type, subject, at, taken_at, content) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (key) DO NOTHING RETURNING id
  ), planned AS (
    SELECT * FROM json_to_recordset($7) AS one (receiver text, digest boolean, due_at timestamptz)
  ), superseded AS (
    UPDATE notice_delivery AS old SET state = 'superseded', ended_at = $5
    FROM notice, fresh, planned
    WHERE notice.id = old.notice_id AND notice.subject = $3 AND notice.type = 'incident.changed'
      AND old.receiver = planned.receiver AND NOT planned.digest AND NOT old.digest AND old.state = 'waiting' AND old.attempts = 0
    RETURNING old.receiver, old.due_at
  ), due AS (
    SELECT receiver, digest, least(due_at, (SELECT min(old.due_at) FROM superseded old WHERE old.receiver = planned.receiver)) AS due_at
    FROM planned
  ), delivered AS (
    INSERT INTO notice_delivery (notice_id, receiver, state, digest, attempts, first_due_at, due_at)
    SELECT fresh.id, receiver, 'waiting', digest, 0, due_at, due_at FROM fresh, due
  )
  SELECT id FROM fresh`;

const NEXT = `SELECT key, type, subject, at, content, digest, attempts, due_at
  FROM notice_delivery AS own JOIN notice ON notice.id = own.notice_id
  WHERE receiver = $1 AND state = 'waiting' AND NOT EXISTS (
    SELECT FROM notice_delivery AS earlier JOIN notice AS before ON before.id = earlier.notice_id
    WHERE before.subject = notice.subject AND earlier.notice_id < own.notice_id
      AND earlier.receiver = $1 AND earlier.state = 'waiting' AND NOT earlier.digest AND NOT own.digest)
  ORDER BY due_at > $2, CASE WHEN due_at > $2 THEN due_at END, notice_id LIMIT 1`;

const DIGEST = `SELECT key, type, subject, at, content FROM notice_delivery JOIN notice ON notice.id = notice_id
  WHERE receiver = $1 AND state = 'waiting' AND digest AND due_at <= $2 ORDER BY notice_id LIMIT $3`;

const OF_KEYS = `receiver = $1 AND state = 'waiting' AND notice_id IN (SELECT id FROM notice WHERE key = ANY ($2))`;

const VIEW = `SELECT key, type, subject, at, content, (SELECT json_agg(json_build_object('receiver', receiver, 'state', state,
      'digest', digest, 'attempts', attempts, 'dueAt', due_at, 'endedAt', ended_at, 'lastError', last_error) ORDER BY receiver)
    FROM notice_delivery WHERE notice_id = notice.id) AS deliveries
  FROM notice`;

const MATCHES = `($1::text IS NULL AND $2::text IS NULL OR EXISTS (SELECT FROM notice_delivery WHERE notice_id = notice.id
  AND ($1 IS NULL OR state = $1) AND ($2 IS NULL OR receiver = $2)))`;

/** The outbox. Only the core that holds the lock writes, and sends. */
@Injectable()
export class NoticesRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    private readonly lock: CoreLock,
  ) {}

  /** @returns false when this event was taken before */
  async take(notice: Notice, planned: readonly PlannedDelivery[], nowMs: number): Promise<boolean> {
    this.lock.mustHold();
    const { title, lines, details } = notice;
    const { rowCount } = await this.pool.query(TAKE, [
      storableText(notice.key),
      notice.type,
      storableText(notice.subject),
      new Date(notice.atMs),
      new Date(nowMs),
      storableJson({ title, lines, details }),
      JSON.stringify(planned.map(({ receiver, digest, dueMs }) => ({ receiver, digest, due_at: new Date(dueMs) }))),
    ]);
    return (rowCount ?? 0) > 0;
  }

  async next(receiver: string, nowMs: number): Promise<NextDelivery | undefined> {
    this.lock.mustHold();
    const { rows } = await this.pool.query<NoticeRow & { digest: boolean; attempts: number; due_at: Date }>(NEXT, [
      receiver,
      new Date(nowMs),
    ]);
    const [row] = rows;
    return row && { notice: toNotice(row), digest: row.digest, attempts: row.attempts, dueMs: row.due_at.getTime() };
  }

  async digest(receiver: string, nowMs: number, limit: number): Promise<StoredNotice[]> {
    const { rows } = await this.pool.query<NoticeRow>(DIGEST, [receiver, new Date(nowMs), limit]);
    return rows.map(toNotice);
  }

  async sent(receiver: string, keys: readonly string[], nowMs: number): Promise<void> {
    this.lock.mustHold();
    await this.pool.query(
      `UPDATE notice_delivery SET state = 'sent', attempts = attempts + 1, ended_at = $3, last_error = NULL WHERE ${OF_KEYS}`,
      [receiver, keys, new Date(nowMs)],
    );
  }

  /** @param dueMs when these are tried again; undefined: as soon as the receiver is */
  async failed(receiver: string, keys: readonly string[], error: string, dueMs: number | undefined): Promise<void> {
    this.lock.mustHold();
    await this.pool.query(
      `UPDATE notice_delivery SET attempts = attempts + 1, last_error = $3, due_at = coalesce($4, due_at) WHERE ${OF_KEYS}`,
      [receiver, keys, storableText(error), dueMs === undefined ? null : new Date(dueMs)],
    );
  }

  /** Gives up what was due before then. @param keys only these; null: all of the receiver, since it is the one that is away */
  async giveUp(
    receiver: string,
    keys: readonly string[] | null,
    beforeMs: number,
    error: string,
    nowMs: number,
  ): Promise<number> {
    this.lock.mustHold();
    const { rowCount } = await this.pool.query(
      `UPDATE notice_delivery SET state = 'dead', ended_at = $5, last_error = $4
       WHERE receiver = $1 AND state = 'waiting' AND first_due_at <= $3
         AND ($2::text[] IS NULL OR notice_id IN (SELECT id FROM notice WHERE key = ANY ($2)))`,
      [receiver, keys, new Date(beforeMs), storableText(error), new Date(nowMs)],
    );
    return rowCount ?? 0;
  }

  /** A receiver that left the settings is not waited for. */
  async giveUpUnknown(receivers: readonly string[], nowMs: number): Promise<number> {
    this.lock.mustHold();
    const { rowCount } = await this.pool.query(
      `UPDATE notice_delivery SET state = 'dead', ended_at = $2, last_error = 'the receiver is no longer in the settings'
       WHERE state = 'waiting' AND NOT receiver = ANY ($1)`,
      [receivers, new Date(nowMs)],
    );
    return rowCount ?? 0;
  }

  async waiting(): Promise<{ receiver: string; waiting: number; oldestMs: number }[]> {
    const { rows } = await this.pool.query<{ receiver: string; waiting: number; oldest: Date }>(
      `SELECT receiver, count(*)::int AS waiting, min(first_due_at) AS oldest FROM notice_delivery WHERE state = 'waiting' GROUP BY receiver`,
    );
    return rows.map(({ receiver, waiting, oldest }) => ({ receiver, waiting, oldestMs: oldest.getTime() }));
  }

  async list({ state, receiver, limit }: NoticeQuery): Promise<{ items: NoticeView[]; total: number }> {
    const filter = [state ?? null, receiver ?? null];
    const [page, count] = await Promise.all([
      this.pool.query<ListedRow>(`${VIEW} WHERE ${MATCHES} ORDER BY notice.id DESC LIMIT $3`, [...filter, limit]),
      this.pool.query<{ total: number }>(`SELECT count(*)::int AS total FROM notice WHERE ${MATCHES}`, filter),
    ]);
    return { items: page.rows.map(toView), total: count.rows[0]?.total ?? 0 };
  }

  /** Only what nobody waits for any more. */
  async forget(beforeMs: number): Promise<void> {
    this.lock.mustHold();
    await this.pool.query(
      `DELETE FROM notice WHERE taken_at < $1
       AND NOT EXISTS (SELECT FROM notice_delivery WHERE notice_id = notice.id AND state = 'waiting')`,
      [new Date(beforeMs)],
    );
  }
}

const toNotice = ({ key, type, subject, at, content }: NoticeRow): StoredNotice => ({
  ...content,
  key,
  type,
  subject,
  atMs: at.getTime(),
  id: noticeId(key),
});

const toView = ({ key, type, subject, at, content: { title, lines }, deliveries }: ListedRow): NoticeView => ({
  ...{ id: noticeId(key), type, subject, at: at.toISOString(), title, lines },
  deliveries: (deliveries ?? []).map((one) => ({ ...one, dueAt: inUtc(one.dueAt), endedAt: one.endedAt && inUtc(one.endedAt) })),
});

/** PostgreSQL's JSON has microseconds and an offset. */
const inUtc = (moment: string): string => new Date(moment).toISOString();
