import pg from 'pg';
import type { Clock } from '../../src/common/clock.js';
import { newRunId } from '../../src/common/ids.js';
import { ManualScheduler } from '../../src/common/manual-scheduler.js';
import type { Reason } from '../../src/common/reasons.js';
import type { CoreLock } from '../../src/database/core-lock.js';
import { HealthBoard } from '../../src/health/health-board.js';
import type { EndpointFact } from '../../src/incidents/cause.js';
import { correlate } from '../../src/incidents/correlator.js';
import { type IncidentChange, IncidentBook } from '../../src/incidents/incident-book.js';
import { endpointOf } from '../../src/inventory/testing/endpoint.js';
import { perKind } from '../../src/prober/pacing.js';
import { bench, plan } from '../../src/prober/testing/engine-bench.js';
import type { Outcome, ProbeContext, ProbeKind, ProbeRequest } from '../../src/probes/contract.js';
import { startOutcome } from '../../src/probes/outcome.js';
import { CheckpointRepository } from '../../src/sessions/checkpoint.repository.js';
import { CheckpointRunner } from '../../src/sessions/checkpoint-runner.js';
import { DurationBook } from '../../src/sessions/duration-book.js';
import { sitesOf, resolveParticipants } from '../../src/sessions/participants.js';
import { sessionWindows } from '../../src/sessions/quiet-windows.js';
import { type Readiness, readinessOf } from '../../src/sessions/readiness.js';
import type { ReadinessEvent } from '../../src/sessions/readiness-events.js';
import type { Session } from '../../src/sessions/session.js';
import { callsFrom, standingsOf } from '../../src/sessions/session-picture.js';
import { runsOf } from '../../src/sessions/sweep.js';
import { sessionOf } from '../../src/sessions/testing/readiness-facts.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 05:00 in Việt Nam */
const DAWN_MS = Date.UTC(2026, 10, 22, 22);
const KINDS = ['icmp', 'sip-options', 'sip-call'] as const;
const INTERVAL_MS = { icmp: 300_000, 'sip-options': 150_000, 'sip-call': 900_000 } as const;
/** an OPTIONS that waits in vain, and a call that is set up and held */
const DURATION_MS = { icmp: 1_000, 'sip-options': 200, 'sip-call': 8_000 } as const;

const ENDPOINTS = Array.from({ length: 150 }, (_, index) => {
  const siteCode = String(1_000 + index);
  const carrier = index % 5 === 0 ? 'MobiFone' : index % 2 === 0 ? 'VNPT' : 'Viettel';
  return endpointOf({ id: `${siteCode}-1`, siteCode, siteName: `Xã ${siteCode}`, area: `Khu ${index % 12}`, carrier });
});
const BY_ID = new Map(ENDPOINTS.map((one) => [one.id, one]));
const BY_SITE = new Map(ENDPOINTS.map((one) => [one.siteCode, [one]]));
const ITEMS = ENDPOINTS.flatMap(({ id, siteCode, area, carrier }, index) =>
  KINDS.map((kind) => ({
    endpointId: id,
    kind,
    target: `sip:${siteCode}@10.3.${index >> 6}.${index & 63}`,
    address: `10.3.${index >> 6}.${index & 63}`,
    options: {},
    intervalMs: INTERVAL_MS[kind],
    area,
    carrier,
  })),
);
const idAt = (minuteOfDay: number): string => `00000000-0000-4000-8000-${String(minuteOfDay).padStart(12, '0')}`;
const session = (startHour: number, given: Partial<Session> = {}): Session => {
  const startsMs = DAWN_MS + (startHour - 5) * HOUR_MS;
  const rule = { goRatio: 0.95, noGoRatio: 0.8, mustHave: [] };
  return sessionOf({
    ...{ id: idAt(startHour * 60), title: `Họp ${startHour} giờ`, startsMs, connectByMs: startsMs, endsMs: startsMs + HOUR_MS },
    ...{ checkpoints: ['PT2H', 'PT60M', 'PT30M', 'PT10M'], rule, ...given },
  });
};
/** The one at ten is the one with the trouble. */
const TEN = session(10);
const SESSIONS = [session(7), TEN, session(13, { participants: { areas: ['Khu 1', 'Khu 2'] } }), session(15)];

