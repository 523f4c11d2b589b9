import type pg from 'pg';
import { newRunId } from '../../src/common/ids.js';
import { ManualScheduler } from '../../src/common/manual-scheduler.js';
import { openPool } from '../../src/database/bounded-client.js';
import { perKind } from '../../src/prober/pacing.js';
import { bench, plan } from '../../src/prober/testing/engine-bench.js';
import type { Outcome } from '../../src/probes/contract.js';
import { endedAtMs } from '../../src/health/state-machine.js';
import { ResultsRepository } from '../../src/results/results.repository.js';
import { CheckpointRepository } from '../../src/sessions/checkpoint.repository.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { DatabaseProxy } from '../fixtures/database-proxy.js';
import { DayCore, keepSessions, LOCK, settled } from '../fixtures/day/core.js';
import {
  CUT,
  DAWN_MS,
  DURATION_MS,
  ENDPOINTS,
  HOUR_MS,
  ITEMS,
  KINDS,
  MINUTE_MS,
  province,
  STRAYS,
  TEN,
  WINDOWS,
} from '../fixtures/day/province.js';

const TICK_MS = 10_000;
const AWAY = { fromMs: TEN.startsMs - 35 * MINUTE_MS, toMs: TEN.startsMs - 30 * MINUTE_MS };
const RESTART_MS = TEN.startsMs - 25 * MINUTE_MS;
const END_MS = DAWN_MS + 12 * HOUR_MS;
const LIMITS = { connectMs: 1_000, statementMs: 5_000 };

interface Day {
  /** open ten minutes before the session at ten */
  openCauses: string[];
  /** every minute: the state of every device, and how the session at ten stands */
  pictures: string[];
}

/** What people were told, without the ids that differ from day to day. */
const TOLD = `SELECT type, content->'details'->'incident'->'cause'->>'kind' AS kind, content->'details'->'incident'->'cause'->>'name' AS name,
    at FROM notice WHERE type LIKE 'incident.%' ORDER BY at, type, name`;
/** What became of each cause, and when. */
const AUDIT = `SELECT cause_kind, cause_name, audit.type, audit.at, audit.joined, audit.left_again
  FROM incident_audit audit JOIN incident ON incident.id = incident_id ORDER BY audit.at, cause_kind, cause_name, audit.type`;

