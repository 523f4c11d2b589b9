import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { HealthModule } from '../../src/health/health.module.js';
import { HealthService } from '../../src/health/health.service.js';
import type { MaintenanceView } from '../../src/health/maintenance/maintenance.controller.js';
import { InventoryModule } from '../../src/inventory/inventory.module.js';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import { PROBE_KINDS } from '../../src/probes/contract.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startModules } from '../fixtures/nest.js';

const INVENTORY = `site_code,site_name,tier,area,carrier,address
1,Một,commune,Việt Trì,VNPT,10.0.0.1
2,Hai,commune,Hòa Bình,Viettel,10.0.0.2
`;
const HOUR_MS = 3_600_000;
const at = (offsetMs: number): string => new Date(Date.now() + offsetMs).toISOString();
const now = { scope: 'carrier', target: 'VNPT', from: at(-HOUR_MS), to: at(HOUR_MS), note: 'bảo trì tuyến', by: 'Lan' };

let database: TestDatabase;
let app: INestApplication;

async function start(): Promise<void> {
  app = await startModules(database.url, [InventoryModule, HealthModule]);
  const inventory = app.get(InventoryService);
  await inventory.import(Buffer.from(INVENTORY), { dryRun: false });
  const concurrency = Object.fromEntries(PROBE_KINDS.map((kind) => [kind, 1])) as Record<(typeof PROBE_KINDS)[number], number>;
  const plan = { revision: 1, vantage: 'province', items: [], concurrency, firstRoundMs: 0, orphanStopMs: 60_000 };
  app.get(HealthService).setPlan(await inventory.listEndpoints(), plan);
}
beforeAll(async () => {
  database = await startTestDatabase();
  await start();
});
afterAll(async () => {
  await app?.close();
  await database?.stop();
});

const http = () => request(app.getHttpServer());
const states = (): unknown[] =>
  app
    .get(HealthService)
    .views()
    .map(({ state }) => state);

describe('maintenance by API', () => {
  it('shows what a window covers, over a restart, until it is changed or deleted, and keeps who did it', async () => {
    const { body } = await http().post('/maintenance').send(now).expect(201);
    const { id } = body as MaintenanceView;
    expect(body).toMatchObject({ scope: 'carrier', target: 'VNPT', open: true, weekly: null, note: 'bảo trì tuyến' });
    expect(states()).toEqual(['maintenance', 'untested']);
    await app.close();
    await start();
    expect(states()).toEqual(['maintenance', 'untested']);
    await http()
      .put(`/maintenance/${id}`)
      .send({ ...now, target: 'Viettel', by: 'Minh' })
      .expect(200);
    expect(states()).toEqual(['untested', 'maintenance']);
    const { body: one } = await http().get(`/maintenance/${id}`).expect(200);
    expect((one as { history: object[] }).history).toMatchObject([
      { what: 'created', by: 'Lan' },
      { what: 'changed', by: 'Minh' },
    ]);
    await http().delete(`/maintenance/${id}?by=Minh`).expect(204);
    expect(states()).toEqual(['untested', 'untested']);
    await http().get(`/maintenance/${id}`).expect(404);
    expect((await http().get('/maintenance').expect(200)).body).toEqual({ items: [], total: 0 });
  });

  it('repeats every week, and is closed on other days', async () => {
    const isoDay = ((new Date(Date.now() + 7 * HOUR_MS).getUTCDay() + 6) % 7) + 1;
    const windowOn = (day: number) => ({
      ...now,
      from: at(-14 * 24 * HOUR_MS - 60_000),
      to: at(-14 * 24 * HOUR_MS + 60_000),
      weekly: { weekdays: [day] },
    });
    // the minute around local midnight belongs to two days
    const days = [isoDay, (isoDay % 7) + 1, ((isoDay + 5) % 7) + 1];
    const open = [];
    for (const day of days) {
      const { body } = await http().post('/maintenance').send(windowOn(day)).expect(201);
      open.push((body as MaintenanceView).open);
      await http()
        .delete(`/maintenance/${(body as MaintenanceView).id}`)
        .expect(204);
    }
    expect(open.filter(Boolean)).toHaveLength(1);
  });

  it('pauses a selection until a moment, resumes it, and tells what a wider window still pauses', async () => {
    const endpoints = ['1-1', '2-1'];
    const until = at(HOUR_MS);
    const { body } = await http()
      .post('/maintenance/pause')
      .send({ endpoints, until, note: 'thay thiết bị', by: 'Lan' })
      .expect(200);
    expect(body).toEqual({ paused: endpoints, until });
    expect(states()).toEqual(['maintenance', 'maintenance']);
    const { body: carrier } = await http().post('/maintenance').send(now).expect(201);
    const { body: resumed } = await http().post('/maintenance/resume').send({ endpoints, by: 'Minh' }).expect(200);
    const { id } = carrier as MaintenanceView;
    expect(resumed).toEqual({ ended: 2, stillPaused: [{ endpointId: '1-1', window: { id, scope: 'carrier', target: 'VNPT' } }] });
    expect(states()).toEqual(['maintenance', 'untested']);
    await app.close();
    await start();
    expect(states()).toEqual(['maintenance', 'untested']);
    await http().delete(`/maintenance/${id}`).expect(204);
  });

  it.each([
    ['pause', 'one of another inventory', { endpoints: ['1-1', 'none'], until: at(HOUR_MS) }, 404],
    ['pause', 'until a moment that is over', { endpoints: ['1-1'], until: at(-HOUR_MS) }, 400],
    ['pause', 'nobody', { endpoints: [], until: at(HOUR_MS) }, 400],
    ['pause', 'more than 500', { endpoints: Array.from({ length: 501 }, (_, n) => `${n}`), until: at(HOUR_MS) }, 400],
    ['resume', 'one of another inventory', { endpoints: ['none'] }, 404],
  ])('refuses to %s %s', async (what, _, body, status) => {
    await http().post(`/maintenance/${what}`).send(body).expect(status);
    expect(states()).toEqual(['untested', 'untested']);
  });

  it.each([
    [{ ...now, scope: 'planet' }],
    [{ ...now, to: now.from }],
    [{ ...now, from: 'tomorrow' }],
    [{ ...now, weekly: { weekdays: [] } }],
    [{ ...now, weekly: { weekdays: [8] } }],
    [{ ...now, unknown: 1 }],
    [{ ...now, target: ' ' }],
  ])('refuses %j', (body) => http().post('/maintenance').send(body).expect(400));

  it('knows no window by another id', () =>
    http().put('/maintenance/00000000-0000-4000-8000-000000000000').send(now).expect(404));
});
