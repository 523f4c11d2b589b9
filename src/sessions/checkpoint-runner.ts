import type { Clock } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import type { CheckNow, PlanItem } from '../prober/messages.js';
import { type ExpectedRun, type PacingLimits, predictFinish } from '../prober/predict-finish.js';
import type { Observation, Outcome } from '../probes/contract.js';
import { checkPlan, lastCallStartMs, type PlannedCheckpoint, type RunsOf, type Suite } from './check-plan.js';
import { type Due, dueCheckpoints } from './checkpoint-due.js';
import { begunRun, type CheckpointRun, counted, missedRun, wasCalled } from './checkpoint-run.js';
import type { Readiness, ReadinessCounts, Verdict } from './readiness.js';
import { READINESS_CLASSES } from './readiness.js';
import { type CheckpointEvent, type ReadinessEvent, typeOf } from './readiness-events.js';
import type { Session } from './session.js';
import { notSeenSince, Sweep } from './sweep.js';
import { VerdictWatch } from './verdict-watch.js';

/** Of the world, what the runner needs. */
export interface RunnerParts {
  clock: Clock;
  /** those whose checkpoints may matter: from now until months ahead, and those that run */
  sessions(): readonly Session[];
  /** what can be run for the participants; the answer changes with the inventory alone */
  runsOf(session: Session): RunsOf;
  limits(): PacingLimits;
  checkNow(checks: CheckNow[]): boolean;
  lastSeen(item: PlanItem): Observation | undefined;
  readiness(session: Session): Readiness;
}

interface Active {
  run: CheckpointRun;
  sweep: Sweep;
  untilMs: number;
}

interface Planned {
  session: Session;
  planRevision: number;
  atMs: number;
  plan: PlannedCheckpoint[];
  lastCallMs: number;
}

/** A plan is made anew after so long, since devices take their time differently from day to day. */
const REPLAN_MS = 10 * 60_000;
/** A checkpoint gets this long at least, and twice what was predicted where that is more. */
const LEAST_PATIENCE_MS = 60_000;
const MOST_PATIENCE_MS = 15 * 60_000;
/** A call that began at the last moment has to end. */
const LAST_CALL_MS = 90_000;
/** The verdict between checkpoints is looked at so often. */
const WATCH_MS = 5_000;

/**
 * Runs the checkpoints of every session by itself: moved by `tick`, about once a second. What it decided is told as events, and kept
 * by whoever takes `unsaved`; given back to `restore` it goes on where it was, and catches up on what was missed.
 */
export class CheckpointRunner {
  private readonly runs = new Map<string, CheckpointRun[]>();
  private readonly active = new Map<string, Active>();
  private readonly plans = new Map<string, Planned>();
  private readonly watch = new VerdictWatch();
  private readonly listeners = new Set<(event: ReadinessEvent) => void>();
  private readonly warned = new Set<string>();
  private readonly dirty = new Map<string, CheckpointRun>();
  private planRevision = 0;
  private watchedMs = -Infinity;

  constructor(private readonly parts: RunnerParts) {}

  onEvent(listener: (event: ReadinessEvent) => void): void {
    this.listeners.add(listener);
  }

  /** After a start: what was done before it, and what was told. */
  restore(runs: readonly CheckpointRun[], told: ReadonlyMap<string, Verdict>): void {
    for (const run of runs) this.runs.set(run.sessionId, [...this.runsOf(run.sessionId), run]);
    this.watch.restore(told);
  }

  /** The inventory or the settings changed: what a checkpoint consists of must be looked up anew. */
  planChanged(): void {
    this.planRevision++;
  }

  /** The prober that had our orders is gone, or a new one is there. */
  proberChanged(): void {
    for (const { sweep } of this.active.values()) sweep.lost();
  }

  outcomesSeen(outcomes: readonly Outcome[]): void {
    for (const active of this.active.values()) {
      for (const outcome of outcomes) if (active.sweep.saw(outcome)) active.run = counted(active.run, outcome);
    }
  }

  tick(): void {
    const nowMs = this.parts.clock.wallMs();
    const sessions = this.parts.sessions();
    this.forgetOthers(new Set(sessions.map(({ id }) => id)));
    for (const session of sessions) this.advance(session, nowMs);
    if (nowMs - this.watchedMs < WATCH_MS) return;
    this.watchedMs = nowMs;
    for (const session of sessions) this.watchVerdict(session, nowMs);
  }

