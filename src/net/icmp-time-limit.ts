import type { Scheduler } from '../common/clock.js';
import { type StopSignal, StopSwitch } from '../common/stop-switch.js';

/** Runs work whose signal is aborted with the caller's, or when the time is over. */
export async function bounded<T>(
  limitMs: number,
  outer: StopSignal | undefined,
  scheduler: Scheduler,
  work: (signal: StopSignal) => Promise<T>,
): Promise<T> {
  const inner = new StopSwitch();
  const abort = (): void => inner.abort();
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  const cancelLimit = scheduler.after(limitMs, abort);
  try {
    return await work(inner);
  } finally {
    cancelLimit();
    outer?.removeEventListener('abort', abort);
  }
}
