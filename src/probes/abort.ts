import type { Cancel } from '../common/clock.js';
import type { StopSignal } from '../common/stop-switch.js';

/** Runs something when the signal is, or already was, aborted. The signal outlives a probe: cancel when done. */
export function onAbort(signal: StopSignal, run: () => void): Cancel {
  if (signal.aborted) {
    run();
    return () => undefined;
  }
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}
