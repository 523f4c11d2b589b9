import type { Scheduler } from '../common/clock.js';

/** Runs work whose signal is aborted with the caller's, or when the time is over. */
export async function bounded<T>(
  limitMs: number,
  outer: AbortSignal | undefined,
  scheduler: Scheduler,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const abort = (): void => inner.abort();
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  const cancelLimit = scheduler.after(limitMs, abort);
  try {
    return await work(inner.signal);
  } finally {
    cancelLimit();
    outer?.removeEventListener('abort', abort);
  }
}
