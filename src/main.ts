import 'reflect-metadata';
import pino from 'pino';
import { startCore } from './app/core.js';
import { ConfigError, loadConfig } from './config/app-config.js';
import { DatabaseInUseError } from './database/core-lock.js';

/** sysexits.h: EX_CONFIG, so that a service manager can tell a bad configuration from a crash. */
const EXIT_CONFIG = 78;
/** EX_TEMPFAIL: another core has the database; whoever starts us again and again has a stand-by. */
const EXIT_TRY_LATER = 75;
/** Whoever asks us to stop waits five seconds; children get four of them. */
const STOP_DEADLINE_MS = 4_800;

async function main(): Promise<void> {
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const log = pino({ level: config.logLevel, base: { process: 'core' } }, pino.destination({ dest: 2, sync: true }));
  process.title = 'thong-suot-core';

  let signalled = false;
  const started = startCore(config, log);
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (signalled) return;
    signalled = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    await started.then((core) => core.stop()).catch(() => undefined);
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, (name) => void stop(name));

  // only stops: what a second signal would lift, nobody could rely on
  process.on('SIGUSR2', (signal) => void started.then((core) => core.stopCalls(signal)).catch(() => undefined));

  const core = await started;
  if (!signalled) announce(core.url, core.simulated);
}

function announce(url: string, simulated: boolean): void {
  const mode = simulated ? '  (DỮ LIỆU MÔ PHỎNG / simulated data)' : '';
  process.stdout.write(`Thông Suốt: ${url}${mode}\n`);
}

/** What the operator can mend needs no stack. */
const exitCodeOf = (error: unknown): number =>
  error instanceof ConfigError ? EXIT_CONFIG : error instanceof DatabaseInUseError ? EXIT_TRY_LATER : 1;

main().catch((error: unknown) => {
  const code = exitCodeOf(error);
  const text = error instanceof Error ? (code === 1 ? error.stack : error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
});
