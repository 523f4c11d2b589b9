import type { Logger } from 'pino';
import { type Scheduler, systemScheduler } from '../../common/clock.js';
import { type CheckNow, LINK_VERSION, type Plan, type ProberStats, type StopLevel, type ToCore } from '../messages.js';
import { BackOff, type BackoffLimits } from './back-off.js';
import { OutcomeIntake, type OutcomesListener } from './outcome-intake.js';
import { ProberChild, type ProberDirectories } from './prober-child.js';

export type ProberStatus = 'up' | 'restarting' | 'down';
export type StatusListener = (status: ProberStatus) => void;
export type StartedListener = (run: { runId: string; endpointId: string; kind: CheckNow['kind'] }) => void;

export interface ProberHostOptions {
  /** path of the built prober entry */
  entry: string;
  directories?: ProberDirectories;
  log: Logger;
  backoff: BackoffLimits;
  scheduler?: Scheduler;
}

const HEARTBEAT_MS = 1_000;
/** A prober not heard of for this long is stuck. */
const SILENCE_MS = 10_000;
/** From fork to hello: reading the code from a cold disk takes longer than any later silence may. */
const START_MS = 30_000;
/** After this long without a fault the next one is a first one again. */
const HEALTHY_MS = 60_000;
const TERM_AFTER_MS = 1_500;
const KILL_AFTER_MS = 3_800;

/**
 * The core's side of the prober process: starts it, restarts it when it dies or falls silent, gives it the plan, takes its
 * outcomes. An outcome is acknowledged once every `onOutcomes` listener has resolved; a rejection leaves it with the prober, which
 * offers it again.
 */
export class ProberHost {
  private readonly scheduler: Scheduler;
  private readonly log: Logger;
  private readonly backOff: BackOff;
  private readonly intake: OutcomeIntake;
  private readonly statusListeners: StatusListener[] = [];
  private readonly startedListeners: StartedListener[] = [];
  private readonly timers = { heartbeat: nothing, restart: nothing, healthy: nothing };
  private child: ProberChild | null = null;
  private plan: Plan | null = null;
  private stopLevel: StopLevel = 'none';
  private lastStats: ProberStats | null = null;
  private restarted = 0;
  private upSinceMs: number | null = null;
  private current: ProberStatus = 'down';
  private lastHeardMs = 0;
  private lastBeatMs = 0;
  private stopping: Promise<void> | null = null;
  private childGone: () => void = nothing;

  constructor(private readonly options: ProberHostOptions) {
    this.scheduler = options.scheduler ?? systemScheduler;
    this.log = options.log;
    this.backOff = new BackOff(options.backoff);
    this.intake = new OutcomeIntake(options.log, (runIds) => this.child?.send({ v: LINK_VERSION, type: 'ack', runIds }));
  }

  /** Forks the prober. Register the listeners before. */
  start(): void {
    if (this.child || this.stopping) return;
    this.setStatus('restarting');
    this.fork();
    this.scheduleBeat();
  }

  onOutcomes(listener: OutcomesListener): void {
    this.intake.listeners.push(listener);
  }

  onStatus(listener: StatusListener): void {
    this.statusListeners.push(listener);
  }

  /** A check that somebody asked for has begun. Routine runs are not reported. */
  onStarted(listener: StartedListener): void {
    this.startedListeners.push(listener);
  }

  status(): ProberStatus {
    return this.current;
  }

  /** As of the last heartbeat; null while there is no prober. */
  stats(): ProberStats | null {
    return this.lastStats;
  }

