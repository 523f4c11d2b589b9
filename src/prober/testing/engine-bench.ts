import { pino } from 'pino';
import { z } from 'zod';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import type { StopSignal } from '../../common/stop-switch.js';
import { systemRandom } from '../../common/random.js';
import type { Outcome, Probe, ProbeContext, ProbeKind, ProbeRequest } from '../../probes/contract.js';
import { pass, startOutcome } from '../../probes/outcome.js';
import { type HarmStore, NO_STORE } from '../call-memory.js';
import { Engine } from '../engine.js';
import type { CheckNow, Plan, PlanItem } from '../messages.js';
import { perKind } from '../pacing.js';
import type { RunnerContext } from '../probe-runner.js';

export type Run = (request: ProbeRequest, context: ProbeContext, kind: ProbeKind) => Promise<Outcome>;

/** An endpoint that answers after `delayMs` of the manual clock. */
export const answersAfter =
  (delayMs: number): Run =>
  (request, context, kind) =>
    new Promise((resolve) => {
      const give = startOutcome(kind, request, context);
      context.scheduler.after(delayMs, () => resolve(give(pass)));
    });

/** An engine on a clock moved by hand, with probes of the test's own; all it told and began is written down. */
export function bench(run: Run, scheduler = new ManualScheduler(), harm: HarmStore = NO_STORE) {
  const outcomes: { outcome: Outcome; requested: boolean }[] = [];
  const started: string[] = [];
  const starts: { target: string; kind: ProbeKind; atMs: number; request: ProbeRequest; signal: StopSignal }[] = [];
  const probe = (kind: ProbeKind): Probe<ProbeKind> => ({
    kind,
    options: z.strictObject({ size: z.number().default(1), timeoutS: z.number().optional() }),
    run: (request, context) => {
      starts.push({ target: request.target, kind, atMs: scheduler.monotonicMs(), request, signal: context.signal });
      return run(request, context, kind);
    },
  });
  const context: RunnerContext = {
    scheduler,
    random: systemRandom,
    media: { open: () => Promise.reject(new Error('no media here')), close: () => Promise.resolve() },
    icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('no icmp here')), close: () => undefined },
    loopLagMs: () => 0,
  };
  const engine = new Engine(
    perKind(probe),
    context,
    pino({ level: 'silent' }),
    {
      outcome: (outcome, requested) => outcomes.push({ outcome, requested }),
      started: ({ runId }) => started.push(runId),
    },
    harm,
  );
  const advance = async (byMs: number, stepMs = byMs): Promise<void> => {
    for (let doneMs = 0; doneMs < byMs; doneMs += stepMs) {
      scheduler.advance(Math.min(stepMs, byMs - doneMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  /** an aborted probe that does not listen is given up after a moment */
  const stop = async (): Promise<void> => {
    const stopped = engine.stop();
    await advance(3_000);
    await stopped;
  };
  return {
    scheduler,
    stop,
    engine,
    outcomes,
    started,
    starts,
    advance,
    of: (runId: string) => outcomes.filter((o) => o.outcome.runId === runId),
  };
}

export const item = (endpointId: string, more: Partial<PlanItem> = {}): PlanItem => ({
  endpointId,
  kind: 'sip-call',
  target: `sip:${endpointId}@10.0.0.${endpointId.length}`,
  options: {},
  intervalMs: 60_000,
  area: '',
  carrier: '',
  ...more,
});
export const plan = (items: PlanItem[], more: Partial<Plan> = {}): Plan => ({
  revision: 1,
  vantage: 'test',
  items,
  concurrency: perKind(() => 2),
  firstRoundMs: 0,
  orphanStopMs: 1_000,
  ...more,
});
export const check = (endpointId: string, runId: string, more: Partial<CheckNow> = {}): CheckNow => ({
  endpointId,
  kind: 'sip-call',
  runId,
  ...more,
});
