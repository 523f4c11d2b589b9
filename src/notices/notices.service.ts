import { Inject, Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { CLOCK, type Scheduler, systemScheduler } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import { Throttle } from '../common/throttle.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { blamesTheRow, causeInWords } from '../database/postgres-errors.js';
import { Intake } from './intake.js';
import { MailReceiver } from './mail/mail-receiver.js';
import { type Notice, noticeId, type Receiver } from './notice.js';
import { type NoticeQuery, NoticesRepository, type NoticeView } from './notices.repository.js';
import { planDeliveries } from './plan-deliveries.js';
import { type LoopStatus, ReceiverLoop } from './receiver-loop.js';
import { testNotice } from './test-notice.js';
import { WebhookReceiver } from './webhook/webhook-receiver.js';

const DAY_MS = 86_400_000;

export interface ReceiverStatus extends LoopStatus {
  name: string;
  kind: Receiver['kind'];
  sent: number;
  attemptsFailed: number;
  dead: number;
  /** as of the last look into the outbox */
  waiting: number;
  /** how long the oldest that is due has been; null: none is */
  overdueMs: number | null;
}

interface Counted {
  sent: number;
  attemptsFailed: number;
  dead: number;
}

/** The outbox: takes notices, and leads each to those who want it. */
@Injectable()
export class NoticesService implements OnModuleDestroy {
  private readonly logger = new Logger(NoticesService.name);
  private readonly warnings = new Map<string, Throttle>();
  private readonly counted = new Map<string, Counted>();
  private waiting = new Map<string, { waiting: number; oldestMs: number }>();
  private loops: ReceiverLoop[] = [];
  private started = false;
  private readonly intake: Intake;

  constructor(
    @Inject(APP_CONFIG) private readonly config: Pick<AppConfig, 'notices'>,
    private readonly repository: NoticesRepository,
    @Optional() @Inject(CLOCK) private readonly scheduler: Scheduler = systemScheduler,
  ) {
    this.intake = new Intake(
      ({ notice, atMs, only }) => this.store(notice, atMs, only),
      scheduler,
      (error) => this.warn('outbox', `notices wait in memory: ${causeInWords(error)}`),
    );
  }

  /** From now on notices go out. @param simulated they say so: nobody shall be alarmed by the lab */
  start({ simulated }: { simulated: boolean }): void {
    const { webhooks, mail } = this.config.notices;
    const receivers: Receiver[] = [
      ...webhooks.map((webhook) => new WebhookReceiver(webhook, simulated)),
      ...(mail?.lists ?? []).map((list) => new MailReceiver(mail as NonNullable<typeof mail>, list, simulated)),
    ];
    this.started = true;
    this.loops = receivers.map((receiver) => this.loopFor(receiver));
    for (const loop of this.loops) loop.start();
    this.intake.open();
    void this.look();
  }

  async onModuleDestroy(): Promise<void> {
    await this.intake.stop();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Any number of times: an event is known by its key. */
  take(notice: Notice): void {
    this.intake.add(notice);
  }

  /** To see whether a notice would arrive; a receiver that was given up on for a while is tried at once. */
  test(receivers: readonly string[]): { id: string } {
    const notice = testNotice(newRunId(), this.scheduler.wallMs());
    this.intake.add(notice, receivers);
    for (const loop of this.loops) if (receivers.includes(loop.receiver.name)) loop.tryNow();
    return { id: noticeId(notice.key) };
  }

  list(query: NoticeQuery): Promise<{ items: NoticeView[]; total: number }> {
    return this.repository.list(query);
  }

  receivers(): ReceiverStatus[] {
    return this.loops.map((loop) => {
      const { name, kind } = loop.receiver;
      const found = this.waiting.get(name);
      return {
        ...{ name, kind, ...loop.status(), ...this.countsOf(name) },
        ...{ waiting: found?.waiting ?? 0, overdueMs: overdue(found?.oldestMs, this.scheduler.wallMs()) },
      };
    });
  }

  /** What the database does not hold yet. */
  unstored(): { waiting: number; dropped: number } {
    return { waiting: this.intake.size, dropped: this.intake.dropped };
  }

  @Cron('*/15 * * * * *', { name: 'notices-waiting', timeZone: 'UTC', waitForCompletion: true })
  async look(): Promise<void> {
    const found = await this.repository.waiting().catch(() => undefined);
    if (found) this.waiting = new Map(found.map(({ receiver, ...rest }) => [receiver, rest]));
  }

  @Cron('0 40 * * * *', { name: 'notices-retention', timeZone: 'UTC', waitForCompletion: true })
  async forgetQuietly(): Promise<void> {
    const nowMs = this.scheduler.wallMs();
    if (!this.started) return;
    try {
      await this.repository.giveUpUnknown(
        this.loops.map((loop) => loop.receiver.name),
        nowMs,
      );
      await this.repository.forget(nowMs - this.config.notices.keepDays * DAY_MS);
    } catch (error) {
      this.logger.warn(`old notices were not dropped: ${causeInWords(error)}`);
    }
  }

  private async store(notice: Notice, atMs: number, only: readonly string[] | undefined): Promise<void> {
    const receivers = this.loops.map((loop) => loop.receiver);
    const planned = planDeliveries(notice, receivers, only, { nowMs: atMs, settleMs: this.config.notices.settleSeconds * 1000 });
    try {
      await this.repository.take(notice, planned, this.scheduler.wallMs());
    } catch (error) {
      if (!blamesTheRow(error)) throw error;
      // offering it for ever would hold up the rest
      this.logger.error(`a notice (${notice.type}) cannot be stored and is given up: ${(error as Error).message}`);
    }
    for (const loop of this.loops) loop.wake();
  }

  private loopFor(receiver: Receiver): ReceiverLoop {
    const { backoffSeconds, timeoutSeconds, giveUpAfterHours } = this.config.notices;
    const settings = {
      backOff: { minMs: backoffSeconds.min * 1000, maxMs: backoffSeconds.max * 1000 },
      timeoutMs: timeoutSeconds * 1000,
      giveUpAfterMs: giveUpAfterHours * 3_600_000,
    };
    const events = {
      sent: (name: string, notices: number) => (this.countsOf(name).sent += notices),
      failed: (name: string, error: string) => {
        this.countsOf(name).attemptsFailed++;
        this.warn(name, `notices for "${name}" are not taken, and tried again: ${error}`);
      },
      gaveUp: (name: string, notices: number) => {
        this.countsOf(name).dead += notices;
        this.logger.error(`${notices} notice(s) for "${name}" given up after ${giveUpAfterHours} h`);
      },
    };
    return new ReceiverLoop(receiver, this.repository, settings, events, this.scheduler);
  }

  private countsOf(name: string): Counted {
    const found = this.counted.get(name) ?? { sent: 0, attemptsFailed: 0, dead: 0 };
    this.counted.set(name, found);
    return found;
  }

  private warn(about: string, line: string): void {
    const throttle = this.warnings.get(about) ?? new Throttle();
    this.warnings.set(about, throttle);
    throttle.pass(() => this.logger.warn(line));
  }
}

const overdue = (dueMs: number | undefined, nowMs: number): number | null =>
  dueMs === undefined || dueMs > nowMs ? null : nowMs - dueMs;
