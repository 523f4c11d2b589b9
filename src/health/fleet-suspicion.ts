import type { Observation } from '../probes/contract.js';
import { STATE_OF_REASON } from './state-of-reason.js';

/** Outcomes of one look arrive over some seconds. */
const LOOK_MS = 5_000;
/** So many endpoints that begin to fail in one look, and at least half of what was looked at. */
const LEAST_ENDPOINTS = 5;
const LEAST_RATIO = 0.5;
/** A check of the references is back by then: five echo requests take 2.8 s when none is answered. */
const LASTS_MS = 15_000;

interface Heard {
  endpointId: string;
  beganToFail: boolean;
  startedMs: number;
  heardMs: number;
}

/**
 * Many that begin to fail together may be one that has gone blind: the monitor itself. No judgement, only a reason to look at the
 * references at once. What fails all the time is no news. Pure; time comes in.
 */
export class FleetSuspicion {
  /** endpoint and kind: where a line drops echo requests pings fail and calls pass */
  private readonly failing = new Set<string>();
  private readonly recent = new Map<string, Heard>();
  private since: { startedMs: number; untilMs: number } | null = null;

  /** @returns whether a suspicion begins with these */
  saw(outcomes: readonly Observation[], nowMs: number): boolean {
    for (const outcome of outcomes) this.hear(outcome, nowMs);
    for (const [key, { heardMs }] of this.recent) if (nowMs - heardMs > LOOK_MS) this.recent.delete(key);
    if (this.suspectedSince(nowMs) !== null) return false;
    const began = [...this.recent.values()].filter(({ beganToFail }) => beganToFail);
    const isMany = new Set(began.map(({ endpointId }) => endpointId)).size >= LEAST_ENDPOINTS;
    if (!isMany || began.length < LEAST_RATIO * this.recent.size) return false;
    this.since = { startedMs: Math.min(...began.map(({ startedMs }) => startedMs)), untilMs: nowMs + LASTS_MS };
    return true;
  }

  /** When the first of what is suspected began; null: nothing is */
  suspectedSince(nowMs: number): number | null {
    return this.since && nowMs < this.since.untilMs ? this.since.startedMs : null;
  }

  private hear({ endpointId, kind, reason, startedAt }: Observation, nowMs: number): void {
    const state = STATE_OF_REASON[reason];
    if (endpointId === null || state === 'unknown') return;
    const key = `${endpointId} ${kind}`;
    const startedMs = Date.parse(startedAt);
    if (state !== 'down') {
      this.failing.delete(key);
      this.recent.set(key, { endpointId, beganToFail: false, startedMs, heardMs: nowMs });
    } else if (!this.failing.has(key)) {
      this.failing.add(key);
      this.recent.set(key, { endpointId, beganToFail: true, startedMs, heardMs: nowMs });
    }
  }
}
