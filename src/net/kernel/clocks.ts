import { realtimeNs } from './libc.js';

/** One moment by the two clocks we need: the kernel stamps with CLOCK_REALTIME, which may step; the product counts monotonic. */
export interface ClockPair {
  monotonicMs: number;
  realtimeNs: number;
}

/** Between the two readings we may be put aside, which would shift every stamp converted with them: 0.8 ms was seen. */
const MOST_APART_MS = 0.02;
const TRIES = 3;
/** Stamp and reading differ by the time that the datagram lay in the socket. More than this is a step of the wall clock. */
const IMPLAUSIBLE_WAIT_MS = 10_000;

/** Read once a batch, so that a step of the wall clock can spoil at most what lay in the socket over it. */
export function readClocks(monotonicMs: () => number = () => performance.now(), wallNs: () => number = realtimeNs): ClockPair {
  let best = { monotonicMs: 0, realtimeNs: 0 };
  let closestMs = Infinity;
  for (let tries = 0; tries < TRIES && closestMs > MOST_APART_MS; tries++) {
    const beforeMs = monotonicMs();
    const nowNs = wallNs();
    const apartMs = monotonicMs() - beforeMs;
    if (apartMs < closestMs) {
      closestMs = apartMs;
      best = { monotonicMs: beforeMs + apartMs / 2, realtimeNs: nowNs };
    }
  }
  return best;
}

/** A stamp of the past on the monotonic clock; undefined when it is none, or from before a step of the wall clock. */
export function monotonicOf(stampNs: number | undefined, now: ClockPair): number | undefined {
  if (stampNs === undefined) return undefined;
  const agoMs = (now.realtimeNs - stampNs) / 1e6;
  // the readings lie apart by so much at most: what has just come may seem to come in a moment
  return agoMs >= -MOST_APART_MS && agoMs < IMPLAUSIBLE_WAIT_MS ? now.monotonicMs - Math.max(0, agoMs) : undefined;
}
