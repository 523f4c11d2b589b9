import type { ProbeKind } from '../../probes/contract.js';
import { quantile } from '../rollup/log-histogram.js';

/** Sums from which every figure can be made, and which can be added up: a row of a rollup. */
export interface FigureSums {
  total: number;
  passed: number;
  failed: number;
  rtt_count: number;
  rtt_sum_ms: number;
  rtt_min_ms: number | null;
  rtt_max_ms: number | null;
  rtt_bins: number[];
  rtt_counts: number[];
  loss_count: number;
  loss_sum: number;
  jitter_count: number;
  jitter_sum_ms: number;
  jitter_max_ms: number | null;
  mos_count: number;
  mos_sum: number;
  mos_min: number | null;
  reasons: Record<string, number>;
}

/** Board, API and reports show these and compute none of their own. Absent: nothing was there to make it of, which is not zero. */
export interface Figures {
  /** all results of the time */
  total: number;
  /** results that tell something of the endpoint: passed + failed. Not among them: busy, declined, our own faults */
  judged: number;
  /** passed / judged */
  availabilityRatio?: number;
  /** of passed results; percentiles from the histogram, at most 3 % wrong */
  rttMs?: { mean: number; median: number; p95: number; p99: number; min: number; max: number };
  /** mean of the results' loss; that of a result with no reply at all is 1 */
  lossRatio?: number;
  /** RFC 3550 jitter of a call's worst stream, or the mean deviation of pings */
  jitterMs?: { mean: number; max: number };
  /** ITU-T G.107, audio that came in */
  mos?: { mean: number; min: number };
  /** how many results did not pass, and why */
  reasons: Record<string, number>;
}

export interface FiguresOf extends Figures {
  kind: ProbeKind;
}

export function figuresOf(sums: FigureSums): Figures {
  const judged = sums.passed + sums.failed;
  return {
    total: sums.total,
    judged,
    ...(judged > 0 && { availabilityRatio: sums.passed / judged }),
    ...rttOf(sums),
    ...(sums.loss_count > 0 && { lossRatio: sums.loss_sum / sums.loss_count }),
    ...(sums.jitter_count > 0 && { jitterMs: { mean: sums.jitter_sum_ms / sums.jitter_count, max: sums.jitter_max_ms ?? 0 } }),
    ...(sums.mos_count > 0 && { mos: { mean: sums.mos_sum / sums.mos_count, min: sums.mos_min ?? 0 } }),
    reasons: sums.reasons,
  };
}

function rttOf(sums: FigureSums): Pick<Figures, 'rttMs'> {
  const { rtt_min_ms: min, rtt_max_ms: max } = sums;
  if (sums.rtt_count === 0 || min === null || max === null) return {};
  const at = (q: number): number => quantile({ bins: sums.rtt_bins, counts: sums.rtt_counts }, q, { min, max }) ?? min;
  return { rttMs: { mean: sums.rtt_sum_ms / sums.rtt_count, median: at(0.5), p95: at(0.95), p99: at(0.99), min, max } };
}
