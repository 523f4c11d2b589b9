import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { io } from 'socket.io-client';
import type { Delta, Snapshot } from '../../src/live/feed-events.js';
import { Daemon } from '../fixtures/daemon.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { DatabaseProxy } from '../fixtures/database-proxy.js';
import { processTree } from '../fixtures/processes.js';

const INVENTORY = 'site_code,site_name,tier,address\nA,An,ward,127.0.0.1\nB,Bình,ward,127.0.0.2\n';

/** The built daemon with a server of its own, as in a data centre. */
describe('a daemon on DATABASE_URL', () => {
  let directory: string;
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let daemon: Daemon;
  let inventory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'daemon-database-'));
    inventory = join(directory, 'sites.csv');
    await writeFile(inventory, INVENTORY);
    database = await startTestDatabase({ empty: true });
    proxy = await DatabaseProxy.start(database.url);
    daemon = await Daemon.start({ DATABASE_URL: proxy.url, INVENTORY: inventory });
    await daemon.until('ready', async () => (await daemon.get('/readyz')).status === 200);
  }, 60_000);
  afterAll(async () => {
    await daemon.stop();
    await proxy.stop();
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const metric = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await (await daemon.get('/metrics')).text())?.[1]);
  const isReady = async (): Promise<boolean> => (await daemon.get('/readyz')).status === 200;
  /** @returns the reason of its outcome */
  async function checkNow(): Promise<string> {
    const { runIds } = (await daemon.json('/api/v1/endpoints/A-1/checks', { method: 'POST', body: { probes: ['tcp'] } })) as {
      runIds: string[];
    };
    let reason = '';
    await daemon.until('the outcome of a check', async () => {
      const check = (await daemon.json(`/api/v1/checks/${runIds[0]}`)) as { outcome?: { reason: string } };
      reason = check.outcome?.reason ?? '';
      return reason !== '';
    });
    return reason;
  }

  it('refuses to be a second one: it leaves with 75 and names the first', async () => {
    const second = Daemon.start({ DATABASE_URL: database.url });
    await expect(second).rejects.toThrow(/the daemon left with 75/);
    await expect(second).rejects.toThrow(
      new RegExp(`another core writes into this database \\(thong-suot core .*:${daemon.process.pid}, .*stop that one first`),
    );
    expect(await isReady()).toBe(true);
  });

  it('goes on from memory while the database answers nothing, says so everywhere, and stores what waited', async () => {
    const socket = io(`${daemon.url}/live`, { transports: ['websocket'] });
    const told: string[] = [];
    socket.on('snapshot', ({ monitor }: Snapshot) => told.push(monitor.database));
    socket.on('delta', ({ monitor }: Delta) => monitor && told.push(monitor.database));
    try {
      proxy.swallow();
      await daemon.until('not ready', async () => !(await isReady()));
      expect(await (await daemon.get('/readyz')).json()).toMatchObject({ database: 'down', prober: 'up' });
      expect(((await daemon.json('/api/v1/endpoints')) as { total: number }).total).toBe(2);
      expect(await checkNow()).toBe('refused');
      for (const path of ['/api/v1/endpoints/A-1/results', '/api/v1/reports/availability?by=all']) {
        const answer = await daemon.get(path);
        expect(answer.status).toBe(503);
        expect(await answer.json()).toMatchObject({
          status: 503,
          detail: expect.stringMatching(/the database is away/) as string,
        });
      }
      expect(await metric('vc_store_up')).toBe(0);
      // offered again and again meanwhile
      await daemon.until('a failed write', async () => (await metric('vc_store_write_failures_total')) > 0);
    } finally {
      await proxy.heal();
    }
    await daemon.until('ready again', isReady);
    await daemon.until('nothing waits', async () => (await metric('vc_store_spool_records')) === 0);
    socket.disconnect();
    expect(told).toEqual(['up', 'down', 'up']);
    expect(daemon.log().match(/results cannot be stored/g)).toHaveLength(1);
    expect(daemon.log()).not.toMatch(/unhandled|uncaught|"level":(50|60)/i);
  }, 120_000);

  it('is not ready while the server takes no results, though it answers questions', async () => {
    const superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
    const setReadOnly = (how: 'on' | 'off') =>
      superuser.query(`BEGIN READ WRITE; ALTER DATABASE thong_suot SET default_transaction_read_only = ${how}; COMMIT`);
    const failuresBefore = await metric('vc_store_write_failures_total');
    try {
      await setReadOnly('on');
      proxy.cutAll();
      await checkNow();
      await daemon.until('reads without writes', async () => {
        const reads = (await daemon.get('/api/v1/endpoints/A-1/results')).status === 200;
        return reads && (await metric('vc_store_write_failures_total')) > failuresBefore + 1 && !(await isReady());
      });
    } finally {
      await setReadOnly('off');
      await superuser.end();
    }
    proxy.cutAll();
    await daemon.until('ready again', isReady);
    expect(await metric('vc_store_rows_total')).toBeGreaterThan(0);
  }, 60_000);

  it('starts at once after its predecessor was killed', async () => {
    const killed = daemon;
    for (const { pid } of processTree(killed.process.pid ?? 0)) process.kill(pid, 'SIGKILL');
    daemon = await Daemon.start({ DATABASE_URL: database.url, INVENTORY: inventory });
    await killed.stop();
    await daemon.until('ready', isReady);
    expect(((await daemon.json('/api/v1/endpoints/A-1/results')) as { total: number }).total).toBeGreaterThan(0);
  }, 60_000);
});
