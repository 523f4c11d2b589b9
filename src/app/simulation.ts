import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AppConfig } from '../config/app-config.js';
import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';

/** Simulated results never share a database with real ones. */
const SIMULATION_DIR = 'simulation';

export interface Operation {
  simulated: boolean;
  config: AppConfig;
}

/**
 * With nothing real to watch, the daemon watches the lab. Real is: an inventory file, a database server, or a data directory
 * that has been used for real before (an inventory imported through the API is there).
 */
export function decideOperation(config: AppConfig, inventoryExample: string): Operation {
  const hasRealData = existsSync(join(config.dataDir, 'pg')) || existsSync(join(config.dataDir, 'database'));
  if (config.simulation.mode === 'off' || config.inventoryPath || config.databaseUrl || hasRealData)
    return { simulated: false, config };
  const probes = { ...config.probes };
  const quicken = <K extends ProbeKind>(kind: K): void => {
    probes[kind] = { ...probes[kind], intervalSeconds: config.simulation.intervalSeconds[kind] };
  };
  PROBE_KINDS.forEach(quicken);
  return {
    simulated: true,
    config: { ...config, dataDir: join(config.dataDir, SIMULATION_DIR), inventoryPath: inventoryExample, probes },
  };
}
