// Test calls by our own probe, with media threads as the prober has them.
import { systemScheduler } from '../../../dist/common/clock.js';
import { systemRandom } from '../../../dist/common/random.js';
import { parseProbeOptions, probeOf } from '../../../dist/probes/registry.js';

const TARGETS = { 'sip-call': (address) => `sip:room@${address}`, 'h323-call': (address) => address };

/** @returns a function that calls one address and resolves with the outcome */
export function caller(media, options, kind = 'sip-call') {
  const { value } = parseProbeOptions(kind, options);
  const context = { scheduler: systemScheduler, random: systemRandom, media, loopLagMs: () => 0 };
  return (address) => {
    const request = { runId: address, endpointId: null, target: TARGETS[kind](address), vantage: 'bench', options: value };
    return probeOf(kind).run(request, { ...context, signal: new AbortController().signal });
  };
}

/** @returns the jitter of the worst stream that came in, and how many packets were missed; of calls whose jitter was measured */
export function qualityOf(outcomes) {
  const streams = outcomes.flatMap(({ media }) => [media?.audioIn, media?.videoIn].filter(Boolean));
  const jitters = streams.flatMap(({ jitterMs }) => jitterMs ?? []);
  return {
    // none measured is no good figure: it meets no goal
    worstJitterMs: jitters.length > 0 ? Math.max(...jitters) : NaN,
    unjudged: streams.length - jitters.length,
    lost: streams.reduce(
      (sum, { expected = 0, packets, duplicates = 0 }) => sum + Math.max(0, expected - packets + duplicates),
      0,
    ),
  };
}

/** @returns how many calls ended for which reason, the good ones left out */
export function reasonsOf(outcomes) {
  const counts = {};
  for (const { result, reason } of outcomes) if (result !== 'pass') counts[reason] = (counts[reason] ?? 0) + 1;
  return Object.entries(counts).map(([reason, count]) => `${count} x ${reason}`);
}
