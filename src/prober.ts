import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';
import { systemScheduler } from './common/clock.js';
import { systemRandom } from './common/random.js';
import { createMediaPool } from './media/media-pool.js';
import { openIcmpEngine } from './net/open-icmp-engine.js';
import { SipUdpHub } from './net/sip-udp-hub.js';
import { PROBES } from './probes/registry.js';
import { IpcLink } from './prober/link/ipc-link.js';
import { LoopLag } from './prober/loop-lag.js';
import { MemoryOutbox } from './prober/outbox.js';
import { ProberAgent } from './prober/prober-agent.js';

/** Whatever hangs, the process is gone by then: the core kills it a moment later. */
const EXIT_WITHIN_MS = 3_500;

process.title = 'thong-suot-prober';
const { values } = parseArgs({ options: { 'log-level': { type: 'string', default: 'info' } } });
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
  const agent = new ProberAgent({
    probes: PROBES,
    context: { scheduler: systemScheduler, random: systemRandom, media, icmp, sipHub, loopLagMs: () => loopLag.p99Ms() },
    outbox: new MemoryOutbox(),
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
    await media.close();
    exit(0);
  };

  // Ctrl-C in a terminal reaches the whole group: the core then stops us in order
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGHUP', () => void stop('SIGHUP'));
  agent.start();
}

function exit(code: number): never {
  try {
    output.flushSync();
  } finally {
    // also when nobody reads our log any more
    process.exit(code);
  }
}
