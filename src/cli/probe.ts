import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemScheduler } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import { systemRandom } from '../common/random.js';
import { createMediaPool } from '../media/media-pool.js';
import { openIcmpEngine } from '../net/open-icmp-engine.js';
import { SipUdpHub } from '../net/sip-udp-hub.js';
import type { Outcome, ProbeContext, ProbeResult } from '../probes/contract.js';
import { probeOf } from '../probes/registry.js';
import { parseProbeArguments, type ProbeArguments, USAGE } from './probe-arguments.js';
import { reportOf } from './probe-report.js';
import { StandingCalls } from './standing-calls.js';

const EXIT_CODES = { pass: 0, fail: 1, inconclusive: 2 } as const satisfies Record<ProbeResult, number>;
const EX_USAGE = 64;
const NANOSECONDS_PER_MS = 1e6;
/** A device that answers after we gave up must get its ACK and BYE; nobody waits at a prompt for all of the 32 s it may take. */
const LATE_ANSWER_MS = 5_000;

/** `npm run -s probe -- KIND TARGET`: one probe now, without database or core. */
async function main(): Promise<number> {
  const parsed = parseProbeArguments(process.argv.slice(2));
  if (!parsed.ok) {
    process.stderr.write(`${parsed.error}\n\n${USAGE}`);
    return EX_USAGE;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const standing = new StandingCalls();
  const outcome = await probeOnce(parsed.value, standing, stop.signal);
  await print(parsed.value.json ? `${JSON.stringify(outcome)}\n` : reportOf(outcome));
  await standing.untilNone(LATE_ANSWER_MS, systemScheduler, stop.signal);
  return EXIT_CODES[outcome.result];
}

async function probeOnce(
  { kind, target, options, trace }: ProbeArguments,
  journal: StandingCalls,
  signal: AbortSignal,
): Promise<Outcome> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const media = createMediaPool({ workers: 1 });
  const { engine: icmp } = openIcmpEngine();
  const sipHub = SipUdpHub.whereSupported();
  const context: ProbeContext = {
    scheduler: systemScheduler,
    random: systemRandom,
    media,
    icmp,
    sipHub,
    journal,
    signal,
    loopLagMs: () => (delay.count > 0 ? Math.max(0, delay.percentile(99) / NANOSECONDS_PER_MS - 1) : 0),
    trace: trace ? (line) => process.stderr.write(`${line}\n`) : undefined,
  };
  try {
    return await probeOf(kind).run({ runId: newRunId(), endpointId: null, target, vantage: 'cli', options }, context);
  } finally {
    delay.disable();
    icmp.close();
    sipHub?.close();
    await media.close();
  }
}

const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });

// explicit: the state of a call that was never answered would keep us for half a minute
process.exit(await main());