  /** The checkpoints of a session as they are planned now. */
  planOf(session: Session): readonly PlannedCheckpoint[] {
    return this.planned(session, this.parts.clock.wallMs()).plan;
  }

  private planned(session: Session, nowMs: number): Planned {
    const known = this.plans.get(session.id);
    const isFresh = known?.session === session && known.planRevision === this.planRevision && nowMs - known.atMs < REPLAN_MS;
    if (isFresh) return known;
    const runsOf = this.parts.runsOf(session);
    const plan = checkPlan(session, runsOf, this.parts.limits(), nowMs);
    const planned = { session, planRevision: this.planRevision, atMs: nowMs, plan, lastCallMs: lastCallStartMs(session, runsOf) };
    this.plans.set(session.id, planned);
    return planned;
  }

  /** Done, missed and running, in the order of time; the running one as it stands now. */
  runsOf(sessionId: string): readonly CheckpointRun[] {
    const active = this.active.get(sessionId)?.run;
    const runs = this.runs.get(sessionId) ?? [];
    return active ? runs.map((run) => (keyOf(run) === keyOf(active) ? active : run)) : runs;
  }

  verdictTold(sessionId: string): Verdict | null {
    return this.watch.told(sessionId);
  }

  /** What changed since it was last taken; what cannot be kept now is given back with `keep`. */
  unsaved(): CheckpointRun[] {
    const runs = [...this.dirty.values()];
    this.dirty.clear();
    return runs;
  }

  keep(runs: readonly CheckpointRun[]): void {
    for (const run of runs) if (!this.dirty.has(keyOf(run))) this.dirty.set(keyOf(run), run);
  }

  private advance(session: Session, nowMs: number): void {
    const { plan, lastCallMs } = this.planned(session, nowMs);
    this.warn(session, plan, nowMs);
    this.proceed(session, nowMs);
    const { run, missed } = dueCheckpoints(session, plan, this.runsOf(session.id), nowMs, lastCallMs);
    for (const one of missed) {
      this.put(missedRun({ sessionId: session.id, ...one, suite: suiteOf(plan, one) }, run?.checkpoint ?? null));
    }
    if (run) this.begin(session, run, nowMs);
  }

  private begin(session: Session, due: NonNullable<Due['run']>, nowMs: number): void {
    const before = this.active.get(session.id);
    if (before) this.finish(session, before, nowMs);
    const runs = this.parts.runsOf(session)[due.suite];
    const { finishMs } = predictFinish(runs, this.parts.limits());
    const run = begunRun({ sessionId: session.id, ...due }, nowMs, nowMs + finishMs, runs.length);
    this.put(run);
    this.start(session, run, runs, nowMs);
    if (due.late) this.tellCheckpoint('checkpoint-late', session, run, nowMs, { finishMs: run.predictedFinishMs });
  }

