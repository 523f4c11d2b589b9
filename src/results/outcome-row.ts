import { z } from 'zod';
import { REASONS } from '../common/reasons.js';
import { err, ok, type Result } from '../common/result.js';
import { SIGNAL_STATES } from '../common/states.js';
import { isCallKind, type Observation, type Outcome, PROBE_KINDS, type StreamMeasures } from '../probes/contract.js';
import { storableJson, storableText } from './postgres-text.js';
import { packSignals, unpackSignals } from './signals-code.js';

/** One row of probe_result, and of probe_result_detail when `detail` is set. */
export interface ResultRow {
  started_at: Date;
  run_id: string;
  duration_ms: number;
  self_lag_ms: number;
  rtt_ms: number | null;
  loss_ratio: number | null;
  jitter_ms: number | null;
  mos: number | null;
  setup_ms: number | null;
  kind: Outcome['kind'];
  result: Outcome['result'];
  reason: Outcome['reason'];
  signals: number | null;
  kernel_clock: boolean | null;
  endpoint_id: string | null;
  vantage: string;
  target: string;
}

/** As it is read: of a passed ping of a closed hour the run is not kept. */
export type StoredRow = Omit<ResultRow, 'run_id'> & { run_id: string | null };
export type StoredOutcome = Observation & { runId?: string };

/** What the columns do not hold. */
export type ResultDetail = Pick<Outcome, 'media' | 'measures' | 'detail' | 'evidence'>;

export interface StorableOutcome {
  row: ResultRow;
  /** JSON; null: the columns say it all */
  detail: string | null;
}

/** A message ladder of a whole call fits many times over. */
const MAX_DETAIL_CHARACTERS = 256 * 1024;

/** To a tenth, which is what a packed result keeps (in a smallint); beyond three seconds of lag nothing was measured anyway. */
const MOST_LAG_MS = 3_276;
/** `real` ends at 3.4e38, but no figure of ours comes near a day in milliseconds. */
const figure = z.number().min(-1e9).max(1e9);
const signalState = z.enum(SIGNAL_STATES);
const facts = z.record(z.string(), z.unknown());

const storable = z.object({
  runId: z.uuid(),
  endpointId: z.string().max(100).nullable(),
  kind: z.enum(PROBE_KINDS),
  vantage: z.string().max(100),
  target: z.string().max(2_048),
  startedAt: z.iso.datetime(),
  durationMs: figure,
  result: z.enum(['pass', 'fail', 'inconclusive']),
  reason: z.enum(REASONS),
  signals: z.object({ audioOut: signalState, audioIn: signalState, videoOut: signalState, videoIn: signalState }).optional(),
  media: facts.optional(),
  measures: facts.optional(),
  rttMs: figure.optional(),
  mos: figure.optional(),
  selfLagMs: figure,
  setupMs: figure.optional(),
  clock: z.enum(['kernel', 'user']).optional(),
  detail: facts.optional(),
  evidence: facts.optional(),
});

/** The last check before the database: an outcome that is none says why. */
export function toRow(given: unknown): Result<StorableOutcome> {
  const checked = storable.safeParse(given);
  if (!checked.success) {
    return err(checked.error.issues.map((issue) => `${issue.path.join('.') || 'outcome'}: ${issue.message}`).join('; '));
  }
  const outcome = checked.data as Outcome;
  const detail = detailOf(outcome);
  if (detail !== null && detail.length > MAX_DETAIL_CHARACTERS) {
    return err(`detail: ${detail.length} characters, at most ${MAX_DETAIL_CHARACTERS}`);
  }
  return ok({ row: columnsOf(outcome), detail });
}

export function fromRow(row: StoredRow, detail: ResultDetail | null): StoredOutcome {
  return {
    ...given('runId', row.run_id),
    endpointId: row.endpoint_id,
    kind: row.kind,
    vantage: row.vantage,
    target: row.target,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    result: row.result,
    reason: row.reason,
    ...given('signals', row.signals === null ? null : unpackSignals(row.signals)),
    ...given('rttMs', row.rtt_ms),
    ...given('mos', row.mos),
    selfLagMs: row.self_lag_ms,
    ...given('setupMs', row.setup_ms),
    ...given('clock', row.kernel_clock === null ? null : row.kernel_clock ? ('kernel' as const) : ('user' as const)),
    ...(detail ?? keptMeasures(row)),
  };
}

function columnsOf(outcome: Outcome): ResultRow {
  return {
    started_at: new Date(outcome.startedAt),
    run_id: outcome.runId.toLowerCase(),
    duration_ms: outcome.durationMs,
    self_lag_ms: Math.min(MOST_LAG_MS, Math.round(outcome.selfLagMs * 10) / 10),
    rtt_ms: outcome.rttMs ?? medianRtt(outcome) ?? null,
    loss_ratio: finite(outcome.measures?.lossRatio) ?? worst(outcome, 'lossRatio') ?? null,
    jitter_ms: finite(outcome.measures?.jitterMs) ?? worst(outcome, 'jitterMs') ?? null,
    mos: outcome.mos ?? null,
    setup_ms: outcome.setupMs ?? null,
    kind: outcome.kind,
    result: outcome.result,
    reason: outcome.reason,
    signals: outcome.signals ? packSignals(outcome.signals) : null,
    kernel_clock: outcome.clock ? outcome.clock === 'kernel' : null,
    endpoint_id: outcome.endpointId === null ? null : storableText(outcome.endpointId),
    vantage: storableText(outcome.vantage),
    target: storableText(outcome.target),
  };
}

/** Passes of the cheap probes are nearly all there is, and their columns say enough, unless something small is noted (path MTU). */
function detailOf({ kind, result, media, measures, detail, evidence }: Outcome): string | null {
  const worthKeeping = isCallKind(kind) || result !== 'pass' || (kind === 'icmp' && detail?.note !== undefined);
  const isEmpty = media === undefined && measures === undefined && detail === undefined && evidence === undefined;
  return worthKeeping && !isEmpty ? storableJson({ media, measures, detail, evidence }) : null;
}

/** Of measures whose detail was not kept: what the columns still know, under the names of the contract. */
function keptMeasures(row: StoredRow): ResultDetail {
  const measures = {
    ...given('lossRatio', row.loss_ratio),
    ...given('jitterMs', row.jitter_ms),
    ...(row.kind === 'icmp' && row.rtt_ms !== null ? { rttMs: { median: row.rtt_ms } } : {}),
  };
  return Object.keys(measures).length ? { measures } : {};
}

const given = <K extends string, T>(name: K, value: T | null): Partial<Record<K, T>> =>
  value === null ? {} : ({ [name]: value } as Record<K, T>);

const finite = (value: unknown): number | undefined => (typeof value === 'number' && Math.abs(value) <= 1e9 ? value : undefined);

function medianRtt({ measures }: Outcome): number | undefined {
  const rtt = measures?.rttMs;
  return typeof rtt === 'object' && rtt !== null ? finite((rtt as { median?: unknown }).median) : finite(rtt);
}

function worst({ media }: Outcome, figureName: 'lossRatio' | 'jitterMs'): number | undefined {
  const values = Object.values((media ?? {}) as Record<string, StreamMeasures | undefined>).flatMap(
    (stream) => finite(stream?.[figureName]) ?? [],
  );
  return values.length ? Math.max(...values) : undefined;
}