const STRAYS = new Map<string, Reason>([
  ['1001-1', 'refused'],
  ['1013-1', 'signalling-hung'],
  ['1027-1', 'no-media'],
  ['1039-1', 'audio-only'],
  ['1053-1', 'declined'],
]);
/** from half past eight: five devices, each with a fault of its own; at T-40 a carrier's line, until eleven */
const STRAYS_FROM_MS = DAWN_MS + 3.5 * HOUR_MS;
const CUT = { carrier: 'MobiFone', fromMs: TEN.startsMs - 40 * MINUTE_MS, toMs: TEN.startsMs + HOUR_MS };

function reasonFor(endpointId: string, kind: ProbeKind, wallMs: number): Reason {
  const endpoint = BY_ID.get(endpointId);
  if (endpoint?.carrier === CUT.carrier && wallMs >= CUT.fromMs && wallMs < CUT.toMs) return 'no-answer';
  const stray = wallMs >= STRAYS_FROM_MS ? STRAYS.get(endpointId) : undefined;
  return stray && (kind === 'sip-call' || (stray === 'refused' && kind === 'sip-options')) ? stray : 'ok';
}

const SIGNALS = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;

/** What every device of the province does, by the clock. */
const province = (clock: Clock) => (request: ProbeRequest, context: ProbeContext, kind: ProbeKind) =>
  new Promise<Outcome>((resolve) => {
    const give = startOutcome(kind, request, context);
    const reason = reasonFor(request.endpointId ?? '', kind, clock.wallMs());
    const signals = kind === 'sip-call' && reason === 'ok' ? { signals: SIGNALS } : {};
    const end = (): void => resolve(give({ result: reason === 'ok' ? 'pass' : 'fail', reason, ...signals }));
    context.scheduler.after(DURATION_MS[kind as keyof typeof DURATION_MS], end);
  });

/** the settings' defaults */
const RULES = { failures: 2, of: 3, confirmWithinMs: MINUTE_MS, recoverAfter: 2, flapping: { startRatio: 0.2, endRatio: 0.05 } };
const TICK_MS = 10_000;

/** The core's side: what it makes of outcomes and of the time. A restart makes a new one of what was stored. */
class Core {
  readonly board: HealthBoard;
  readonly book: IncidentBook;
  readonly runner: CheckpointRunner;
  private readonly sites = sitesOf(ENDPOINTS);
  private ids = 0;

  constructor(
    private readonly clock: Clock,
    checkNow: ConstructorParameters<typeof CheckpointRunner>[0]['checkNow'],
    readonly told: { incidents: IncidentChange[]; events: ReadinessEvent[] },
  ) {
    this.board = new HealthBoard(clock, RULES);
    this.board.setEndpoints(ENDPOINTS, () => INTERVAL_MS);
    this.book = new IncidentBook({
      newId: () => `i-${this.ids++}`,
      siteOf: (id) => id.slice(0, 4),
      severityOf: () => 'info',
      evidenceOf: (id) => ({ endpointId: id }) as never,
    });
    const durations = new DurationBook();
    this.runner = new CheckpointRunner({
      clock,
      sessions: () => SESSIONS.filter(({ endsMs }) => endsMs > clock.wallMs()),
      runsOf: (one) => runsOf(this.itemsOf(one), durations),
      limits: () => ({
        concurrency: perKind(() => 24),
        caps: { perArea: {}, perCarrier: {}, bandwidthKbps: { areas: {}, carriers: {} } },
      }),
      checkNow,
      lastSeen: ({ endpointId, kind }) => this.board.latestOutcome(endpointId, kind),
      readiness: (one) => this.readiness(one),
    });
    this.runner.onEvent((event) => told.events.push(event));
  }

  see(outcomes: readonly Outcome[]): void {
    this.board.apply([...outcomes]);
    this.runner.outcomesSeen(outcomes);
  }

  tick(): void {
    this.board.decay();
    this.runner.tick();
  }

  correlate(): void {
    const assignments = correlate(this.facts(), this.book.openCauses(), 'province');
    this.told.incidents.push(...this.book.apply(assignments, this.clock.wallMs()));
  }

