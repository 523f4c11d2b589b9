import { createHash } from 'node:crypto';
import type { NoticeType } from '../common/notice-types.js';
import type { Words } from '../common/operator-words.js';

/** An event in the words and figures in which it goes out; made once, when the event is taken, so that every attempt says the same. */
export interface Notice {
  /** names the event: told again, by a replay or after a restart, it is the same notice */
  key: string;
  type: NoticeType | 'test';
  /** what it is about: notices of one subject reach a receiver in their order */
  subject: string;
  atMs: number;
  title: Words;
  lines: Words[];
  /** for programs: the incident, the session, the checkpoint */
  details: Record<string, unknown>;
}

export interface StoredNotice extends Notice {
  id: string;
}

/** When a notice goes to one receiver. */
export interface PlannedDelivery {
  receiver: string;
  digest: boolean;
  dueMs: number;
}

export const DELIVERY_STATES = ['waiting', 'sent', 'dead', 'superseded'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface DeliveryView {
  receiver: string;
  state: DeliveryState;
  digest: boolean;
  attempts: number;
  dueAt: string;
  endedAt: string | null;
  lastError: string | null;
}

/** One attempt. What failed decides who waits: a receiver that is away pauses whole, a notice that it refuses steps aside. */
export type Attempt = { ok: true } | { ok: false; fault: 'receiver' | 'notice'; error: string; retryAfterMs?: number };

/** Somebody who is told: a webhook or a list of e-mail addresses. */
export interface Receiver {
  readonly name: string;
  readonly kind: 'webhook' | 'mail';
  /** sent at once */
  readonly events: readonly NoticeType[];
  /** the rest in one message every so often; 0: never */
  readonly digestMinutes: number;
  /** Never throws. Several notices are a digest. */
  send(notices: readonly StoredNotice[], digest: boolean, signal: AbortSignal): Promise<Attempt>;
}

/** The same for the same event, even after the database was restored: by it a receiver knows what it has had before. */
export const noticeId = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);
