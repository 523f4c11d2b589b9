import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { ProberHost, type ProberStatus } from '../../src/prober/host/prober-host.js';
import type { Plan, PlanItem } from '../../src/prober/messages.js';
import type { Outcome } from '../../src/probes/contract.js';
import { isAlive, until } from '../fixtures/prober-processes.js';

// the built one: `npm run build:server` first
const entry = fileURLToPath(new URL('../../dist/prober.js', import.meta.url));
const dyingCore = fileURLToPath(new URL('../fixtures/core-that-dies.mjs', import.meta.url));

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe('the prober process', () => {
  let host: ProberHost;
  let server: Server;
  let openPort: number;
  let closedPort: number;
  let stored: Outcome[];
  let statuses: ProberStatus[];

  const item = (endpointId: string, port: number, intervalMs = 300): PlanItem => ({
    endpointId,
    kind: 'tcp',
    target: `127.0.0.1:${port}`,
    options: {},
    intervalMs,
    area: 'a',
    carrier: 'c',
  });
  const planOf = (revision: number, items: PlanItem[], orphanStopMs = 60_000): Plan => ({
    revision,
    vantage: 'here',
    items,
    concurrency: { icmp: 2, tcp: 2, 'sip-options': 2, 'h323-ping': 2, 'sip-call': 1, 'h323-call': 1 },
    firstRoundMs: 100,
    orphanStopMs,
  });
  const of = (endpointId: string): Outcome[] => stored.filter((outcome) => outcome.endpointId === endpointId);

  beforeEach(async () => {
    server = await listen();
    const closing = await listen();
    [openPort, closedPort] = [portOf(server), portOf(closing)];
    closing.close();
    await once(closing, 'close');
    [stored, statuses] = [[], []];
    host = new ProberHost({ entry, log: pino({ level: 'silent' }), backoff: { minMs: 50, maxMs: 400 } });
    host.onStatus((status) => statuses.push(status));
  });
  afterEach(async () => {
    await host.stop();
    server.close();
  });

  const storeEverything = (outcomes: Outcome[]): Promise<void> => {
    stored.push(...outcomes);
    return Promise.resolve();
  };

  it('probes the plan, delivers each outcome once, and forgets what is stored', async () => {
    host.onOutcomes(storeEverything);
    host.setPlan(planOf(1, [item('open', openPort), item('closed-1', closedPort), item('closed-2', closedPort)]));
    host.start();
    await until(() => of('open').length >= 3 && of('closed-1').length >= 3 && of('closed-2').length >= 3);
    expect(of('open')[0]).toMatchObject({ kind: 'tcp', vantage: 'here', result: 'pass', reason: 'ok' });
    expect(of('closed-1')[0]).toMatchObject({ result: 'fail', reason: 'refused' });
    host.setPlan(planOf(2, []));
    await until(() => host.stats()?.planRevision === 2 && host.stats()?.unacknowledged === 0);
    expect(new Set(stored.map(({ runId }) => runId)).size).toBe(stored.length);
    const { pid } = host;
    await host.stop();
    expect(isAlive(pid)).toBe(false);
    expect(host.status()).toBe('down');
  });

  it('counts the rounds it missed while it stood still, and does not make up for them', async () => {
    host.onOutcomes(storeEverything);
    const sites = Array.from({ length: 20 }, (_, index) => item(`site-${index}`, openPort, 1_000));
    host.setPlan(planOf(1, sites));
    host.start();
    await until(() => stored.length >= 40);
    const pid = host.pid as number;
    process.kill(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    process.kill(pid, 'SIGCONT');
    await until(() => (host.stats()?.skippedRounds ?? 0) > 0);
    // 20 sites missed four rounds each, but for what was found within half an interval
    expect(host.stats()?.skippedRounds).toBeGreaterThanOrEqual(40);
    const before = stored.length;
    await until(() => stored.length >= before + 20);
    const starts = sites.map(({ endpointId }) => of(endpointId).map(({ startedAt }) => Date.parse(startedAt)));
    for (const ofSite of starts) {
      const gaps = ofSite.slice(1).map((startMs, index) => startMs - (ofSite[index] as number));
      expect(Math.min(...gaps)).toBeGreaterThan(100);
    }
  });

  it('is started anew when it is killed, with the same plan', async () => {
    host.onOutcomes(storeEverything);
    host.setPlan(planOf(1, [item('open', openPort)]));
    host.start();
    await until(() => of('open').length > 0);
    const first = host.pid as number;
    process.kill(first, 'SIGKILL');
    await until(() => statuses.length >= 3);
    expect(statuses).toEqual(['restarting', 'up', 'restarting']);
    const before = stored.length;
    await until(() => stored.length > before);
    expect(host.status()).toBe('up');
    expect(host.pid).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  it('offers again what was not stored', async () => {
    const refused: string[] = [];
    host.onOutcomes((outcomes) => {
      if (refused.length > 0) return storeEverything(outcomes);
      refused.push(...outcomes.map(({ runId }) => runId));
      return Promise.reject(new Error('the database is away'));
    });
    host.setPlan(planOf(1, [item('open', openPort)]));
    host.start();
    await until(() => refused.length > 0 && refused.every((runId) => stored.some((outcome) => outcome.runId === runId)));
    expect(refused.length).toBeGreaterThan(0);
  });

  it('checks at once what somebody asks for, under their run id, and lets Ctrl-C pass', async () => {
    host.onOutcomes(storeEverything);
    const started: string[] = [];
    host.onStarted(({ runId }) => started.push(runId));
    expect(host.checkNow([{ endpointId: 'closed', kind: 'tcp', runId: 'early' }])).toBe(false);
    host.setPlan(planOf(1, [item('closed', closedPort, 3_600_000)]));
    host.start();
    await until(() => of('closed').length === 1);
    process.kill(host.pid as number, 'SIGINT');
    const checks = ['asked-1', 'asked-2', 'asked-1'].map((runId) => ({ endpointId: 'closed', kind: 'tcp' as const, runId }));
    expect(host.checkNow(checks)).toBe(true);
    await until(() => of('closed').length >= 3);
    expect(started.sort()).toEqual(['asked-1', 'asked-2']);
    expect(
      stored
        .map(({ runId }) => runId)
        .filter((runId) => runId.startsWith('asked'))
        .sort(),
    ).toEqual(['asked-1', 'asked-2']);
    expect(statuses).toEqual(['restarting', 'up']);
  });

  it('goes on for a while when its core is killed, then leaves by itself', async () => {
    const plan = planOf(1, [item('open', openPort)], 1_500);
    const core = spawn(process.execPath, [dyingCore, entry, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(core.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString().split('\n')[0]);
    core.kill('SIGKILL');
    await once(core, 'exit');
    let connections = 0;
    server.on('connection', () => connections++);
    await until(() => connections > 0);
    expect(isAlive(pid)).toBe(true);
    await until(() => !isAlive(pid));
  });

  it('refuses to be started by hand', () => {
    expect(spawnSync(process.execPath, [entry], { encoding: 'utf8' })).toMatchObject({ status: 64, stdout: '' });
  });
});
