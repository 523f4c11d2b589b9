import { type INestApplication, Module } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import request from 'supertest';
import { CLOCK, type Scheduler, systemScheduler } from '../../src/common/clock.js';
import type { HealthState } from '../../src/common/states.js';
import { PG_POOL } from '../../src/database/tokens.js';
import type { EndpointView } from '../../src/health/endpoint-view.js';
import { type HealthChange, HealthService } from '../../src/health/health.service.js';
import { type SiteView, sitesOf } from '../../src/health/site-view.js';
import { ALONE_SETTLE_MS } from '../../src/incidents/announcements.js';
import { ContactLogRepository } from '../../src/incidents/contact-log.repository.js';
import { ContactLogService } from '../../src/incidents/contact-log.service.js';
import { REOPEN_WITHIN_MS } from '../../src/incidents/incident-book.js';
import type { IncidentView } from '../../src/incidents/incident-view.js';
import { IncidentsController } from '../../src/incidents/incidents.controller.js';
import { IncidentsRepository } from '../../src/incidents/incidents.repository.js';
import { IncidentsService } from '../../src/incidents/incidents.service.js';
import { noticeOfIncident } from '../../src/notices/from-incident.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startModules } from '../fixtures/nest.js';

const SITES = 40;
const T0 = Date.UTC(2026, 10, 23, 0, 30);

/** What health says, by hand: which rules it has is its own matter. */
class Fleet implements Pick<HealthService, 'views' | 'view' | 'site' | 'onChange' | 'freshOutcome' | 'latestCall'> {
  private readonly states = new Map<string, { state: HealthState; sinceMs: number }>();
  private readonly listeners: ((change: HealthChange) => void)[] = [];

  set(ids: readonly number[], state: HealthState, sinceMs: number): void {
    for (const id of ids) this.states.set(`${id}-1`, { state, sinceMs });
    const changed = this.views().filter((view) => ids.includes(Number(view.siteCode)));
    for (const listener of this.listeners) listener({ changed, removed: [] });
  }

  views(): EndpointView[] {
    return Array.from({ length: SITES }, (_, n): EndpointView => {
      const { state, sinceMs } = this.states.get(`${n}-1`) ?? { state: 'ready', sinceMs: T0 };
      return {
        ...{ id: `${n}-1`, siteCode: `${n}`, siteName: `Xã ${n}`, tier: 'commune', area: `Khu ${n % 4}`, state, probes: {} },
        ...{ carrier: n % 3 ? 'VNPT' : 'Viettel', address: `10.0.0.${n}`, reason: state === 'ready' ? 'ok' : 'no-answer' },
        since: new Date(sinceMs).toISOString(),
      } as EndpointView;
    });
  }

  view(id: string): EndpointView | undefined {
    return this.views().find((view) => view.id === id);
  }

  site(code: string): SiteView | undefined {
    return sitesOf(this.views()).find(({ siteCode }) => siteCode === code);
  }

  onChange(listener: (change: HealthChange) => void): void {
    this.listeners.push(listener);
  }

  freshOutcome(): undefined {
    return undefined;
  }

  latestCall(): undefined {
    return undefined;
  }
}

let database: TestDatabase;
let app: INestApplication;
let incidents: IncidentsService;
let nowMs = T0;
let told: string[];
const fleet = new Fleet();
/** A clock that is set by hand; what is to happen soon happens soon. */
const clock: Scheduler = { ...systemScheduler, wallMs: () => nowMs, monotonicMs: () => nowMs };
const viettel = Array.from({ length: SITES }, (_, n) => n).filter((n) => n % 3 === 0);

@Module({
  controllers: [IncidentsController],
  providers: [
    ...[IncidentsService, IncidentsRepository, ContactLogService, ContactLogRepository],
    { provide: HealthService, useValue: fleet },
    { provide: CLOCK, useValue: clock },
  ],
})
class IncidentsOfFleetModule {}

async function start(listen: () => void = () => undefined): Promise<void> {
  app = await startModules(database.url, [IncidentsOfFleetModule]);
  incidents = app.get(IncidentsService);
  told = [];
  incidents.onEvent(({ type, incident }) => told.push(`${type} ${incident.cause.kind} ${incident.cause.name}`));
  listen();
  await incidents.start();
}

function becomes(ids: readonly number[], state: HealthState, afterMs = 10_000): void {
  nowMs += afterMs;
  fleet.set(ids, state, nowMs);
  incidents.look();
}
function wait(ms: number): void {
  nowMs += ms;
  incidents.look();
}
const causes = (): string[] => incidents.open().map(({ cause }) => `${cause.kind} ${cause.name}`);
const http = () => request(app.getHttpServer());
const get = async <T>(path: string): Promise<T> => (await http().get(path).expect(200)).body as T;

beforeAll(async () => {
  database = await startTestDatabase();
  await start();
});
afterAll(async () => {
  await app?.close();
  await database?.stop();
});
beforeEach(() => {
  fleet.set(
    Array.from({ length: SITES }, (_, n) => n),
    'ready',
    nowMs,
  );
  wait(REOPEN_WITHIN_MS + 1);
  told.length = 0;
});

