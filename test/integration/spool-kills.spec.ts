import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { isAlive, until } from '../fixtures/prober-processes.js';
import { announced, announcers, type CoreOptions, planOf, StoringCore } from '../fixtures/spool/stored-outcomes.js';

const KILLS = 100;
const PER_SECOND = 500;
type Victim = 'prober' | 'core' | 'both';
/** Of ten kills. */
const VICTIMS: Victim[] = ['prober', 'prober', 'core', 'prober', 'prober', 'both', 'prober', 'prober', 'core', 'prober'];

const percentile = (values: number[], q: number): string =>
  ([...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN).toFixed(0);

describe('kill -9 of prober, of core, of both', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let directory: string;
  let core: StoringCore;
  let options: CoreOptions;
  let absorbed = 0;
  const probers = new Set<number>();

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
    pool.on('error', () => undefined);
    directory = mkdtempSync(join(tmpdir(), 'spool-kills-'));
    options = { directory, databaseUrl: database.url, plan: planOf(1, PER_SECOND) };
    core = new StoringCore(options);
  });
  afterAll(async () => {
    await core.stop();
    await until(() => ![...probers].some(isAlive));
    await pool.end();
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const noteProber = (): void => {
    if (core.prober !== undefined) probers.add(core.prober);
  };
  const strike = async (victim: Victim): Promise<void> => {
    if (victim !== 'core') {
      await until(() => isAlive(core.prober));
      process.kill(core.prober as number, 'SIGKILL');
    }
    noteProber();
    if (victim === 'prober') return;
    absorbed += core.writer.absorbed;
    await core.kill();
    core = new StoringCore(options);
  };
  const storedTimes = async (): Promise<Map<string, number>> => {
    const { rows } = await pool.query<{ run_id: string; n: number }>(
      'SELECT run_id, count(*)::int AS n FROM probe_result GROUP BY run_id',
    );
    return new Map(rows.map(({ run_id: runId, n }) => [runId, n]));
  };

  it(`${KILLS} times at random points: what was on disk is stored, once`, async () => {
    const restartMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const before = new Set(announcers(directory));
      await strike(VICTIMS[kill % VICTIMS.length] as Victim);
      const killedMs = performance.now();
      // every third hits a prober that has hardly begun
      if (kill % 3 === 2) await sleep(Math.random() * 200);
      else {
        while (announcers(directory).every((pid) => before.has(pid))) await sleep(5);
        restartMs.push(performance.now() - killedMs);
        await sleep(Math.random() * 150);
      }
    }
    await until(() => core.stats !== null);
    core.setPlan({ ...planOf(2, 0) });
    // kept at that moment: with nothing more to say the prober takes its core for gone, and its successor has no figures at first
    let atEnd = core.stats;
    await until(() => {
      atEnd = core.stats;
      return atEnd?.planRevision === 2 && atEnd.unacknowledged === 0;
    });
    noteProber();
    const said = announced(directory);
    const stored = await storedTimes();
    const lost = said.filter((runId) => !stored.has(runId)).length;
    const duplicates = [...stored.values()].filter((times) => times > 1).length;
    absorbed += core.writer.absorbed;
    console.log(
      `${KILLS} kills: ${said.length} outcomes on disk, lost ${lost}, duplicates ${duplicates}, stored ${stored.size}, ` +
        `offers absorbed by the key ${absorbed}; kill to the next outcome on disk p50 ${percentile(restartMs, 0.5)}, p95 ${percentile(restartMs, 0.95)} ms`,
    );
    expect(said.length).toBeGreaterThan(KILLS);
    expect({ lost, duplicates, dropped: atEnd?.dropped }).toEqual({ lost: 0, duplicates: 0, dropped: {} });
    expect(new Set(said).size).toBe(said.length);
  }, 240_000);
});
