import { newRunId } from '../../../common/ids.js';
import type { Outcome } from '../../../probes/contract.js';

/** As a ping with five replies leaves it. */
export const outcomeOf = (runId: string = newRunId(), startedMs = Date.now()): Outcome => ({
  runId,
  endpointId: '04792-1',
  kind: 'icmp',
  vantage: 'province',
  target: '10.1.2.3',
  startedAt: new Date(startedMs).toISOString(),
  durationMs: 1_023.5,
  result: 'pass',
  reason: 'ok',
  rttMs: 3.25,
  clock: 'kernel',
  selfLagMs: 0.25,
  measures: { sent: 5, received: 5, lossRatio: 0, rttMs: { min: 2.9, median: 3.1, p95: 3.3, max: 3.4 }, jitterMs: 0.12 },
  detail: { address: '10.1.2.3', replies: [3.1, 3.2, 2.9, 3.3, 3.4] },
});