describe('incidents', () => {
  it('tells a carrier once, with its members, and nothing of the failure that was first seen alone', () => {
    becomes([0], 'down');
    expect(causes()).toEqual(['endpoint 0-1']);
    becomes(viettel, 'down');
    expect(causes()).toEqual(['carrier Viettel']);
    wait(ALONE_SETTLE_MS);
    expect(told).toEqual(['opened carrier Viettel']);
    expect(incidents.open()[0]).toMatchObject({ severity: 'critical', members: viettel.map((n) => `${n}-1`) });
    expect(incidents.open()[0]?.evidence[0]).toMatchObject({ endpointId: '0-1', siteName: 'Xã 0', reason: 'no-answer' });
    becomes(viettel, 'ready');
    expect(causes()).toEqual([]);
    expect(told).toEqual(['opened carrier Viettel', 'resolved carrier Viettel']);
  });

  it('gives whoever outlives the carrier an incident of its own, told when it has settled', () => {
    becomes(viettel, 'down');
    becomes(viettel.slice(1), 'ready');
    expect(causes()).toEqual(['endpoint 0-1']);
    wait(ALONE_SETTLE_MS);
    expect(told).toEqual(['opened carrier Viettel', 'resolved carrier Viettel', 'opened endpoint 0-1']);
  });

  it('says nothing of a failure that was over before it settled', () => {
    becomes([5], 'down');
    becomes([5], 'ready');
    wait(ALONE_SETTLE_MS);
    expect(told).toEqual([]);
  });

  it('opens the same incident again when its cause is back soon, and counts what was lost meanwhile only', async () => {
    becomes([7], 'down');
    wait(120_000);
    becomes([7], 'ready');
    becomes([7], 'down', 60_000);
    wait(60_000);
    expect(told).toEqual(['opened endpoint 7-1', 'resolved endpoint 7-1', 'reopened endpoint 7-1']);
    expect(incidents.open()[0]).toMatchObject({ reopened: 1, siteMinutesLost: 3.2 });
    becomes([7], 'ready');
    const types = async (): Promise<string> =>
      (
        await query<{ types: string }>(`SELECT string_agg(type, ' ' ORDER BY at) AS types FROM incident_audit
          WHERE incident_id = (SELECT id FROM incident WHERE cause_name = '7-1')`)
      ).rows[0]?.types ?? '';
    while ((await types()) !== 'opened resolved reopened resolved') await sleep(20);
    const { items } = await get<{ items: IncidentView[] }>('/incidents?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z');
    const { id } = items.find(({ cause }) => cause.name === '7-1') ?? {};
    const { audit } = await get<{ audit: { type: string }[] }>(`/incidents/${id}`);
    expect(audit.map(({ type }) => type)).toEqual(['opened', 'resolved', 'reopened', 'resolved']);
  });

  it('keeps who acknowledged it through a restart, and then tells again what a crash may have lost, once', async () => {
    becomes(viettel, 'down');
    const id = incidents.open()[0]?.id ?? '';
    const { body } = await http()
      .post(`/incidents/${id}/acknowledgement`)
      .send({ by: 'Lan', note: 'đã báo Viettel' })
      .expect(200);
    expect(body).toMatchObject({ state: 'acknowledged', acknowledged: { by: 'Lan', note: 'đã báo Viettel' } });
    await app.close();
    nowMs += 20_000;
    await start();
    expect(incidents.open()).toMatchObject([{ id, state: 'acknowledged', acknowledged: { by: 'Lan' } }]);
    wait(ALONE_SETTLE_MS);
    expect(told).toEqual(['opened carrier Viettel', 'acknowledged carrier Viettel']);
    expect(await get('/incidents?state=open')).toMatchObject({ total: 1, items: [{ id }] });
  });

  it('gives what is told again after a start the key of its first telling, and says nothing of what was never told', async () => {
    const keys: string[] = [];
    const keep = (): void => incidents.onEvent((event) => keys.push(noticeOfIncident(event, nowMs).key));
    keep();
    becomes([13], 'down');
    wait(ALONE_SETTLE_MS);
    becomes([13], 'ready');
    becomes([13], 'down');
    becomes([15], 'down');
    becomes([15], 'ready');
    becomes([17], 'down');
    await http().get('/incidents?state=open').expect(200);
    await app.close();
    const before = keys.splice(0);
    await start(keep);
    // beside it stands what ended just before: the carrier of the test above
    expect(keys.filter((key) => before.includes(key))).toEqual([before.at(-1)]);
    expect(told.filter((line) => line.includes('endpoint'))).toEqual(['reopened endpoint 13-1']);
  });

  it('takes no acknowledgement that it cannot write down', async () => {
    becomes([19], 'down');
    const id = incidents.open()[0]?.id ?? '';
    const acknowledge = () => http().post(`/incidents/${id}/acknowledgement`).send({ by: 'Lan', note: '' });
    const pool = app.get<pg.Pool>(PG_POOL);
    const connect = pool.connect.bind(pool);
    pool.connect = (() => Promise.reject(new Error('away'))) as typeof pool.connect;
    await acknowledge().expect(500);
    expect(incidents.open()).toMatchObject([{ state: 'open', acknowledged: null }]);
    wait(ALONE_SETTLE_MS);
    expect(told).toEqual(['opened endpoint 19-1']);
    pool.connect = connect;
    await acknowledge().expect(200);
    expect(incidents.open()).toMatchObject([{ state: 'acknowledged', acknowledged: { by: 'Lan' } }]);
    const { audit } = await get<{ audit: { type: string }[] }>(`/incidents/${id}`);
    expect(audit.map(({ type }) => type)).toEqual(['opened', 'acknowledged']);
  });

  it('goes on without the database, and writes everything down when it is back', async () => {
    const pool = app.get<pg.Pool>(PG_POOL);
    const connect = pool.connect.bind(pool);
    pool.connect = (() => Promise.reject(new Error('away'))) as typeof pool.connect;
    becomes([9], 'down');
    becomes([9], 'ready');
    expect(causes()).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    pool.connect = connect;
    becomes([11], 'down');
    await http().get('/incidents?state=open').expect(200);
    await app.close();
    const { rows } = await query<{ cause_name: string; state: string }>(
      `SELECT cause_name, state FROM incident WHERE cause_name IN ('9-1', '11-1') ORDER BY opened_at`,
    );
    expect(rows).toEqual([
      { cause_name: '9-1', state: 'resolved' },
      { cause_name: '11-1', state: 'open' },
    ]);
    await start();
  });

  it('gives the incidents of one site alone, and says when there is no such site', async () => {
    const range = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&limit=1000';
    const all = await get<{ items: IncidentView[] }>(`/incidents?${range}`);
    const ofSite = await get<{ items: IncidentView[]; total: number }>(`/incidents?${range}&site=3`);
    expect(ofSite.items.length).toBeGreaterThan(0);
    expect(ofSite.items).toEqual(all.items.filter(({ everMembers }) => everMembers.includes('3-1')));
    expect(ofSite.total).toBe(ofSite.items.length);
    expect(ofSite.total).toBeLessThan(all.items.length);
    await http().get(`/incidents?${range}&site=nowhere`).expect(404);
  });

  it('gives the past in pages that hold each incident once', async () => {
    const range = 'from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z';
    // two that open at the same moment must not both, or neither, stand at a page's edge
    becomes([21, 22, 23], 'down');
    becomes([21, 22, 23], 'ready');
    await http().get('/incidents?state=open').expect(200);
    const all = async () => get<{ items: IncidentView[]; total: number }>(`/incidents?${range}&limit=1000`);
    while ((await all()).items.filter(({ cause }) => /^2[123]-1$/.test(cause.name)).length < 3) await sleep(20);
    const { items, total } = await all();
    const paged: string[] = [];
    for (let offset = 0; offset < total; offset += 2) {
      const page = await get<{ items: IncidentView[] }>(`/incidents?${range}&limit=2&offset=${offset}`);
      paged.push(...page.items.map(({ id }) => id));
    }
    expect(paged).toEqual(items.map(({ id }) => id));
  });

  it.each([
    ['/incidents/not-an-id/acknowledgement', { by: 'Lan' }, 400],
    ['/incidents/00000000-0000-4000-8000-000000000000/acknowledgement', { by: 'Lan' }, 404],
    ['/incidents/00000000-0000-4000-8000-000000000000/acknowledgement', {}, 400],
    ['/sites/none/contact-log', { by: 'Lan', note: 'x' }, 404],
    ['/sites/1/contact-log', { by: 'Lan', note: ' ' }, 400],
  ])('refuses POST %s %j', (path, body, status) => http().post(path).send(body).expect(status));
});

