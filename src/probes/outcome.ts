import type { Reason } from '../common/reasons.js';
import type { Outcome, ProbeContext, ProbeKind, ProbeRequest, ProbeResult } from './contract.js';

export interface Verdict {
  result: ProbeResult;
  reason: Reason;
}

export type Observed = Verdict & Omit<Partial<Outcome>, keyof Verdict | 'runId' | 'endpointId' | 'kind' | 'vantage' | 'target'>;

/** Takes the time of a probe's start; the returned function makes its outcome. */
export function startOutcome(
  kind: ProbeKind,
  request: ProbeRequest,
  context: Pick<ProbeContext, 'scheduler' | 'loopLagMs'>,
): (observed: Observed) => Outcome {
  const startWallMs = context.scheduler.wallMs();
  const startMs = context.scheduler.monotonicMs();
  return (observed) => ({
    runId: request.runId,
    endpointId: request.endpointId,
    kind,
    vantage: request.vantage,
    target: request.target,
    startedAt: new Date(startWallMs).toISOString(),
    durationMs: rounded(context.scheduler.monotonicMs() - startMs),
    selfLagMs: rounded(context.loopLagMs()),
    ...observed,
  });
}

export const pass: Verdict = { result: 'pass', reason: 'ok' };
export const fail = (reason: Reason): Verdict => ({ result: 'fail', reason });
export const inconclusive = (reason: Reason): Verdict => ({ result: 'inconclusive', reason });

/** To the microsecond: what lies below is noise in a stored figure. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;
export const roundedOrAbsent = (value: number | undefined): number | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : rounded(value);
