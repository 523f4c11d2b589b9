import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppConfig, loadConfig } from '../config/app-config.js';
import { decideOperation } from './simulation.js';

describe(decideOperation.name, () => {
  let dir: string;
  let config: AppConfig;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'simulation-'));
    config = loadConfig({ env: { DATA_DIR: dir }, cwd: dir });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('watches the lab when nothing real is there, in a data directory of its own and at its own pace', () => {
    const { simulated, config: effective } = decideOperation(config, 'example.csv');
    expect(simulated).toBe(true);
    expect(effective.inventoryPath).toBe('example.csv');
    expect(effective.dataDir).toBe(join(dir, 'simulation'));
    expect(effective.probes['sip-call'].intervalSeconds).toBe(config.simulation.intervalSeconds['sip-call']);
    expect(config.probes['sip-call'].intervalSeconds).not.toBe(effective.probes['sip-call'].intervalSeconds);
  });

  it.each<[string, (given: AppConfig) => AppConfig]>([
    ['an inventory file', (given) => ({ ...given, inventoryPath: 'sites.csv' })],
    ['a database server', (given) => ({ ...given, databaseUrl: 'postgres://db/m' })],
    ['the switch', (given) => ({ ...given, simulation: { ...given.simulation, mode: 'off' } })],
  ])('watches what is real: %s', (_title, change) => {
    const real = change(config);
    expect(decideOperation(real, 'example.csv')).toEqual({ simulated: false, config: real });
  });

  it('does not simulate where a real inventory was kept before', () => {
    mkdirSync(join(dir, 'pg'));
    expect(decideOperation(config, 'example.csv').simulated).toBe(false);
  });
});