describe('contact log', () => {
  it('stands beside the site until it is ready, over a restart too, and is kept', async () => {
    nowMs = Math.max(nowMs, Date.now());
    becomes([3], 'down');
    await http().post('/sites/3/contact-log').send({ by: 'Lan', note: 'gọi 08:12, mất điện' }).expect(201);
    nowMs += 60_000;
    await http().post('/sites/3/contact-log').send({ by: 'Lan', note: 'có điện lại 08:30' }).expect(201);
    await app.close();
    await start();
    const contacts = app.get(ContactLogService);
    expect(contacts.current('3').map(({ note }) => note)).toEqual(['có điện lại 08:30', 'gọi 08:12, mất điện']);
    const [incident] = incidents.open();
    becomes([3], 'ready');
    expect(contacts.current('3')).toEqual([]);
    nowMs += 60_000;
    await http().post('/sites/3/contact-log').send({ by: 'Lan', note: 'after it was over' }).expect(201);
    const { items } = await get<{ items: { note: string }[] }>(`/incidents/${incident?.id}/contact-log`);
    expect(items.map(({ note }) => note)).toEqual(['có điện lại 08:30', 'gọi 08:12, mất điện']);
    expect(await get('/sites/3/contact-log?limit=1')).toMatchObject({ items: [{ by: 'Lan', note: 'after it was over' }] });
  });
});

async function query<T extends pg.QueryResultRow>(sql: string): Promise<pg.QueryResult<T>> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query<T>(sql);
  } finally {
    await client.end();
  }
}
