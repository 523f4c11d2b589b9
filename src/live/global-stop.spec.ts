import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProberHost } from '../prober/host/prober-host.js';
import { GlobalStopService } from './global-stop.service.js';
import { MonitorStatusService } from './monitor-status.service.js';

describe(GlobalStopService.name, () => {
  let dataDir: string;
  let told: string[];
  const open = () => {
    const monitor = new MonitorStatusService();
    const prober = { setStop: (level: string) => told.push(level) } as unknown as ProberHost;
    return { service: new GlobalStopService({ dataDir }, prober, monitor), monitor };
  };

  beforeEach(() => {
    told = [];
    dataDir = join(mkdtempSync(join(tmpdir(), 'stop-')), 'not yet there');
  });
  afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }));

  it('holds over restarts until it is lifted, and keeps since when', () => {
    const first = open().service.stop('Lan', 'giao ban', false);
    expect(first).toMatchObject({ calls: 'stopped', stop: { level: 'calls', by: 'Lan', note: 'giao ban' } });
    expect(open().monitor.current().stop).toEqual(first.stop);
    const more = open().service.stop('Minh', '', true);
    expect(more.stop).toEqual({ level: 'everything', by: 'Minh', note: '', since: first.stop?.since });
    expect(open().service.resume('Lan', '')).toMatchObject({ calls: 'running', stop: null });
    expect(open().monitor.current().calls).toBe('running');
    expect(told).toEqual(['none', 'calls', 'calls', 'calls', 'everything', 'everything', 'none', 'none']);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each(['', '{"level":"none"}', 'null', '{"level":"calls","by":"x"'])('takes a file it cannot read for a stop: %j', (text) => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'stop.json'), text);
    expect(open().monitor.current()).toMatchObject({ calls: 'stopped', stop: { level: 'calls', by: 'unknown' } });
    expect(told).toEqual(['calls']);
  });

  it('stops although the disk does not take it', () => {
    writeFileSync(dataDir, 'a file where the directory should be');
    const { service } = open();
    told = [];
    expect(service.stop('Lan', '', false).calls).toBe('stopped');
    expect(told).toEqual(['calls']);
  });
});
