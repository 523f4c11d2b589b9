import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';
import { systemScheduler } from './common/clock.js';
import { systemRandom } from './common/random.js';
import { createMediaPool } from './media/media-pool.js';
import { Gatekeepers } from './net/gatekeepers.js';
import { openIcmpEngine } from './net/open-icmp-engine.js';
import { SipUdpHub } from './net/sip-udp-hub.js';
import { PROBES } from './probes/registry.js';
import { bootClock } from './prober/boot-clock.js';
import { FileCallJournal } from './prober/call-journal.js';
import { type HarmStore, NO_STORE } from './prober/call-memory.js';
import { HarmFile } from './prober/harm-file.js';
import { IpcLink } from './prober/link/ipc-link.js';
import { LoopLag } from './prober/loop-lag.js';
import { MemoryOutbox } from './prober/outbox.js';
import { isProberProcess, PROBER_TITLE } from './prober/process-identity.js';
import { ProberAgent } from './prober/prober-agent.js';
import { releaseCalls } from './prober/release-calls.js';
import { SpoolOutbox } from './prober/spool/spool-outbox.js';
import { SpoolThread } from './prober/spool/spool-thread.js';

/** Whatever hangs, the process is gone by then: the core kills it a moment later. */
const EXIT_WITHIN_MS = 3_500;

process.title = PROBER_TITLE;
const { values } = parseArgs({
  options: { 'log-level': { type: 'string', default: 'info' }, calls: { type: 'string' }, spool: { type: 'string' } },
});
const output = pino.destination({ dest: 2, sync: false });
const log = pino({ name: 'prober', level: values['log-level'] }, output);

process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'prober failed');
  exit(1);
});
if (process.send) run(log);
else {
  log.fatal('the prober is started by its core, not by hand');
  exit(64);
}

function run(log: Logger): void {
  const media = createMediaPool({
    onWorkerLost: (why, calls) => log.error({ why, calls }, 'media worker lost; its calls were ended'),
  });
  const { engine: icmp, why } = openIcmpEngine();
  const sipHub = SipUdpHub.whereSupported();
  log.info({ icmpEngine: icmp.name, why, sipOptionsClock: sipHub ? 'kernel' : 'user' }, 'prober starting');
  const loopLag = new LoopLag();
  const journal = values.calls === undefined ? undefined : openJournal(values.calls, log);
  const harm = values.calls === undefined ? NO_STORE : openHarmFile(values.calls, log);
  const gatekeepers = new Gatekeepers(systemScheduler, systemRandom);
  const loopLagMs = (): number => loopLag.p99Ms();
  const context = { scheduler: systemScheduler, random: systemRandom, media, icmp, sipHub, gatekeepers, loopLagMs };
  const agent = new ProberAgent({
    probes: PROBES,
    context: { ...context, journal },
    outbox: values.spool === undefined ? new MemoryOutbox() : openSpool(values.spool, log),
    harm,
    link: new IpcLink(process, log),
    log,
    pid: process.pid,
    onStopWanted: (why) => void stop(why),
  });

  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'prober stopping');
    systemScheduler.after(EXIT_WITHIN_MS, () => exit(0));
    await agent.stop();
    loopLag.close();
    icmp.close();
    sipHub?.close();
    await gatekeepers.close();
    await media.close();
    journal?.close();
    exit(0);
  };

  // Ctrl-C in a terminal reaches the whole group: the core then stops us in order
  process.on('SIGINT', () => undefined);
  process.on('SIGUSR2', () => agent.stopCallsAlone());
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGHUP', () => void stop('SIGHUP'));
  if (journal) void releaseCalls(journal.left, { ...context, journal, log });
  agent.start();
}

/** Without a journal calls are made all the same: what it guards against is our own sudden death. */
function openJournal(directory: string, log: Logger): FileCallJournal | undefined {
  const onError = (err: unknown): void => log.error({ err, directory }, 'calls in progress cannot be written down');
  try {
    return new FileCallJournal(directory, { pid: process.pid, isProber: isProberProcess, onError });
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/** Without it whoever was busy or rings is called again after our own sudden death, which is no reason not to probe. */
function openHarmFile(directory: string, log: Logger): HarmStore {
  const onError = (err: unknown): void => log.error({ err, directory }, 'who is not to be called cannot be written down');
  try {
    return new HarmFile(directory, { ...bootClock(), onError });
  } catch (error) {
    onError(error);
    return NO_STORE;
  }
}

/** Whether the disk can be written shows with the first outcome, and is no reason not to probe. */
function openSpool(directory: string, log: Logger): SpoolOutbox {
  return new SpoolOutbox({ port: new SpoolThread(directory), directory, scheduler: systemScheduler, log });
}

function exit(code: number): never {
  try {
    output.flushSync();
  } finally {
    // also when nobody reads our log any more
    process.exit(code);
  }
}
