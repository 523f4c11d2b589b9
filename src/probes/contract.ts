import type { z } from 'zod';
import type { Scheduler } from '../common/clock.js';
import type { RandomSource } from '../common/random.js';
import type { Reason } from '../common/reasons.js';
import type { Signals } from '../common/states.js';
import type { StopSignal } from '../common/stop-switch.js';
import type { MediaPool } from '../media/contract.js';
import type { Gatekeepers } from '../net/gatekeepers.js';
import type { IcmpEngine } from '../net/icmp-engine.js';
import type { SipUdpHub } from '../net/sip-udp-hub.js';
import type { CallJournal } from './standing-call.js';

/** Every kind of probe. A new one: its folder, a line here, its line in the registry (the build fails until it is there). */
export const PROBE_KINDS = ['icmp', 'tcp', 'sip-options', 'h323-ping', 'sip-call', 'h323-call'] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];

/** Kinds that occupy the endpoint itself: it rings, shows a picture, and is engaged for anybody else. */
export const CALL_KINDS = ['sip-call', 'h323-call'] as const satisfies ProbeKind[];
export type CallKind = (typeof CALL_KINDS)[number];
/** Kinds that ask a signalling stack whether it lives, and ring nothing. */
export const SIGNALLING_KINDS = ['sip-options', 'h323-ping'] as const satisfies ProbeKind[];
export const isCallKind = (kind: ProbeKind): kind is CallKind => CALL_KINDS.some((call) => call === kind);

export type ProbeResult = 'pass' | 'fail' | 'inconclusive';

/** What one media stream showed, in one direction. Fields that were not measured are absent, never zero. */
export interface StreamMeasures {
  packets: number;
  expected?: number;
  lossRatio?: number;
  jitterMs?: number;
  bitrateKbps?: number;
  [detail: string]: number | string | boolean | undefined;
}

export interface MediaMeasures {
  audioIn?: StreamMeasures;
  audioOut?: StreamMeasures;
  videoIn?: StreamMeasures;
  videoOut?: StreamMeasures;
}

/**
 * What a probe observed, never an opinion about the endpoint's health. Plain JSON: it is printed by the command line, offered
 * over the process boundary, stored and replayed. `(runId, startedAt)` is its key.
 */
export interface Outcome {
  runId: string;
  /** null: a target from the command line, not of the inventory */
  endpointId: string | null;
  kind: ProbeKind;
  vantage: string;
  target: string;
  /** ISO 8601, UTC */
  startedAt: string;
  durationMs: number;
  result: ProbeResult;
  reason: Reason;
  signals?: Signals;
  media?: MediaMeasures;
  /** figures of the kind: icmp `{sent, received, lossRatio, rttMs: {min, median, p95, max}, jitterMs}` */
  measures?: Record<string, unknown>;
  rttMs?: number;
  /** ITU-T G.107 estimate for the audio coming in */
  mos?: number;
  /** how late our own loop ran while measuring (p99): above 2 ms jitter is not to be trusted */
  selfLagMs: number;
  setupMs?: number;
  /** who stamped the received packets */
  clock?: 'kernel' | 'user';
  detail?: Record<string, unknown>;
  /** bounded; secrets removed: the message ladder of a failed call, the hops `trace` of a failed ping, ... */
  evidence?: Record<string, unknown>;
}

/** What was seen, whichever run saw it. */
export type Observation = Omit<Outcome, 'runId'>;

/** One order to probe. `options` were checked by the probe's own schema. */
export interface ProbeRequest<Options = unknown> {
  runId: string;
  endpointId: string | null;
  target: string;
  vantage: string;
  /** of the inventory: probes of one area share its part of the packets per second; absent: none is known */
  area?: string;
  options: Options;
}

/** What a probe may touch: everything impure comes in here. */
export interface ProbeContext {
  scheduler: Scheduler;
  random: RandomSource;
  media: MediaPool;
  icmp: IcmpEngine;
  /** one kernel-stamped socket for single SIP requests over UDP; absent where the machine has none: a socket each, then */
  sipHub?: SipUdpHub;
  /** keeps the calls in progress for whoever comes after a crash; absent where nobody comes */
  journal?: CallJournal;
  /** registrations at gatekeepers, which outlive a call; absent where nobody takes them back */
  gatekeepers?: Pick<Gatekeepers, 'admit'>;
  /** Aborted when the prober stops or the global stop is pulled: end cleanly (BYE), result `aborted`. */
  signal: StopSignal;
  /** p99 lateness in ms of this process's event loop over the last seconds. */
  loopLagMs(): number;
  /** `--trace`: each message sent or received, a line at a time; credentials and media keys removed. */
  trace?: (line: string) => void;
}

/**
 * One kind of probe. `run` never rejects for what an endpoint does or does not do: that is an outcome with a reason.
 * A rejection means a bug of ours.
 */
export interface Probe<K extends ProbeKind, Options = unknown> {
  readonly kind: K;
  readonly options: z.ZodType<Options>;
  run(request: ProbeRequest<Options>, context: ProbeContext): Promise<Outcome>;
}
