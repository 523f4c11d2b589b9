import type { Logger } from 'pino';
import type { Cancel } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import { StopSwitch } from '../common/stop-switch.js';
import type { Outcome, ProbeKind } from '../probes/contract.js';
import { inconclusive, type Verdict } from '../probes/outcome.js';
import { AddressBook } from './address-book.js';
import { DueQueue, type DueRun } from './due-queue.js';
import type { Waiting } from './flow.js';
import type { HarmStore } from './call-memory.js';
import type { Refusal } from './harm-gate.js';
import { HarmGuard } from './harm-guard.js';
import type { Lane } from './lane-turns.js';
import type { CheckNow, Plan, PlanItem, ProberStats, StopLevel } from './messages.js';
import { type Order, OrderBook } from './order-book.js';
import { Pacing, perKind } from './pacing.js';
import { planKey } from './plan-key.js';
import { type ProbeRegistry, ProbeRunner, type RunnerContext } from './probe-runner.js';
import { type Repeat, Repeats } from './repeats.js';
import { RollingPercentile } from './rolling-percentile.js';
import { RunAnswers } from './run-answers.js';
import { demandOf } from './run-load.js';

/** What the engine tells; `requested`: somebody waits for it. */
export interface EngineEvents {
  outcome(outcome: Outcome, requested: boolean): void;
  /** only for run ids that somebody asked for: nobody knows the others */
  started(run: { runId: string; endpointId: string; kind: ProbeKind }): void;
}

export type EngineStats = Pick<
  ProberStats,
  'planRevision' | 'queued' | 'running' | 'startDelayP99Ms' | 'skippedRounds' | 'heldBack'
>;

interface Running {
  order: Order;
  abort: StopSwitch;
  done: Promise<void>;
  /** why it was told to end */
  ended?: Refusal;
}

/** Nobody waits longer than this for what was asked to begin, unless the order says so. */
const PATIENCE_MS: Record<Exclude<Lane, 'routine'>, number> = { check: 60_000, sweep: 900_000 };
/** setTimeout takes no more than 31 bits; waking once an hour for nothing costs nothing. */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * Turns the plan into runs: the due-queue says when, the harm guard whether, pacing how many, the runner does it. One timer, set to the
 * next moment anything is due. Reads the wall clock only to label outcomes. What our own machine spoilt is tried once more, soon.
 */
export class Engine {
  private readonly due = new DueQueue();
  private readonly orders = new OrderBook();
  private readonly guard: HarmGuard;
  private readonly addresses = new AddressBook();
  private readonly repeats = new Repeats();
  private readonly pacing = new Pacing<Order>(perKind(() => 1));
  private readonly runner: ProbeRunner;
  private readonly answers: RunAnswers;
  private readonly running = new Map<string, Running>();
  private readonly startDelay = new RollingPercentile(60_000);
  private revision = -1;
  private items = new Map<string, PlanItem>();
  private overlapped = 0;
  private lookingSoon = false;
  private cancelWake: Cancel = () => undefined;

  constructor(
    probes: ProbeRegistry,
    private readonly context: RunnerContext,
    private readonly log: Logger,
    private readonly events: EngineEvents,
    harm: HarmStore,
  ) {
    this.answers = new RunAnswers(context, (outcome, requested) => events.outcome(outcome, requested));
    this.guard = new HarmGuard(context.scheduler, harm);
    this.runner = new ProbeRunner(probes, context, log);
  }

  /** Taken over unless it is not newer than the present one. */
  setPlan(plan: Plan): void {
    if (this.orders.isClosed || plan.revision <= this.revision) return;
    this.revision = plan.revision;
    this.answers.vantage = plan.vantage;
    this.items = new Map(plan.items.map((item) => [planKey(item), item]));
    this.pacing.setLimits(plan.concurrency, plan.caps);
    this.due.replace(plan.items, this.nowMs(), plan.firstRoundMs);
    this.guard.setWindows(plan.quiet ?? []);
    for (const order of this.pacing.values()) this.renew(order);
    this.endForbidden();
    this.log.info({ revision: plan.revision, items: plan.items.length }, 'plan taken over');
    this.proceed();
  }

