import { type Scheduler, systemClock } from '../../src/common/clock.js';
import { newRunId } from '../../src/common/ids.js';
import { systemRandom } from '../../src/common/random.js';
import type { MediaPool } from '../../src/media/contract.js';
import { PingPackageEngine } from '../../src/net/icmp-ping-package.js';
import type { Outcome, ProbeContext, ProbeKind } from '../../src/probes/contract.js';
import { parseProbeOptions, probeOf } from '../../src/probes/registry.js';

/** Timers that do not keep a test run alive: a call that was given up keeps its dialog for 32 s, on purpose. */
const scheduler: Scheduler = {
  ...systemClock,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

const noMedia: MediaPool = {
  open: () => Promise.reject(new Error('this probe needs no media')),
  close: () => Promise.resolve(),
};

/** Runs one probe in this process, as the prober does. */
export async function runProbe(
  kind: ProbeKind,
  target: string,
  options: Record<string, unknown> = {},
  more: Partial<ProbeContext> = {},
): Promise<Outcome> {
  const parsed = parseProbeOptions(kind, options);
  if (!parsed.ok) throw new Error(parsed.error);
  const context: ProbeContext = {
    scheduler,
    random: systemRandom,
    media: noMedia,
    icmp: new PingPackageEngine(),
    signal: new AbortController().signal,
    loopLagMs: () => 0,
    ...more,
  };
  return probeOf(kind).run({ runId: newRunId(), endpointId: null, target, vantage: 'test', options: parsed.value }, context);
}