  readiness(one: Session): Readiness {
    const sources = {
      endpointsOf: (code: string) => BY_SITE.get(code) ?? [],
      view: (id: string) => this.board.view(id),
      lastCall: (id: string) => this.board.latestOutcome(id, 'sip-call'),
      incidents: () => new Map(),
      contactLogOf: () => [],
    };
    const from = callsFrom(this.runner.runsOf(one.id));
    return readinessOf(one, standingsOf(resolveParticipants(one, this.sites), sources, one, from), this.clock.wallMs());
  }

  private itemsOf(one: Session) {
    const codes = new Set(resolveParticipants(one, this.sites).map(({ siteCode }) => siteCode));
    return ITEMS.filter(({ endpointId }) => codes.has(endpointId.slice(0, 4)));
  }

  private facts(): EndpointFact[] {
    return this.board.views().map(({ id, state, since, carrier, area }) => ({
      id,
      trouble: state === 'down' || state === 'degraded' || (state === 'unverified' && STRAYS.has(id)) ? 'failing' : null,
      sinceMs: since === null ? 0 : Date.parse(since),
      groups: { carrier, area },
    }));
  }
}

/** As the database answers after a restart: the last of each device, kind and reason, oldest first. */
function latestOf(stored: Day['stored']): Outcome[] {
  const latest = new Map<string, Outcome>();
  for (const { text } of stored) {
    const outcome = JSON.parse(text) as Outcome;
    const key = `${outcome.endpointId} ${outcome.kind} ${outcome.reason}`;
    latest.delete(key);
    latest.set(key, outcome);
  }
  return [...latest.values()];
}

interface Day {
  /** open ten minutes before the session at ten */
  openCauses: string[];

  told: { incidents: IncidentChange[]; events: ReadinessEvent[] };
  /** as the database keeps them, with the moment at which the core was told */
  stored: { atMs: number; text: string }[];
  calls: { endpointId: string; atMs: number }[];
  repository: CheckpointRepository;
}