  /** How often it died, or was ended because it was silent, since the core began; when it was last greeted, Unix ms. */
  life(): { restarts: number; upSinceMs: number | null } {
    return { restarts: this.restarted, upSinceMs: this.upSinceMs };
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Kept for every restart; its revision must rise with every change. */
  setPlan(plan: Plan): void {
    this.plan = plan;
    if (this.current === 'up') this.child?.send({ v: LINK_VERSION, type: 'plan', plan });
  }

  /** The global stop: kept for every restart, and told to a prober before its plan. */
  setStop(level: StopLevel): void {
    this.stopLevel = level;
    if (this.current === 'up') this.child?.send({ v: LINK_VERSION, type: 'global-stop', level });
  }

  /** false: there is no prober to ask. Each run id accepted has one outcome, unless the prober dies before. */
  checkNow(checks: CheckNow[]): boolean {
    if (this.current !== 'up' || !this.child) return false;
    return this.child.send({ v: LINK_VERSION, type: 'check-now', checks });
  }

  /** Ends the prober: by message, then SIGTERM, then SIGKILL, within 4 s. What it still offers meanwhile is taken. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    for (const cancel of Object.values(this.timers)) cancel();
    const { child } = this;
    if (child) {
      const gone = new Promise<void>((resolve) => (this.childGone = resolve));
      const term = this.scheduler.after(TERM_AFTER_MS, () => child.kill('SIGTERM'));
      const kill = this.scheduler.after(KILL_AFTER_MS, () => child.kill('SIGKILL'));
      child.send({ v: LINK_VERSION, type: 'stop' });
      await gone;
      term();
      kill();
    }
    this.setStatus('down');
    this.intake.listeners.length = 0;
    this.statusListeners.length = 0;
    this.startedListeners.length = 0;
  }

  private fork(): void {
    this.lastHeardMs = this.scheduler.monotonicMs() + START_MS - SILENCE_MS;
    this.child = new ProberChild(this.options.entry, this.options.directories ?? {}, this.log, {
      message: (message) => this.received(message),
      gone: (how) => this.gone(how),
    });
  }

  private gone(how: string): void {
    this.child = null;
    this.lastStats = null;
    this.upSinceMs = null;
    this.timers.healthy();
    this.childGone();
    if (this.stopping) return;
    this.restarted++;
    const delayMs = this.backOff.next();
    this.log.error({ how, restartInMs: delayMs }, 'prober died');
    this.setStatus('restarting');
    this.timers.restart = this.scheduler.after(delayMs, () => this.fork());
  }

  private received(message: ToCore): void {
    this.lastHeardMs = this.scheduler.monotonicMs();
    switch (message.type) {
      case 'hello':
        return this.greeted(message.pid, message.stats);
      case 'heartbeat':
        this.lastStats = message.stats;
        return;
      case 'started': {
        const { runId, endpointId, kind } = message;
        return this.startedListeners.forEach((listener) => listener({ runId, endpointId, kind }));
      }
      case 'outcomes':
        return this.intake.take(message.outcomes);
    }
  }

  private greeted(pid: number, stats: ProberStats): void {
    this.lastStats = stats;
    if (this.stopping) return;
    this.log.info({ pid }, 'prober up');
    this.child?.send({ v: LINK_VERSION, type: 'global-stop', level: this.stopLevel });
    if (this.plan) this.child?.send({ v: LINK_VERSION, type: 'plan', plan: this.plan });
    this.timers.healthy();
    this.timers.healthy = this.scheduler.after(HEALTHY_MS, () => this.backOff.reset());
    this.upSinceMs = this.scheduler.wallMs();
    this.setStatus('up');
  }

  private scheduleBeat(): void {
    this.lastBeatMs = this.scheduler.monotonicMs();
    this.timers.heartbeat = this.scheduler.after(HEARTBEAT_MS, () => {
      this.beat();
      this.scheduleBeat();
    });
  }

  private beat(): void {
    const nowMs = this.scheduler.monotonicMs();
    const { child } = this;
    if (!child) return;
    // if it was we who stood still, what the prober said meanwhile has not been read yet
    const stoodStillMs = nowMs - this.lastBeatMs - HEARTBEAT_MS;
    if (stoodStillMs > HEARTBEAT_MS) this.lastHeardMs += stoodStillMs;
    if (nowMs - this.lastHeardMs > SILENCE_MS) {
      this.log.error({ pid: child.pid, silentMs: Math.round(nowMs - this.lastHeardMs) }, 'prober silent, killed');
      child.kill('SIGKILL');
      return;
    }
    child.send({ v: LINK_VERSION, type: 'heartbeat', atMs: this.scheduler.wallMs() });
  }

  private setStatus(status: ProberStatus): void {
    if (status === this.current) return;
    this.current = status;
    for (const listener of this.statusListeners) listener(status);
  }
}

function nothing(): void {}
