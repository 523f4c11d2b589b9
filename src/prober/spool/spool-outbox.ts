import { statfsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Cancel, Scheduler } from '../../common/clock.js';
import type { Outcome } from '../../probes/contract.js';
import { BackOff } from '../host/back-off.js';
import {
  DEFAULT_OUTBOX_LIMITS,
  MemoryOutbox,
  type Outbox,
  type OutboxLimits,
  type OutboxStats,
  type Waiting,
} from '../outbox.js';
import { type PerLane, perLane, SPOOL_LANES, type SpoolEntry, type SpoolPort, type SpoolReply } from './spool-messages.js';
import { limitsFor } from './spool-size.js';
import { SpoolWindow } from './spool-window.js';

export interface SpoolOutboxOptions {
  port: SpoolPort;
  directory: string;
  scheduler: Scheduler;
  log: Logger;
  limits?: OutboxLimits;
}

interface Transaction {
  batch: Waiting[];
  /** of `batch`: is it (also) in memory */
  inMemory: boolean;
  remove: PerLane<number[]>;
}

/** Outcomes of one transaction, and of one look into the spool, at most. */
const BATCH = 500;
/** Removals wait for the next transaction, but not for ever. */
const REMOVE_WITHIN_MS = 250;
const REMOVE_AT = 200;
/** A disk that takes longer is as good as none: the board must not wait for it. */
const STALLED_MS = 2_000;
const RETRY_MS = { minMs: 1_000, maxMs: 30_000 };
const WARN_EVERY_MS = 60_000;
const LOOK_BEHIND_EVERY_MS = 1_000;
/** Until the plan says: three days of 4 outcomes a second. */
const FIRST_CAPACITY = 1_000_000;
const CLOSE_MS = 200;

/**
 * Outcomes are on disk before they are offered, and leave it when they are acknowledged. Without a disk (full, broken, hanging)
 * they wait in memory and are offered from there; what still waits when the disk is back is put there then.
 */
export class SpoolOutbox implements Outbox {
  private readonly limits: OutboxLimits;
  private readonly window: SpoolWindow;
  private readonly memory: MemoryOutbox;
  private readonly backOff = new BackOff(RETRY_MS);
  private readonly dropped: Record<string, number> = {};
  private gathered: Waiting[] = [];
  private transaction: Transaction | null = null;
  /** Shown once although the window is full: the board goes on while nothing is acknowledged. */
  private unseen: Outcome[] = [];
  private counts: PerLane<number> | null = null;
  private capacity = limitsFor(FIRST_CAPACITY);
  private reading = false;
  private stalled = false;
  private readonly suspended = { adding: false, removing: false };
  private lookedBehindMs = -Infinity;
  private warnedMs = -Infinity;
  private closing = false;
  private cancelRetry: Cancel | null = null;
  private cancelRemoval: Cancel | null = null;
  private offerable: () => void = () => undefined;
  private settled: () => void = () => undefined;

  constructor(private readonly options: SpoolOutboxOptions) {
    this.limits = options.limits ?? DEFAULT_OUTBOX_LIMITS;
    this.window = new SpoolWindow(this.limits);
    this.memory = new MemoryOutbox(this.limits, 'disk');
    void this.read();
  }

  add(outcome: Outcome, requested: boolean): void {
    const waiting = { outcome, requested };
    if (this.suspended.adding || this.stalled || this.gathered.length >= this.limits.capacity) return this.keepInMemory(waiting);
    this.gathered.push(waiting);
    // what comes in one turn of the loop goes in one transaction
    if (this.gathered.length === 1) setImmediate(() => void this.commit());
  }

  onOfferable(listener: () => void): void {
    this.offerable = listener;
  }

  offer(nowMs: number): Outcome[] {
    if (this.unseen.length > 0) return this.unseen.splice(0, this.limits.batch);
    const held = this.window.offer(nowMs);
    if (held.length > 0) return held;
    void this.read();
    return this.memory.offer(nowMs);
  }

  offerAgain(): void {
    this.window.offerAgain();
    this.memory.offerAgain();
  }

