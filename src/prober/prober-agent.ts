import type { Logger } from 'pino';
import type { Cancel, Scheduler } from '../common/clock.js';
import { ClockWatch } from './clock-watch.js';
import { Engine, type EngineEvents } from './engine.js';
import type { HarmStore } from './call-memory.js';
import type { ProberLink } from './link/prober-link.js';
import { LINK_VERSION, type ProberStats, type ToProber } from './messages.js';
import type { Outbox } from './outbox.js';
import type { ProbeRegistry, RunnerContext } from './probe-runner.js';
import { outcomesOf } from './spool/spool-size.js';

export interface ProberAgentOptions {
  probes: ProbeRegistry;
  context: RunnerContext;
  outbox: Outbox;
  harm: HarmStore;
  link: ProberLink;
  log: Logger;
  pid: number;
  /** the core said so, or has been gone for too long */
  onStopWanted(why: string): void;
}

const HEARTBEAT_MS = 1_000;
/** A core that has not been heard of for so long cannot be relied upon to pass on a stop. */
const HEARD_WITHIN_MS = 3 * HEARTBEAT_MS;
/** Outcomes of one moment travel together. */
const GATHER_MS = 20;
/** Without a plan there is nothing to go on with when the core is gone. */
const ORPHAN_STOP_WITHOUT_PLAN_MS = 10_000;
/** How long the last outcomes may wait for their acknowledgement. */
const FLUSH_MS = 700;

/**
 * The prober between its link and its engine: takes orders, offers outcomes until they are acknowledged, reports how it is, and
 * goes on without a core for as long as the plan allows.
 */
export class ProberAgent {
  private readonly engine: Engine;
  private readonly scheduler: Scheduler;
  private readonly clockWatch: ClockWatch;
  private orphanStopMs = ORPHAN_STOP_WITHOUT_PLAN_MS;
  private lastHeardMs: number;
  private isCoreGone = false;
  private reportedSkips = 0;
  private cancelTick: Cancel = () => undefined;
  private cancelFlush: Cancel | null = null;
  private flushed: (() => void) | null = null;
  private stopping: Promise<void> | null = null;

  constructor(private readonly options: ProberAgentOptions) {
    const { context, probes, log, link, outbox, harm } = options;
    this.scheduler = context.scheduler;
    this.clockWatch = new ClockWatch(context.scheduler);
    this.lastHeardMs = this.scheduler.monotonicMs();
    const events: EngineEvents = {
      outcome: (outcome, requested) => outbox.add(outcome, requested),
      started: (run) => link.send({ v: LINK_VERSION, type: 'started', ...run }),
    };
    outbox.onOfferable(() => this.flushSoon());
    this.engine = new Engine(probes, context, log, events, harm);
  }

  start(): void {
    const { link, log, pid } = this.options;
    link.onMessage((message) => this.received(message));
    link.onClose(() => {
      this.isCoreGone = true;
      log.warn({ stopsInMs: this.orphanStopMs }, 'core gone, going on with the plan');
    });
    link.send({ v: LINK_VERSION, type: 'hello', pid, stats: this.stats() });
    this.tick();
  }

  /** Ends what runs, offers what is left and waits a moment for its acknowledgement. Resolves within 3.3 s, whatever happens. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  /**
   * By signal, where no core is there to be told: calls end, and none is made until a core says what is stopped. One that is heard of
   * gets the same signal, and says itself what it shows on the board.
   */
  stopCallsAlone(): void {
    if (!this.isCoreGone && this.scheduler.monotonicMs() - this.lastHeardMs <= HEARD_WITHIN_MS) return;
    this.options.log.warn('calls stopped by signal, since no core is heard of');
    this.engine.setStop('calls');
  }

  stats(): ProberStats {
    const { context, outbox } = this.options;
    const loopLagP99Ms = context.loopLagMs();
    return {
      ...this.engine.stats(),
      ...outbox.stats(),
      loopLagP99Ms,
      clockSteps: this.clockWatch.steps,
      icmpEngine: context.icmp.name,
    };
  }

  private async shutDown(): Promise<void> {
    await this.engine.stop();
    this.flush();
    if (this.options.outbox.stats().unacknowledged > 0 && !this.options.link.congested) await this.allAcknowledged();
    this.cancelTick();
    this.cancelFlush?.();
    this.options.link.close();
    await this.options.outbox.close();
  }

  private allAcknowledged(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.scheduler.after(FLUSH_MS, resolve);
      this.flushed = () => {
        cancel();
        resolve();
      };
    });
  }

  private received(message: ToProber): void {
    this.lastHeardMs = this.scheduler.monotonicMs();
    switch (message.type) {
      case 'plan':
        this.orphanStopMs = message.plan.orphanStopMs;
        if (message.plan.icmpPace) this.options.context.icmp.setPace?.(message.plan.icmpPace);
        this.options.outbox.resize(outcomesOf(message.plan));
        return this.engine.setPlan(message.plan);
      case 'check-now':
        return this.engine.checkNow(message.checks);
      case 'global-stop':
        return this.engine.setStop(message.level);
      case 'ack':
        return this.acknowledged(message.runIds);
      case 'heartbeat':
        return;
      case 'stop':
        return this.options.onStopWanted('told by the core');
    }
  }

  private acknowledged(runIds: readonly string[]): void {
    const { outbox } = this.options;
    outbox.acknowledge(runIds);
    if (outbox.stats().unacknowledged === 0) this.flushed?.();
    else this.flushSoon();
  }

  private flushSoon(): void {
    this.cancelFlush ??= this.scheduler.after(GATHER_MS, () => {
      this.cancelFlush = null;
      this.flush();
    });
  }

  private flush(): void {
    const { outbox, link } = this.options;
    while (!link.congested) {
      const outcomes = outbox.offer(this.scheduler.monotonicMs());
      if (outcomes.length === 0) return;
      link.send({ v: LINK_VERSION, type: 'outcomes', outcomes });
    }
  }

  private tick(): void {
    const { link, log } = this.options;
    const steppedMs = this.clockWatch.look();
    if (steppedMs !== null) log.warn({ steppedMs: Math.round(steppedMs) }, 'wall clock stepped; the plan keeps its rhythm');
    this.engine.look();
    this.reportSkips();
    this.flush();
    if (!link.congested) link.send({ v: LINK_VERSION, type: 'heartbeat', atMs: this.scheduler.wallMs(), stats: this.stats() });
    if (this.scheduler.monotonicMs() - this.lastHeardMs > this.orphanStopMs)
      this.options.onStopWanted('core not heard of for too long');
    this.cancelTick = this.scheduler.after(HEARTBEAT_MS, () => this.tick());
  }

  private reportSkips(): void {
    const { skippedRounds } = this.engine.stats();
    if (skippedRounds > this.reportedSkips)
      this.options.log.warn({ skipped: skippedRounds - this.reportedSkips }, 'rounds left out');
    this.reportedSkips = skippedRounds;
  }
}
