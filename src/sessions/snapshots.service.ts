import { Inject, Injectable, Optional } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../common/canonical-json.js';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { CoreLock } from '../database/core-lock.js';
import { SessionRecordsRepository } from './session-records.repository.js';

/** The picture of a session as it was frozen. */
export interface Snapshot {
  sessionId: string;
  takenAt: string;
  /** of the canonical JSON (RFC 8785) of `picture`, in hexadecimal */
  sha256: string;
  picture: unknown;
}

/** What is read is not what was frozen: somebody went round the database's own refusal. */
export class SnapshotAlteredError extends Error {
  constructor(sessionId: string, kept: string, found: string) {
    super(`the picture of session ${sessionId} was altered: its SHA-256 was ${kept} and is ${found}`);
    this.name = 'SnapshotAlteredError';
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Freezes pictures of sessions: one each, never changed, verified whenever it is read. */
@Injectable()
export class SnapshotsService {
  constructor(
    private readonly repository: SessionRecordsRepository,
    private readonly lock: CoreLock,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {}

  /**
   * The first picture stays: told twice, as after a restart, the second has no effect.
   * @returns what is frozen now
   * @throws SnapshotAlteredError, or what the database failed with: then nothing is frozen
   */
  async save(sessionId: string, picture: unknown): Promise<Snapshot> {
    this.lock.mustHold();
    const text = canonicalJson(picture);
    const takenAt = new Date(this.clock.wallMs());
    await this.repository.addSnapshot(sessionId, { takenAt, sha256: sha256(text), picture: text });
    const kept = await this.find(sessionId);
    if (!kept) throw new Error(`the picture of session ${sessionId} was just written and is not there`);
    return kept;
  }

  /** @throws SnapshotAlteredError */
  async find(sessionId: string): Promise<Snapshot | undefined> {
    const kept = await this.repository.snapshot(sessionId);
    if (!kept) return undefined;
    const found = sha256(kept.picture);
    if (!found.equals(kept.sha256)) throw new SnapshotAlteredError(sessionId, kept.sha256.toString('hex'), found.toString('hex'));
    const picture = JSON.parse(kept.picture) as unknown;
    return { sessionId, takenAt: kept.takenAt.toISOString(), sha256: found.toString('hex'), picture };
  }
}