  /** Each run id has exactly one outcome; see OrderBook for what is joined. */
  checkNow(checks: readonly CheckNow[]): void {
    for (const check of checks) this.admit(check);
    this.proceed();
  }

  /** The global stop, or its end: calls under way end with BYE at once, and whoever waits is told. */
  setStop(level: StopLevel): void {
    if (!this.guard.setStop(level)) return;
    for (const order of this.pacing.values()) {
      const refusal = this.guard.refusalOf(order.item, order.override);
      if (refusal?.refusedBy === 'global-stop') this.refuse(order, refusal);
    }
    this.endForbidden();
    this.log.warn({ level }, 'global stop');
    this.proceed();
  }

  /** To be called each second: a window may begin while a call is under way, or the wall clock be set into one. */
  look(): void {
    this.guard.look();
    this.endForbidden();
  }

  /** Aborts everything; resolves when each run has said its last word. Nothing starts afterwards. */
  async stop(): Promise<void> {
    this.orders.close();
    this.cancelWake();
    for (const order of this.pacing.values()) this.withdraw(order, inconclusive('aborted'), 'the prober stopped before it began');
    const running = [...this.running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  stats(): EngineStats {
    return {
      planRevision: this.revision,
      queued: this.pacing.queued(),
      running: this.pacing.running(),
      startDelayP99Ms: this.startDelay.percentile(0.99, this.nowMs()),
      skippedRounds: this.due.missedRounds + this.overlapped,
      heldBack: this.pacing.heldBack(),
    };
  }

  private admit(check: CheckNow): void {
    const { endpointId, kind, runId, lane = 'check', withinMs = PATIENCE_MS[lane] } = check;
    if (!this.orders.isNew(runId)) return;
    const item = this.items.get(planKey(check));
    if (!item) return this.answers.answer(check, '', inconclusive('unavailable-here'), 'not in the plan of this prober');
    const admission = this.orders.admitCheck(item, runId, this.nowMs(), check.override ?? false);
    if (!admission) return this.answers.answer(check, item.target, inconclusive('aborted'), 'the prober is stopping');
    const { order, was } = admission;
    const deadlineMs = this.nowMs() + withinMs;
    switch (was) {
      case 'new':
        return this.enqueue(order, lane, deadlineMs);
      case 'queued':
        return this.pacing.promote(order.key, lane, deadlineMs);
      case 'running':
        return this.events.started({ runId, endpointId, kind });
    }
  }

  /** A waiting order follows the plan: to its new target, or out. */
  private renew(order: Order): void {
    const item = this.items.get(order.key);
    if (!item) return this.withdraw(order, inconclusive('aborted'), 'taken out of the plan before it began');
    order.item = item;
    this.pacing.renew(order.key, { demand: demandOf(item), occupies: this.addresses.engagedBy(item) });
  }

  /** What may not start now is refused now: nobody should wait for it, and no place is kept for it. */
  private enqueue(order: Order, lane: Lane, deadlineMs: number): void {
    const refusal = this.guard.refusalOf(order.item, order.override);
    if (refusal) this.refuse(order, refusal);
    else this.pacing.add(this.waiting(order, lane, deadlineMs));
  }

  private waiting(order: Order, lane: Lane, deadlineMs: number): Waiting<Order> {
    const { key, item } = order;
    return { key, lane, deadlineMs, demand: demandOf(item), occupies: this.addresses.engagedBy(item), value: order };
  }

  /** Everything that can happen now happens; then sleep until the next thing is due. */
  private proceed(): void {
    if (this.orders.isClosed) return;
    const nowMs = this.nowMs();
    for (const run of this.due.takeDue(nowMs)) this.queueRoutine(run);
    for (const repeat of this.repeats.takeDue(nowMs)) this.queueRepeat(repeat);
    for (const order of this.pacing.takeExpired(nowMs)) {
      this.withdraw(order, inconclusive('self-overloaded'), 'waited too long for its turn');
    }
    for (const order of this.pacing.takeStartable()) this.start(order);
    this.sleep();
  }

  /**
   * Runs that end in the same moment give back their places together: taken one by one, the first place goes to whoever fits into
   * it alone, in an order that no prediction can know.
   */
  private proceedSoon(): void {
    if (this.lookingSoon) return;
    this.lookingSoon = true;
    queueMicrotask(() => {
      this.lookingSoon = false;
      this.proceed();
    });
  }

  private queueRoutine({ item, dueMs }: DueRun): void {
    const order = this.orders.admitRoutine(item, dueMs);
    if (order) this.enqueue(order, 'routine', dueMs + item.intervalMs);
    else this.overlapped++;
  }

  /** Not beside a round or a check of the same, which serves as well. */
  private queueRepeat({ key, ofRunId, requested, dueMs }: Repeat): void {
    const item = this.items.get(key);
    const order = item && this.orders.admitRoutine(item, dueMs);
    if (!order) return;
    order.repeatOf = ofRunId;
    const lane = requested ? 'sweep' : 'routine';
    this.enqueue(order, lane, dueMs + PATIENCE_MS.check);
  }

  private start(order: Order): void {
    const refusal = this.guard.refusalOf(order.item, order.override);
    if (refusal) {
      this.refuse(order, refusal);
      return this.proceedSoon();
    }
    const { kind, endpointId } = order.item;
    order.state = 'running';
    this.startDelay.add(this.nowMs() - order.plannedMs, this.nowMs());
    for (const runId of order.requestedRunIds) this.events.started({ runId, endpointId, kind });
    const abort = new StopSwitch();
    const ownRunId = order.requestedRunIds[0] ?? newRunId();
    const done = this.runner
      .run(order.item, ownRunId, this.answers.vantage, abort)
      .then((outcome) => this.finish(order, outcome));
    this.running.set(order.key, { order, abort, done });
  }

  private finish(order: Order, outcome: Outcome): void {
    const ended = this.running.get(order.key)?.ended;
    this.running.delete(order.key);
    this.release(order);
    this.addresses.learn(order.item, outcome);
    this.guard.learn(order.item, outcome);
    const told = this.answers.finished(order, outcome, ended);
    if (outcome.reason === 'self-overloaded' && order.repeatOf === undefined) this.planRepeat(order, told);
    this.proceedSoon();
  }

  /** Ends what may not go on; its outcome says why. */
  private endForbidden(): void {
    for (const run of this.running.values()) {
      if (run.ended) continue;
      const refusal = this.guard.endOf(run.order.item);
      if (!refusal) continue;
      run.ended = refusal;
      run.abort.abort();
    }
  }

  private refuse(order: Order, refusal: Refusal): void {
    this.release(order);
    this.answers.refused(order, refusal);
  }

  private planRepeat({ key, requestedRunIds }: Order, { runId }: Outcome): void {
    const requested = requestedRunIds.length > 0;
    this.repeats.plan({ key, ofRunId: runId, requested }, this.nowMs(), this.due.dueOf(key));
  }

  /** Takes back what has not begun. */
  private withdraw(order: Order, verdict: Verdict, message: string): void {
    this.release(order);
    this.answers.withdrawn(order, verdict, message);
  }

  /** Out of the queue, or out of its place. */
  private release(order: Order): void {
    this.pacing.remove(order.key);
    this.pacing.finished(order.key);
    this.orders.ended(order);
  }

  private sleep(): void {
    this.cancelWake();
    const moments = [this.due.nextDueMs(), this.repeats.nextDueMs(), this.pacing.nextExpiryMs()];
    const nextMs = Math.min(...moments.map((ms) => ms ?? Infinity));
    if (!Number.isFinite(nextMs)) return;
    const delayMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, Math.ceil(nextMs - this.nowMs())));
    this.cancelWake = this.context.scheduler.after(delayMs, () => this.proceed());
  }

  private nowMs(): number {
    return this.context.scheduler.monotonicMs();
  }
}