  acknowledge(runIds: readonly string[]): void {
    this.memory.acknowledge(runIds);
    this.window.acknowledge(runIds);
    if (this.window.removable >= REMOVE_AT) void this.commit();
    else if (this.window.removable > 0) {
      this.cancelRemoval ??= this.options.scheduler.after(REMOVE_WITHIN_MS, () => {
        this.cancelRemoval = null;
        void this.commit();
      });
    }
  }

  resize(outcomes: number): void {
    const limits = limitsFor(outcomes);
    if (limits.outcomes === this.capacity.outcomes) return;
    this.capacity = limits;
    const mb = (bytes: number): number => Math.round(bytes / 1e6);
    const { log, directory } = this.options;
    log.info({ ...limits, mb: mb(limits.expectedBytes), freeDiskMb: mb(freeBytes(directory)), ...this.stats() }, 'spool sized');
  }

  stats(): OutboxStats {
    const { requested, routine } = this.counts ?? { requested: 0, routine: 0 };
    const onDisk = Math.max(0, requested + routine - this.window.acknowledged);
    const onTheWay = this.transaction && !this.transaction.inMemory ? this.transaction.batch.length : 0;
    return {
      unacknowledged: onDisk + onTheWay + this.gathered.length + this.memory.size,
      dropped: { ...this.memory.stats().dropped, ...this.dropped },
    };
  }

  /** What was gathered and acknowledged is still put right. */
  async close(): Promise<void> {
    this.closing = true;
    let cancel: Cancel = () => undefined;
    const late = new Promise<void>((resolve) => (cancel = this.options.scheduler.after(CLOSE_MS, resolve)));
    const settled = new Promise<void>((resolve) => (this.settled = resolve));
    void this.commit();
    await Promise.race([settled, late]);
    for (const stop of [cancel, this.cancelRetry, this.cancelRemoval]) stop?.();
    await this.options.port.close();
  }

  private async commit(): Promise<void> {
    if (this.transaction) return;
    const transaction = this.nextTransaction();
    if (!transaction) return this.settled();
    this.transaction = transaction;
    const { batch, remove } = transaction;
    const add = batch.map(({ outcome, requested }) => ({
      lane: requested ? ('requested' as const) : ('routine' as const),
      text: JSON.stringify(outcome),
    }));
    const cancel = this.options.scheduler.after(STALLED_MS, () => this.stall(transaction));
    try {
      const request = { op: 'commit', add, remove, limits: this.capacity, after: this.window.highest } as const;
      this.committed(transaction, await this.options.port.request(request));
    } catch (error) {
      this.failed(transaction, error as Error);
    }
    cancel();
    this.transaction = null;
    void this.commit();
  }

  private nextTransaction(): Transaction | null {
    const { adding, removing } = this.suspended;
    const inMemory = this.gathered.length === 0;
    const batch = adding ? [] : inMemory ? this.memory.first(BATCH) : this.gathered.splice(0, BATCH);
    const remove = removing ? perLane<number[]>(() => []) : this.window.takeRemovals();
    return batch.length + remove.requested.length + remove.routine.length === 0 ? null : { batch, inMemory, remove };
  }

  private committed({ batch, inMemory, remove }: Transaction, reply: SpoolReply): void {
    if (inMemory) this.memory.acknowledge(batch.map(({ outcome }) => outcome.runId));
    this.window.removed(remove);
    this.suspended.removing = false;
    if (batch.length > 0) this.recovered();
    this.take(reply);
    const fresh = reply.entries.flatMap((entry, index) => {
      const outcome = batch[index]?.outcome;
      return outcome && !reply.dropped[entry.lane].includes(entry.key) ? [{ entry, outcome }] : [];
    });
    const missing = this.window.missing(reply.counts);
    const room = this.limits.window - this.window.size;
    const isNext = perLane((lane) => missing[lane] === fresh.filter(({ entry }) => entry.lane === lane).length);
    for (const { entry, outcome } of fresh) {
      if (room >= fresh.length && isNext[entry.lane]) this.window.hold(entry, outcome);
      else if (room < missing.requested + missing.routine && !inMemory) this.show(outcome);
    }
    this.offerable();
  }