describe('a simulated day', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let day: Day;

  /** The engine of the prober with its harm gate on a clock that is moved, devices that do as told, and a real PostgreSQL. */
  async function live(): Promise<Day> {
    const clock = new ManualScheduler(DAWN_MS);
    const prober = bench(province(clock), clock);
    const idsOf = (one: Session) => resolveParticipants(one, sitesOf(ENDPOINTS)).map(({ siteCode }) => `${siteCode}-1`);
    prober.engine.setPlan(
      plan(ITEMS, { concurrency: perKind(() => 24), quiet: sessionWindows(SESSIONS, idsOf), firstRoundMs: 60_000 }),
    );
    let isAway = false;
    const query = (sql: string, values: unknown[]): unknown =>
      isAway ? Promise.reject(new Error('connect ECONNREFUSED')) : pool.query(sql, values);
    const repository = new CheckpointRepository({ query } as unknown as pg.Pool, { mustHold: () => undefined } as CoreLock);
    const told: Day['told'] = { incidents: [], events: [] };
    const stored: Day['stored'] = [];
    const start = (): Core =>
      new Core(
        clock,
        (checks) => {
          prober.engine.checkNow(checks);
          return true;
        },
        told,
      );
    let core = start();
    const restartAtMs = TEN.startsMs - 25 * MINUTE_MS;
    let restarted = false;
    let openCauses: string[] = [];
    while (clock.wallMs() < DAWN_MS + 12 * HOUR_MS) {
      await prober.advance(TICK_MS);
      const nowMs = clock.wallMs();
      const outcomes = prober.outcomes.splice(0).map(({ outcome }) => outcome);
      stored.push(...outcomes.map((outcome) => ({ atMs: nowMs, text: JSON.stringify(outcome) })));
      core.see(outcomes);
      prober.engine.checkNow(core.board.takeConfirmations().map((wanted) => ({ ...wanted, runId: newRunId() })));
      isAway = nowMs >= TEN.startsMs - 35 * MINUTE_MS && nowMs < TEN.startsMs - 30 * MINUTE_MS;
      core.tick();
      if (nowMs % MINUTE_MS < TICK_MS) core.correlate();
      if (nowMs === TEN.startsMs - 10 * MINUTE_MS)
        openCauses = core.book.openCauses().map(({ cause }) => `${cause.kind} ${cause.name}`);
      const unsaved = core.runner.unsaved();
      if (unsaved.length) await repository.save(unsaved).catch(() => core.runner.keep(unsaved));
      if (nowMs < restartAtMs || restarted) continue;
      restarted = true;
      const before = core;
      core = start();
      core.board.apply(latestOf(stored), true);
      core.book.restore(before.book.openIncidents());
      const verdicts = new Map(SESSIONS.flatMap(({ id }) => [[id, before.runner.verdictTold(id)] as const]));
      core.runner.restore(
        await repository.since(new Date(DAWN_MS)),
        new Map([...verdicts].flatMap(([id, one]) => (one ? [[id, one]] : []))),
      );
    }
    const calls = prober.starts.flatMap(({ kind, atMs, request }) =>
      kind === 'sip-call' ? [{ endpointId: request.endpointId ?? '', atMs: DAWN_MS + atMs }] : [],
    );
    await prober.stop();
    return { openCauses, told, stored, calls, repository };
  }

  beforeAll(async () => {
    database = await startTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    for (const { id, startsMs, endsMs } of SESSIONS) {
      await pool.query(
        `INSERT INTO session VALUES ($1, $2, $3, $2, 't', '', '', 'planned', 'audio-video', false, '{}', '{}', '{}', 'PT10M', '{}',
           NULL, NULL, NULL, NULL, 1, false, NULL, now(), now(), NULL)`,
        [id, new Date(startsMs), new Date(endsMs)],
      );
    }
    day = await live();
  }, 300_000);
  afterAll(async () => {
    await pool.end();
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

  it('knows at each checkpoint who is ready', async () => {
    const cut = ENDPOINTS.filter(({ carrier, id }) => carrier === CUT.carrier && !STRAYS.has(id)).length;
    // of the five, three are down, one is degraded, one unverified
    const runs = await day.repository.ofSession(TEN.id);
    expect(runs.map(({ checkpoint, verdict, counts }) => [checkpoint, verdict, counts?.ready, counts?.notReady])).toEqual([
      ['PT2H', 'GO', 150, 0],
      ['PT60M', 'GO', 145, 3],
      ['PT30M', 'NO_GO', 145 - cut, 3 + cut],
      ['PT10M', 'NO_GO', 145 - cut, 3 + cut],
    ]);
  });

  it('calls nobody from the moment on when calls stop until the end of a session', () => {
    expect(day.calls.length).toBeGreaterThan(1_000);
    const windows = sessionWindows(SESSIONS, (one) =>
      resolveParticipants(one, sitesOf(ENDPOINTS)).map(({ siteCode }) => `${siteCode}-1`),
    );
    const wrong = day.calls.filter(({ endpointId, atMs }) =>
      windows.some(
        ({ fromMs, toMs, endpoints }) => endpoints.includes(endpointId) && atMs + DURATION_MS['sip-call'] > fromMs && atMs < toMs,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('tells of each verdict once, over the restart too', () => {
    const keys = day.told.events.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const verdicts = day.told.events
      .filter((event) => event.sessionId === TEN.id && 'readiness' in event)
      .map(({ type }) => type);
    expect(verdicts).toEqual(['session-ready', 'session-at-risk', 'session-no-go']);
  });

  it('decides the same when it is replayed from what was stored', () => {
    const clock = new ManualScheduler(DAWN_MS);
    const told: Day['told'] = { incidents: [], events: [] };
    let next = 0;
    const replayed = new Core(clock, () => true, told);
    // orders of a replay have new ids: what was asked for is known by what came
    while (clock.wallMs() < DAWN_MS + 12 * HOUR_MS) {
      clock.advance(TICK_MS);
      const from = next;
      while ((day.stored[next]?.atMs ?? Infinity) <= clock.wallMs()) next++;
      replayed.board.apply(day.stored.slice(from, next).map(({ text }) => JSON.parse(text) as Outcome));
      replayed.board.decay();
      if (clock.wallMs() % MINUTE_MS < TICK_MS) replayed.correlate();
    }
    const summary = (changes: IncidentChange[]) =>
      changes.map(({ type, incident: { cause }, entry: { atMs, joined, left } }) => ({ type, cause, atMs, joined, left }));
    expect(summary(told.incidents)).toEqual(summary(day.told.incidents));
    expect(next).toBe(day.stored.length);
  });
});
