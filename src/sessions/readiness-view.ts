import type { PlannedCheckpoint } from './check-plan.js';
import type { CheckpointRun } from './checkpoint-run.js';
import { countsAsReady, type Readiness } from './readiness.js';
import type { Differences } from './readiness-differences.js';
import type { ReadinessSummary } from './session-view.js';

/** One checkpoint as the API shows it: planned, running, done or missed. Timestamps are ISO 8601 UTC. */
export interface CheckpointView {
  checkpoint: string;
  state: 'planned' | CheckpointRun['state'];
  suite: PlannedCheckpoint['suite'];
  plannedAt: string;
  /** when it began, or will begin: earlier than planned where it would not be done in time otherwise */
  startsAt: string;
  predictedFinish: string | null;
  finishBy: string | null;
  canFinish: boolean | null;
  finishedAt: string | null;
  late: boolean;
  coveredBy: string | null;
  total: number;
  done: number;
  passed: number;
  failed: number;
  /** calls that were made; the others had to be left out */
  called: number;
  verdict: CheckpointRun['verdict'];
  counts: CheckpointRun['counts'];
}

/** `GET /sessions/{id}/readiness` */
export interface ReadinessView extends Readiness {
  /** when the checkpoint that runs, or comes next, will be done; null: there is none any more */
  predictedFinish: string | null;
  /** the one that runs, or comes next */
  checkpoint: CheckpointView | null;
  /** against the start of the last session that could take place; null: there was none */
  differences: Differences | null;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));

/** What was done and what is planned, in the order of time. A moment of a session that was moved since is kept where something ran. */
export function checkpointViews(plan: readonly PlannedCheckpoint[], runs: readonly CheckpointRun[]): CheckpointView[] {
  const planned = plan.filter((one) => !runs.some((run) => isSame(run, one)));
  const views = [
    ...runs.map((run) =>
      ranView(
        run,
        plan.find((one) => isSame(run, one)),
      ),
    ),
    ...planned.map(plannedView),
  ];
  return views.sort((a, b) => Date.parse(a.plannedAt) - Date.parse(b.plannedAt));
}

/** The one that matters to whoever waits: it runs, or it is the next to run. */
export function presentCheckpoint(views: readonly CheckpointView[], nowMs: number): CheckpointView | null {
  const running = views.find(({ state }) => state === 'running');
  return running ?? views.find(({ state, plannedAt }) => state === 'planned' && Date.parse(plannedAt) > nowMs) ?? null;
}

/** x of N as the verdict counts them: near the start rooms have joined already, and are not missing. */
export function summaryOf(readiness: Readiness, views: readonly CheckpointView[]): ReadinessSummary {
  const present = presentCheckpoint(views, Date.parse(readiness.at));
  const { verdict, total, sites } = readiness;
  return {
    verdict,
    ready: sites.filter(countsAsReady).length,
    total,
    predictedFinish: present?.predictedFinish ?? null,
    nextCheckpoint: present?.checkpoint ?? null,
  };
}

type Named = Pick<CheckpointRun, 'checkpoint' | 'plannedMs'>;
const isSame = (a: Named, b: Named): boolean => a.checkpoint === b.checkpoint && a.plannedMs === b.plannedMs;

function ranView(run: CheckpointRun, plan: PlannedCheckpoint | undefined): CheckpointView {
  const { sessionId: _sessionId, plannedMs, startedMs, predictedFinishMs, finishedMs, ...same } = run;
  return {
    ...same,
    plannedAt: isoOf(plannedMs),
    startsAt: isoOf(startedMs ?? plannedMs),
    predictedFinish: isoOrNull(predictedFinishMs),
    finishBy: isoOrNull(plan?.finishByMs ?? null),
    canFinish: plan && predictedFinishMs !== null ? predictedFinishMs <= plan.finishByMs : null,
    finishedAt: isoOrNull(finishedMs),
  };
}

function plannedView(plan: PlannedCheckpoint): CheckpointView {
  const { checkpoint, suite, plannedMs, startMs, predictedFinishMs, finishByMs, canFinish, runs } = plan;
  return {
    ...{ checkpoint, suite, canFinish, state: 'planned', late: false, coveredBy: null, finishedAt: null },
    ...{
      plannedAt: isoOf(plannedMs),
      startsAt: isoOf(startMs),
      predictedFinish: isoOf(predictedFinishMs),
      finishBy: isoOf(finishByMs),
    },
    ...{ total: runs, done: 0, passed: 0, failed: 0, called: 0, verdict: null, counts: null },
  };
}
