import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { AppConfig } from '../config/app-config.js';
import { GlobalStopService } from '../live/global-stop.service.js';
import { ProberHost } from '../prober/host/prober-host.js';
import { AppModule } from './app.module.js';
import { configureHttp } from './http-server.js';
import { LabProcess } from './lab-process.js';
import { NestLogger } from './nest-logger.js';
import { decideOperation } from './simulation.js';

const built = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface RunningCore {
  url: string;
  simulated: boolean;
  /** the global stop, by a signal */
  stopCalls(by: string): void;
  stop(): Promise<void>;
}

/**
 * Starts everything in the order in which it is needed, and stops it in the order in which it can go: calls end first (BYE),
 * then the pages are let go, then the database, so that the last outcomes are still stored.
 */
export async function startCore(given: AppConfig, log: Logger): Promise<RunningCore> {
  const { simulated, config } = decideOperation(given, shipped('config/inventory.example.csv'));
  const lab = simulated ? new LabProcess(built('lab/main.js'), labArguments(config), log) : null;
  const prober = new ProberHost({
    entry: built('prober.js'),
    directories: { calls: join(config.dataDir, 'calls'), spool: join(config.dataDir, 'spool') },
    log,
    backoff: { minMs: config.prober.restartBackoffMs.min, maxMs: config.prober.restartBackoffMs.max },
  });
  const stopParts: (() => Promise<void>)[] = [() => Promise.all([prober.stop(), lab?.stop()]).then(() => undefined)];
  const stop = async (): Promise<void> => {
    for (const part of stopParts.splice(0))
      await part().catch((error: unknown) => log.error({ err: error }, 'not stopped cleanly'));
  };
  try {
    await lab?.start();
    const app = await NestFactory.create<NestExpressApplication>(AppModule.with({ config, simulated, log, prober }), {
      logger: new NestLogger(log),
      abortOnError: false,
      rawBody: true,
    });
    stopParts.push(() => closeApp(app));
    configureHttp(app, log, built('web'));
    await app.listen(config.http.port, config.http.host);
    const globalStop = app.get(GlobalStopService, { strict: false });
    const stopCalls = (by: string): void => void globalStop.stop(by, '', false);
    return { url: await app.getUrl(), simulated, stopCalls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Pages hold their connections open for as long as they are looked at: they are cut, and come back by themselves. */
async function closeApp(app: NestExpressApplication): Promise<void> {
  const closing = app.close();
  app.getHttpServer().closeAllConnections();
  await closing;
}

const labArguments = (config: AppConfig): string[] => [
  ...(config.inventoryPath ? ['--inventory', config.inventoryPath] : []),
  ...['--faults', config.simulation.faultsFile],
];
