/** After so long without a word from the server nothing on the page may be taken for the present. */
export const STALE_AFTER_MS = 5_000;

export interface FeedPulse {
  connected: boolean;
  /** monotonic time of the last message that proves the page current; null before the first snapshot */
  heardMs: number | null;
  /** monotonic time at which the page began to listen */
  startedMs: number;
}

export type Freshness =
  | { kind: 'waiting' }
  | { kind: 'fresh'; ageMs: number }
  /** `sinceMs` ago was the last sign of life; null: there never was one */
  | { kind: 'stale'; sinceMs: number | null };

export function judgeFreshness(pulse: FeedPulse, nowMs: number): Freshness {
  if (pulse.heardMs === null) {
    return nowMs - pulse.startedMs > STALE_AFTER_MS ? { kind: 'stale', sinceMs: null } : { kind: 'waiting' };
  }
  const ageMs = Math.max(0, nowMs - pulse.heardMs);
  return pulse.connected && ageMs <= STALE_AFTER_MS ? { kind: 'fresh', ageMs } : { kind: 'stale', sinceMs: ageMs };
}
