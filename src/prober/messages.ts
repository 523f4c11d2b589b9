import { z } from 'zod';
import { CALL_KINDS, PROBE_KINDS, type Outcome } from '../probes/contract.js';
import { capsSchema } from './caps.js';
import { LANES } from './lane-turns.js';

/**
 * What core and prober say to each other. JSON, versioned and idempotent, so that the same messages serve a child process
 * today and a prober on another machine later. A message of another version is refused with a log line, never guessed at.
 */
export const LINK_VERSION = 1;

const kind = z.enum(PROBE_KINDS);

/** One endpoint and one probe kind of the plan. */
export const planItemSchema = z.strictObject({
  endpointId: z.string(),
  kind,
  target: z.string(),
  options: z.record(z.string(), z.unknown()),
  intervalMs: z.number().positive(),
  area: z.string(),
  carrier: z.string(),
  /** the endpoint's own, where the target may name another host or a host name */
  address: z.string().optional(),
  /** a call of the other protocol that the endpoint speaks, made where this one fails for reasons that need not hold for it */
  fallBack: z
    .strictObject({ kind: z.enum(CALL_KINDS), target: z.string(), options: z.record(z.string(), z.unknown()) })
    .optional(),
});
export type PlanItem = z.infer<typeof planItemSchema>;

/** A time in which these endpoints are not called: no call starts in it, and none runs into it. */
export const quietWindowSchema = z.strictObject({
  /** Unix time; `toMs` is outside */
  fromMs: z.number(),
  toMs: z.number(),
  endpoints: z.union([z.literal('all'), z.array(z.string())]),
  kinds: z.array(z.enum(CALL_KINDS)),
  /** `calls-stopped`: the last time before a session, in which nothing rings any more */
  why: z.enum(['session', 'calls-stopped', 'quiet-hours']),
  sessionId: z.string().optional(),
});
export type QuietWindow = z.infer<typeof quietWindowSchema>;

export const planSchema = z.strictObject({
  /** rises with every change; a prober ignores one that is not newer than its own */
  revision: z.number().int(),
  vantage: z.string(),
  items: z.array(planItemSchema),
  /** most probes in flight, per kind */
  concurrency: z.record(kind, z.number().int().positive()),
  /** absent: nothing but the kinds is limited */
  caps: capsSchema.optional(),
  /** echo requests a second, over all and for the endpoints of one area; absent: as the engine sees fit */
  icmpPace: z
    .strictObject({ packetsPerSecond: z.number().positive(), packetsPerSecondPerArea: z.number().positive() })
    .optional(),
  /** absent: none */
  quiet: z.array(quietWindowSchema).optional(),
  /** the first round after a start is spread over this time */
  firstRoundMs: z.number().nonnegative(),
  /** outcomes of so many hours are kept while the core cannot store them; absent: 72 */
  spoolHours: z.number().positive().optional(),
  /** the prober gives up this long after its core was last heard of */
  orphanStopMs: z.number().positive(),
});
export type Plan = z.infer<typeof planSchema>;

const checkNow = z.strictObject({
  endpointId: z.string(),
  kind,
  runId: z.string(),
  /** absent: `check`; `sweep`: one of many that a session asks for together */
  lane: z.enum(LANES).exclude(['routine']).optional(),
  /**
   * what has not begun so long after the order came is not begun any more; the earliest goes first. A time span, since two machines
   * have two clocks. Absent: 60 s for a check, 15 min for a sweep
   */
  withinMs: z.number().positive().optional(),
  /** call in spite of a back-off after busy, declined or not-auto-answering; never in spite of a quiet window or a stop */
  override: z.boolean().optional(),
});
export type CheckNow = z.infer<typeof checkNow>;

/** The global stop: nothing is stopped, no calls are made, or nothing at all is sent. */
export const STOP_LEVELS = ['none', 'calls', 'everything'] as const;
export type StopLevel = (typeof STOP_LEVELS)[number];

const version = z.literal(LINK_VERSION);

export const toProberSchema = z.discriminatedUnion('type', [
  z.strictObject({ v: version, type: z.literal('plan'), plan: planSchema }),
  z.strictObject({ v: version, type: z.literal('check-now'), checks: z.array(checkNow) }),
  /** these outcomes are committed (or set aside for good): forget them */
  z.strictObject({ v: version, type: z.literal('ack'), runIds: z.array(z.string()) }),
  z.strictObject({ v: version, type: z.literal('heartbeat'), atMs: z.number() }),
  /** holds until the next of these messages; the first thing a prober is told */
  z.strictObject({ v: version, type: z.literal('global-stop'), level: z.enum(STOP_LEVELS) }),
  /** end calls in progress with BYE, then leave */
  z.strictObject({ v: version, type: z.literal('stop') }),
]);
export type ToProber = z.infer<typeof toProberSchema>;

export const proberStatsSchema = z.strictObject({
  planRevision: z.number(),
  queued: z.record(kind, z.number()),
  running: z.record(kind, z.number()),
  /** produced but not yet acknowledged */
  unacknowledged: z.number(),
  /** lost before the core had them, by reason: `full-routine`, `full-requested`, `disk`, `unreadable` */
  dropped: z.record(z.string(), z.number()),
  /** planned to actual start, p99 of the last minute */
  startDelayP99Ms: z.number(),
  /** rounds not run: found too late, or the round before had not ended */
  skippedRounds: z.number(),
  /** waiting now for room in their area or carrier, by its name */
  heldBack: z.strictObject({ area: z.record(z.string(), z.number()), carrier: z.record(z.string(), z.number()) }),
  loopLagP99Ms: z.number(),
  clockSteps: z.number(),
  icmpEngine: z.string(),
});
export type ProberStats = z.infer<typeof proberStatsSchema>;

/** The outcome is checked in depth where it is stored; here only its key, so that one bad row cannot stop the link. */
const outcome = z.looseObject({ runId: z.string(), startedAt: z.string() }).transform((value) => value as unknown as Outcome);

export const toCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ v: version, type: z.literal('hello'), pid: z.number(), stats: proberStatsSchema }),
  z.strictObject({ v: version, type: z.literal('outcomes'), outcomes: z.array(outcome) }),
  z.strictObject({ v: version, type: z.literal('started'), runId: z.string(), endpointId: z.string(), kind }),
  z.strictObject({ v: version, type: z.literal('heartbeat'), atMs: z.number(), stats: proberStatsSchema }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;