  private start(session: Session, run: CheckpointRun, runs: readonly ExpectedRun[], nowMs: number): void {
    const takesMs = Math.max(0, (run.predictedFinishMs ?? nowMs) - nowMs);
    const patienceMs = Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, 2 * takesMs));
    const untilMs = Math.max(nowMs + 1_000, Math.min(nowMs + patienceMs, session.startsMs));
    const active = { run, sweep: new Sweep(runs, newRunId), untilMs };
    this.active.set(session.id, active);
    this.order(active, nowMs);
  }

  private order({ sweep, untilMs }: Active, nowMs: number): void {
    if (untilMs > nowMs) sweep.order(untilMs - nowMs, (checks) => this.parts.checkNow(checks));
  }

  /** A sweep that is under way: on with it, or to its end. */
  private proceed(session: Session, nowMs: number): void {
    const active = this.active.get(session.id) ?? this.resume(session, nowMs);
    if (!active) return;
    const isOver = nowMs >= active.untilMs + (active.run.suite === 'full' ? LAST_CALL_MS : 0);
    if (active.sweep.isDone || isOver || session.status === 'cancelled') this.finish(session, active, nowMs);
    else this.order(active, nowMs);
  }

  /** One that ran when the core ended: what was seen since it began need not be done again. */
  private resume(session: Session, nowMs: number): Active | undefined {
    const run = this.runsOf(session.id).find(({ state }) => state === 'running');
    if (!run) return undefined;
    const suite: Suite = nowMs < this.planned(session, nowMs).lastCallMs ? run.suite : 'light';
    const left = notSeenSince(this.parts.runsOf(session)[suite], run.startedMs ?? nowMs, (item) => this.parts.lastSeen(item));
    const called = this.calledSince(session, run.startedMs ?? nowMs);
    this.start(
      session,
      { ...run, done: Math.max(run.done, run.total - left.length), called: Math.max(run.called, called) },
      nowMs < session.startsMs ? left : [],
      nowMs,
    );
    return this.active.get(session.id);
  }

  private calledSince(session: Session, sinceMs: number): number {
    const seen = this.parts.runsOf(session).full.flatMap(({ item }) => this.parts.lastSeen(item) ?? []);
    return seen.filter((outcome) => Date.parse(outcome.startedAt) >= sinceMs && wasCalled(outcome)).length;
  }

  private finish(session: Session, { run }: Active, nowMs: number): void {
    this.active.delete(session.id);
    const readiness = this.parts.readiness(session);
    const done: CheckpointRun = {
      ...run,
      state: 'done',
      finishedMs: nowMs,
      verdict: readiness.verdict,
      counts: countsIn(readiness),
    };
    this.put(done);
    this.tellCheckpoint('checkpoint-done', session, done, nowMs, { finishMs: nowMs });
    this.sawVerdict(session, readiness, nowMs, true);
  }

  /** From the first checkpoint until the start. */
  private watchVerdict(session: Session, nowMs: number): void {
    const isWatched = session.status === 'planned' && nowMs < session.startsMs;
    if (!isWatched || !this.runsOf(session.id).some(({ state }) => state === 'done')) return;
    this.sawVerdict(session, this.parts.readiness(session), nowMs, false);
  }

  private sawVerdict(session: Session, readiness: Readiness, nowMs: number, settled: boolean): void {
    const { verdict } = readiness;
    const news = this.watch.saw(session.id, verdict, nowMs, settled);
    if (!news) return;
    const type = typeOf(verdict);
    this.tell({
      type,
      sessionId: session.id,
      title: session.title,
      rehearsal: session.rehearsal,
      key: `${type}:${session.id}:${nowMs}`,
      atMs: nowMs,
      ...news,
      readiness,
    });
  }

  /** Said once for each moment: at planning, and again when the session was moved. */
  private warn(session: Session, plan: readonly PlannedCheckpoint[], nowMs: number): void {
    if (session.status === 'cancelled') return;
    for (const one of plan) {
      const key = `${session.id}:${one.plannedMs}`;
      if (one.canFinish || one.plannedMs < nowMs || this.warned.has(key)) continue;
      this.warned.add(key);
      this.tellCheckpoint('cannot-finish', session, one, nowMs, { finishMs: one.predictedFinishMs, finishByMs: one.finishByMs });
    }
  }

  private tellCheckpoint(
    type: CheckpointEvent['type'],
    { id: sessionId, title, rehearsal }: Session,
    { checkpoint, plannedMs }: Pick<CheckpointRun, 'checkpoint' | 'plannedMs'>,
    atMs: number,
    { finishMs = null, finishByMs = null }: Partial<Pick<CheckpointEvent, 'finishMs' | 'finishByMs'>>,
  ): void {
    const key = `${type}:${sessionId}:${plannedMs}`;
    this.tell({ type, sessionId, title, rehearsal, key, atMs, checkpoint, plannedMs, finishMs, finishByMs });
  }

  private tell(event: ReadinessEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private put(run: CheckpointRun): void {
    const others = (this.runs.get(run.sessionId) ?? []).filter((one) => keyOf(one) !== keyOf(run));
    this.runs.set(
      run.sessionId,
      [...others, run].sort((a, b) => a.plannedMs - b.plannedMs),
    );
    this.dirty.set(keyOf(run), run);
  }

  private forgetOthers(known: ReadonlySet<string>): void {
    for (const sessionId of this.plans.keys()) {
      if (known.has(sessionId)) continue;
      for (const map of [this.plans, this.active, this.runs]) map.delete(sessionId);
      this.watch.forget(sessionId);
    }
  }
}

const keyOf = ({ sessionId, checkpoint, plannedMs }: CheckpointRun): string => `${sessionId} ${plannedMs} ${checkpoint}`;

const suiteOf = (plan: readonly PlannedCheckpoint[], { checkpoint, plannedMs }: Due['missed'][number]): Suite =>
  plan.find((one) => one.checkpoint === checkpoint && one.plannedMs === plannedMs)?.suite ?? 'light';

const countsIn = (readiness: Readiness): ReadinessCounts => ({
  total: readiness.total,
  ...(Object.fromEntries(READINESS_CLASSES.map((one) => [one, readiness[one]])) as Omit<ReadinessCounts, 'total'>),
});