  private failed(transaction: Transaction, error: Error): void {
    const { batch, remove } = transaction;
    this.window.notRemoved(remove);
    this.stalled = false;
    // removals alone may still succeed: they need less room
    if (batch.length > 0) this.suspended.adding = true;
    else this.suspended.removing = true;
    this.warn(error);
    this.moveToMemory(transaction);
    this.cancelRetry ??= this.options.scheduler.after(this.backOff.next(), () => {
      this.cancelRetry = null;
      Object.assign(this.suspended, { adding: false, removing: false });
      void this.commit();
    });
  }

  private stall(transaction: Transaction): void {
    this.stalled = true;
    this.warn(new Error(`the disk did not answer within ${STALLED_MS / 1000} s`));
    this.moveToMemory(transaction);
  }

  private moveToMemory(transaction: Transaction): void {
    const waiting = [...(transaction.inMemory ? [] : transaction.batch), ...this.gathered];
    transaction.inMemory = true;
    this.gathered = [];
    for (const one of waiting) this.keepInMemory(one);
  }

  private keepInMemory({ outcome, requested }: Waiting): void {
    this.memory.add(outcome, requested);
    if (this.memory.size > this.limits.window) this.show(outcome);
    this.offerable();
  }

  private show(outcome: Outcome): void {
    this.unseen.push(outcome);
    if (this.unseen.length > this.limits.window) this.unseen.shift();
  }

  /** Reads on while there is room and something left. */
  private async read(): Promise<void> {
    if (this.reading || this.closing || this.window.size >= this.limits.window || !this.isBehind()) return;
    this.reading = true;
    let found = false;
    try {
      const reply = await this.options.port.request({ op: 'read', after: { ...this.window.cursor }, limit: BATCH });
      this.take(reply);
      for (const entry of reply.entries) this.hold(entry);
      found = reply.entries.length > 0 || this.lookBehind();
    } catch (error) {
      this.warn(error as Error);
    }
    this.reading = false;
    if (!found) return;
    this.offerable();
    void this.read();
  }

  private isBehind(): boolean {
    if (!this.counts) return true;
    const missing = this.window.missing(this.counts);
    return SPOOL_LANES.some((lane) => missing[lane] > 0);
  }

  /** Nothing follows, and yet there is more: another process put it there. */
  private lookBehind(): boolean {
    const nowMs = this.options.scheduler.monotonicMs();
    if (!this.counts || nowMs - this.lookedBehindMs < LOOK_BEHIND_EVERY_MS) return false;
    this.lookedBehindMs = nowMs;
    const missing = this.window.missing(this.counts);
    const lanes = SPOOL_LANES.filter((lane) => missing[lane] > 0);
    for (const lane of lanes) this.window.startOver(lane);
    return lanes.length > 0;
  }

  private hold(entry: SpoolEntry): void {
    const outcome = parse(entry.text);
    if (outcome) return this.window.hold(entry, outcome);
    this.count('unreadable', 1);
    this.window.discard(entry);
  }

  private take({ counts, dropped, setAside }: SpoolReply): void {
    this.counts = counts;
    for (const lane of SPOOL_LANES) this.count(`full-${lane}`, dropped[lane].length);
    if (setAside === undefined) return;
    this.count('unreadable', 1);
    this.options.log.error({ why: setAside }, 'the spool was damaged and is set aside; a new one was begun');
  }

  private count(reason: string, outcomes: number): void {
    if (outcomes > 0) this.dropped[reason] = (this.dropped[reason] ?? 0) + outcomes;
  }

  private recovered(): void {
    if (this.suspended.adding || this.stalled || this.warnedMs > -Infinity)
      this.options.log.info({ stillInMemory: this.memory.size }, 'outcomes are put on disk again');
    this.stalled = false;
    this.warnedMs = -Infinity;
    this.backOff.reset();
  }

  private warn(error: Error): void {
    const nowMs = this.options.scheduler.monotonicMs();
    if (nowMs - this.warnedMs < WARN_EVERY_MS) return;
    this.warnedMs = nowMs;
    this.options.log.warn({ why: error.message, ...this.stats() }, 'outcomes cannot be put on disk; they wait in memory');
  }
}

function parse(text: string): Outcome | undefined {
  try {
    const value = JSON.parse(text) as Partial<Outcome> | null;
    return typeof value?.runId === 'string' ? (value as Outcome) : undefined;
  } catch {
    return undefined;
  }
}

function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