describe('a simulated day', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let pool: pg.Pool;
  let day: Day;
  let calls: { endpointId: string; atMs: number }[];

  /** The engine of the prober with its harm gate on a clock that is moved, devices that do as told, the core's services, and PostgreSQL. */
  async function live(): Promise<Day> {
    const clock = new ManualScheduler(DAWN_MS);
    const prober = bench(province(clock), clock);
    prober.engine.setPlan(plan(ITEMS, { concurrency: perKind(() => 24), quiet: WINDOWS, firstRoundMs: MINUTE_MS }));
    const outside = {
      ...{ clock, pool },
      checkNow: (checks: Parameters<typeof prober.engine.checkNow>[0]): boolean => {
        prober.engine.checkNow(checks);
        return true;
      },
      confirm: (wanted: { endpointId: string; kind: Outcome['kind'] }[]): void =>
        prober.engine.checkNow(wanted.map((one) => ({ ...one, runId: newRunId() }))),
    };
    let core = new DayCore(outside);
    await core.start();
    // as the prober's spool keeps them
    let unstored: Outcome[] = [];
    const seen: Day = { openCauses: [], pictures: [] };
    while (clock.wallMs() < END_MS) {
      await prober.advance(TICK_MS);
      await settled();
      const nowMs = clock.wallMs();
      if (nowMs === AWAY.fromMs) await proxy.refuse();
      if (nowMs === AWAY.toMs) await proxy.heal();
      const outcomes = prober.outcomes.splice(0).map(({ outcome }) => outcome);
      core.see(outcomes);
      await core.tick();
      unstored.push(...outcomes);
      const offered = unstored;
      unstored = await core.results.store(offered).then(
        () => [],
        () => offered,
      );
      note(seen, core, nowMs);
      if (nowMs !== RESTART_MS) continue;
      await core.stop();
      core = new DayCore(outside);
      await core.start();
    }
    calls = prober.starts.flatMap(({ kind, atMs, request }) =>
      kind === 'sip-call' ? [{ endpointId: request.endpointId ?? '', atMs: DAWN_MS + atMs }] : [],
    );
    await prober.stop();
    await core.stop();
    return seen;
  }

  /** From the tables of results alone, in another database. */
  async function replay(into: pg.Pool): Promise<Day> {
    const results = new ResultsRepository(pool);
    const stored: Outcome[] = [];
    for (const kind of KINDS) stored.push(...((await results.ofKind(kind, new Date(DAWN_MS), new Date(END_MS))) as Outcome[]));
    stored.sort((a, b) => endedAtMs(a) - endedAtMs(b));
    const clock = new ManualScheduler(DAWN_MS);
    // orders of a replay have ids of their own: what was asked for is known by what came next
    const asked = new Map<string, string[]>();
    const keyOf = ({ endpointId, kind }: Pick<Outcome, 'endpointId' | 'kind'>): string => `${endpointId} ${kind}`;
    const checkNow = (checks: readonly { endpointId: string; kind: Outcome['kind']; runId: string }[]): boolean => {
      for (const check of checks) asked.set(keyOf(check), [...(asked.get(keyOf(check)) ?? []), check.runId]);
      return true;
    };
    const answered = (outcome: Outcome): Outcome => ({ ...outcome, runId: asked.get(keyOf(outcome))?.shift() ?? outcome.runId });
    const core = new DayCore({ clock, pool: into, checkNow, confirm: () => undefined });
    await core.start();
    const seen: Day = { openCauses: [], pictures: [] };
    let next = 0;
    while (clock.wallMs() < END_MS) {
      clock.advance(TICK_MS);
      await settled();
      const from = next;
      while (next < stored.length && endedAtMs(stored[next] as Outcome) <= clock.wallMs()) next++;
      core.see(stored.slice(from, next).map(answered));
      await core.tick();
      note(seen, core, clock.wallMs());
    }
    await core.stop();
    return seen;
  }

  function note(seen: Day, core: DayCore, nowMs: number): void {
    if (nowMs % MINUTE_MS === 0) seen.pictures.push(`${new Date(nowMs).toISOString()} ${core.picture(TEN)}`);
    if (nowMs === TEN.startsMs - 10 * MINUTE_MS)
      seen.openCauses = core.incidents.open().map(({ cause }) => `${cause.kind} ${cause.name}`);
  }

  beforeAll(async () => {
    database = await startTestDatabase();
    proxy = await DatabaseProxy.start(database.url);
    pool = openPool(proxy.url, 4, LIMITS);
    await keepSessions(pool);
    day = await live();
  }, 300_000);
  afterAll(async () => {
    await pool.end();
    await proxy.stop();
    await database.stop();
  });

  it('runs every checkpoint of every session, and keeps them in the database that was away', async () => {
    const { rows } = await pool.query<{ state: string; late: boolean; n: number }>(
      'SELECT state, late, count(*)::int AS n FROM checkpoint_run GROUP BY state, late ORDER BY 1, 2',
    );
    expect(rows).toEqual([{ state: 'done', late: false, n: 16 }]);
  });

  it('has one incident of the carrier and five of their own ten minutes before', () => {
    const strays = [...STRAYS.keys()].map((id) => `endpoint ${id}`);
    expect(day.openCauses.sort()).toEqual([`carrier ${CUT.carrier}`, ...strays].sort());
  });

  it('tells of each cause once, and once when it is over, though the database was away and the monitor restarted', async () => {
    const { rows } = await pool.query<{ type: string; kind: string; name: string; at: Date }>(TOLD);
    const told = rows.filter(({ type }) => type !== 'incident.changed').map(({ type, kind, name }) => `${type} ${kind} ${name}`);
    expect(told).toEqual([...new Set(told)]);
    // the five faults are never mended
    const strays = [...STRAYS.keys()].map((id) => `incident.opened endpoint ${id}`);
    const carrier = [`incident.opened carrier ${CUT.carrier}`, `incident.resolved carrier ${CUT.carrier}`];
    const duringIt = rows.filter(({ at, type }) => at.getTime() < CUT.toMs && type !== 'incident.changed');
    expect(duringIt.map(({ type, kind, name }) => `${type} ${kind} ${name}`).sort()).toEqual([...strays, carrier[0]].sort());
    // a site whose call has to come yet outlives the group, and has its own; nothing else does
    const outliving = told.filter((one) => ![...strays, ...carrier].includes(one)).map((one) => one.split(' ')[2]);
    expect(told).toEqual(expect.arrayContaining(carrier));
    for (const id of outliving) {
      expect(ENDPOINTS.find((one) => one.id === id)).toMatchObject({ carrier: CUT.carrier });
      expect(outliving.filter((one) => one === id)).toHaveLength(2);
    }
  });

  it('knows at each checkpoint who is ready', async () => {
    const cut = ENDPOINTS.filter(({ carrier, id }) => carrier === CUT.carrier && !STRAYS.has(id)).length;
    // of the five, three are down, one is degraded, one unverified
    const runs = await new CheckpointRepository(pool, LOCK).ofSession(TEN.id);
    expect(runs.map(({ checkpoint, verdict, counts }) => [checkpoint, verdict, counts?.ready, counts?.notReady])).toEqual([
      ['PT2H', 'GO', 150, 0],
      ['PT60M', 'GO', 145, 3],
      ['PT30M', 'NO_GO', 145 - cut, 3 + cut],
      ['PT10M', 'NO_GO', 145 - cut, 3 + cut],
    ]);
  });

  it('calls nobody from the moment on when calls stop until the end of a session', () => {
    expect(calls.length).toBeGreaterThan(1_000);
    const wrong = calls.filter(({ endpointId, atMs }) =>
      WINDOWS.some(
        ({ fromMs, toMs, endpoints }) => endpoints.includes(endpointId) && atMs + DURATION_MS['sip-call'] > fromMs && atMs < toMs,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('tells of each verdict once, over the restart too', async () => {
    const { rows } = await pool.query<{ type: string }>(
      `SELECT type FROM notice WHERE subject LIKE $1 AND type LIKE 'session.%' ORDER BY at`,
      [`%${TEN.id}%`],
    );
    expect(rows.map(({ type }) => type)).toEqual(['session.ready', 'session.at-risk', 'session.no-go']);
  });

  it('decides the same when it is replayed from the stored results, without outage and restart', async () => {
    const other = await startTestDatabase();
    const into = openPool(other.url, 4, LIMITS);
    try {
      await keepSessions(into);
      const again = await replay(into);
      expect(again.pictures).toEqual(day.pictures);
      expect((await into.query(AUDIT)).rows).toEqual((await pool.query(AUDIT)).rows);
      expect((await into.query(TOLD)).rows).toEqual((await pool.query(TOLD)).rows);
    } finally {
      await into.end();
      await other.stop();
    }
  }, 300_000);
});
