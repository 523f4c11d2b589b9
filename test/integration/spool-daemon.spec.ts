import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SpoolService } from '../../src/prober/spool/spool-service.js';
import { Daemon } from '../fixtures/daemon.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { isAlive, until } from '../fixtures/prober-processes.js';
import { processTree } from '../fixtures/processes.js';

const KILLS = 4;
const SITES = 20;
const SETTINGS = `
probes:
  icmp: { enabled: false }
  sip-options: { enabled: false }
  sip-call: { enabled: false }
  tcp: { intervalSeconds: 1, options: { port: 9 } }
prober: { firstRoundSeconds: 0 }
`;

describe('the daemon, killed -9 with its prober while the database takes nothing', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let directory: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    directory = mkdtempSync(join(tmpdir(), 'spool-daemon-'));
    const [inventory, settings] = [join(directory, 'sites.csv'), join(directory, 'monitor.yml')];
    const sites = Array.from({ length: SITES }, (_, i) => `s${i},Site ${i},commune,127.0.0.${i + 1}`);
    writeFileSync(inventory, ['site_code,site_name,tier,address', ...sites].join('\n'));
    writeFileSync(settings, SETTINGS);
    env = { DATA_DIR: join(directory, 'data'), DATABASE_URL: database.url, INVENTORY: inventory, CONFIG: settings };
  });
  afterAll(async () => {
    await pool.end();
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const stored = async (): Promise<string[]> =>
    (await pool.query<{ run_id: string }>('SELECT run_id FROM probe_result')).rows.map(({ run_id: runId }) => runId);
  const spooled = async (): Promise<string[]> => {
    const service = new SpoolService(join(env.DATA_DIR as string, 'spool'));
    const { entries } = await service.handle({ op: 'read', after: { requested: 0, routine: 0 }, limit: 100_000 });
    await service.handle({ op: 'close' });
    return entries.map(({ text }) => (JSON.parse(text) as { runId: string }).runId);
  };
  const kill = async (daemon: Daemon): Promise<void> => {
    const tree = processTree(daemon.process.pid as number).map(({ pid }) => pid);
    for (const pid of tree) process.kill(pid, 'SIGKILL');
    await until(() => !tree.some(isAlive));
  };

  it(`${KILLS} times: what lay in its spool is stored by the next one, once`, async () => {
    const waited: string[] = [];
    const restartMs: number[] = [];
    for (let times = 0; times <= KILLS; times++) {
      const before = (await stored()).length;
      const startedMs = performance.now();
      const daemon = await Daemon.start(env);
      await daemon.until('a stored outcome', async () => (await stored()).length > before, 20_000);
      restartMs.push(performance.now() - startedMs);
      const blocker = await pool.connect();
      await blocker.query('BEGIN; LOCK TABLE probe_result IN EXCLUSIVE MODE');
      await sleep(times === KILLS ? 0 : 1_500 + Math.random() * 500);
      if (times < KILLS) {
        await kill(daemon);
        waited.push(...(await spooled()));
      }
      await blocker.query('ROLLBACK');
      blocker.release();
      if (times === KILLS) {
        const has = new Set(waited);
        await daemon.until(
          'all of it',
          async () => (await stored()).filter((runId) => has.has(runId)).length === has.size,
          20_000,
        );
        await daemon.stop();
      }
    }
    const all = await stored();
    const lost = [...new Set(waited)].filter((runId) => !all.includes(runId)).length;
    console.log(
      `${KILLS} kills of the daemon: ${new Set(waited).size} outcomes lay in the spool, lost ${lost}, duplicates ` +
        `${all.length - new Set(all).size}; start to the first stored outcome ${Math.max(...restartMs).toFixed(0)} ms at most`,
    );
    expect(new Set(waited).size).toBeGreaterThan(KILLS * SITES * 0.5);
    expect({ lost, duplicates: all.length - new Set(all).size }).toEqual({ lost: 0, duplicates: 0 });
    expect(await spooled()).toEqual([]);
  }, 120_000);
});
