import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import { Rehearsals } from '../../src/results/figures/rehearsals.js';
import type { SessionView } from '../../src/sessions/session-view.js';
import { SessionsModule } from '../../src/sessions/sessions.module.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startModules } from '../fixtures/nest.js';

const INVENTORY = `site_code,site_name,tier,area,address,carrier
T,Tỉnh,province,,10.0.0.9,VNPT
1,Một,commune,Việt Trì,10.0.0.1,VNPT
1,Một,commune,Việt Trì,10.0.0.2,Viettel
2,Hai,ward,Hòa Bình,10.0.0.3,Viettel
`;
const MORNING = { title: 'Họp giao ban', startsAt: '2030-05-06T08:00:00+07:00', endsAt: '2030-05-06T11:00:00+07:00' };

let database: TestDatabase;
let app: INestApplication;
let sessions: SessionsService;

const start = () => startModules(database.url, [SessionsModule]);

beforeAll(async () => {
  database = await startTestDatabase();
  app = await start();
  sessions = app.get(SessionsService);
  await app.get(InventoryService).import(Buffer.from(INVENTORY), { dryRun: false });
});
afterAll(async () => {
  await app?.close();
  await database?.stop();
});

const http = () => request(app.getHttpServer());
async function create(body: object = MORNING): Promise<SessionView> {
  const { body: created } = await http().post('/sessions').send(body).expect(201);
  return created as SessionView;
}

describe('sessions by API', () => {
  it('creates one with its defaults, and finds it in memory, in lists and after a restart', async () => {
    const told: string[][] = [];
    sessions.onChanged((changed) => told.push(changed.map(({ id }) => id)));
    const created = await create({ ...MORNING, connectBy: '2030-05-06T07:30:00+07:00', rule: { mustHave: ['T'] } });
    expect(created).toMatchObject({
      startsAt: '2030-05-06T01:00:00.000Z',
      connectBy: '2030-05-06T00:30:00.000Z',
      checkpoints: ['PT24H', 'PT2H', 'PT60M', 'PT30M', 'PT10M'],
      rule: { goRatio: 1, noGoRatio: 0.9, mustHave: ['T'] },
      participantCount: 3,
      overlaps: [],
      revision: 1,
      source: { kind: 'api' },
    });
    expect(told).toEqual([[created.id]]);
    const atStart = Date.parse(created.startsAt);
    expect(sessions.between(atStart, atStart + 1).map(({ id }) => id)).toEqual([created.id]);
    expect(sessions.views().map(({ id }) => id)).toContain(created.id);

    const before = sessions.get(created.id);
    await app.close();
    app = await start();
    sessions = app.get(SessionsService);
    expect(sessions.get(created.id)).toEqual(before);
    expect(sessions.views()).toEqual([created]);
  });

  it('tells figures when which endpoints rehearse', async () => {
    const given = {
      connectBy: '2030-05-07T07:30:00+07:00',
      startsAt: '2030-05-07T08:00:00+07:00',
      endsAt: '2030-05-07T11:00:00+07:00',
    };
    const { id } = await create({ ...MORNING, ...given, participants: { sites: ['1'] }, rehearsal: true });
    await create({ ...MORNING, ...given });
    const [fromMs, toMs] = [Date.parse(given.connectBy), Date.parse(given.endsAt)];
    const whole = { fromMs: fromMs - 1, toMs: toMs + 1 };
    expect(app.get(Rehearsals).during(whole)).toEqual([{ sessionId: id, fromMs, toMs, endpoints: ['1-1', '1-2'] }]);
    await http().delete(`/sessions/${id}`).expect(204);
    expect(app.get(Rehearsals).during(whole)).toEqual([]);
  });

  it.each([
    ['startsAt', { startsAt: '2030-05-06 08:00' }],
    ['endsAt', { endsAt: '2030-05-06T07:00:00+07:00' }],
    ['connectBy', { connectBy: '2030-05-06T09:00:00+07:00' }],
    ['checkpoints.1', { checkpoints: ['PT30M', 'P1Y'] }],
    ['participants.sites', { participants: { sites: ['1', '77'] } }],
    ['participants.tiers', { participants: { tiers: ['village'] } }],
    ['participants', { participants: { sites: ['1'], except: ['1'] } }],
    ['rule.noGoRatio', { rule: { goRatio: 0.5, noGoRatio: 0.6 } }],
    ['surprise', { surprise: 1 }],
    ['title', { title: 'two\nlines' }],
  ])('refuses a wrong %s by its name and keeps nothing', async (field, wrong) => {
    const before = sessions.list().length;
    const { status, body } = await http()
      .post('/sessions')
      .send({ ...MORNING, ...wrong });
    expect([400, 422]).toContain(status);
    expect(JSON.stringify(body)).toContain(field);
    expect(sessions.list()).toHaveLength(before);
  });

  it('changes what is given, keeps who changed what, and refuses a change of what was not seen', async () => {
    const { id } = await create();
    const { headers } = await http().get(`/sessions/${id}`).expect(200);
    expect(headers.etag).toBe('"1"');
    const change = { title: 'Họp khẩn', startsAt: '2030-05-06T09:00:00+07:00', by: 'An' };
    const changed = await http().patch(`/sessions/${id}`).set('If-Match', '"1"').send(change).expect(200);
    expect(changed.body).toMatchObject({ title: 'Họp khẩn', connectBy: '2030-05-06T02:00:00.000Z', revision: 2 });
    expect(changed.headers.etag).toBe('"2"');
    await http().patch(`/sessions/${id}`).set('If-Match', '"1"').send({ title: 'Khác' }).expect(412);
    await http().patch(`/sessions/${id}`).set('If-Match', 'soon').send({ title: 'Khác' }).expect(400);
    await http().patch(`/sessions/${id}`).send({ title: 'Họp khẩn' }).expect(200);

    const { body: history } = await http().get(`/sessions/${id}/history`).expect(200);
    expect(history.items).toMatchObject([
      { revision: 1, by: 'api', what: 'created' },
      {
        revision: 2,
        by: 'An',
        what: 'changed',
        fields: {
          title: { from: 'Họp giao ban', to: 'Họp khẩn' },
          startsAt: { from: '2030-05-06T01:00:00.000Z' },
          connectBy: {},
        },
      },
    ]);
  });

  it('lets only one of two that saw the same text change it', async () => {
    const { id } = await create();
    const change = (title: string) => http().patch(`/sessions/${id}`).set('If-Match', '"1"').send({ title });
    const answers = await Promise.all([change('Một'), change('Hai'), change('Ba')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('takes a deleted one from every list and tells the boards that it is off', async () => {
    const { id } = await create();
    const told: SessionView[] = [];
    sessions.onChanged((changed) => told.push(...changed.filter((view) => view.id === id)));
    await http().delete(`/sessions/${id}?by=An`).expect(204);
    await http().get(`/sessions/${id}`).expect(404);
    expect(told.at(-1)).toMatchObject({ id, status: 'cancelled' });
    expect(sessions.views().some((view) => view.id === id)).toBe(false);
    expect(await sessions.history(id)).toMatchObject([{ what: 'created' }, { what: 'deleted', by: 'An' }]);
  });

  it('tells of sessions that want a site at the same time, also when another one moves', async () => {
    const wards = await create({
      ...MORNING,
      startsAt: '2031-01-01T01:00:00Z',
      endsAt: '2031-01-01T03:00:00Z',
      participants: { tiers: ['ward'] },
    });
    const communes = { startsAt: '2031-01-01T02:00:00Z', endsAt: '2031-01-01T04:00:00Z', participants: { tiers: ['commune'] } };
    const other = await create({ ...MORNING, ...communes });
    expect(other.overlaps).toEqual([]);
    const { body } = await http()
      .patch(`/sessions/${other.id}`)
      .send({ participants: { all: true } })
      .expect(200);
    expect(body.overlaps).toEqual([wards.id]);
    expect(sessions.views().find(({ id }) => id === wards.id)?.overlaps).toEqual([other.id]);
  });

  it('lists by the time that is taken', async () => {
    const { id } = await create({ ...MORNING, startsAt: '2032-01-01T01:00:00Z', endsAt: '2032-01-01T03:00:00Z' });
    const during = await http().get('/sessions').query({ from: '2032-01-01T02:00:00Z', to: '2032-01-01T02:30:00Z' }).expect(200);
    expect(during.body).toMatchObject({ total: 1, items: [{ id }] });
    const after = await http().get('/sessions').query({ from: '2032-01-01T03:00:00Z' }).expect(200);
    expect(after.body).toEqual({ items: [], total: 0 });
  });

  it('follows the inventory: who takes part is decided now', async () => {
    const { id } = await create({ ...MORNING, participants: { carriers: ['Viettel'], optional: ['2'] }, counterparts: ['T'] });
    const { body } = await http().get(`/sessions/${id}/participants`).expect(200);
    expect(body.items).toEqual([
      { siteCode: '1', siteName: 'Một', role: 'participant', required: true },
      { siteCode: '2', siteName: 'Hai', role: 'participant', required: false },
      { siteCode: 'T', siteName: 'Tỉnh', role: 'counterpart', required: true },
    ]);
    const inventory = app.get(InventoryService);
    try {
      await inventory.import(Buffer.from(INVENTORY.replace(/^2,.*\n/m, '')), { dryRun: false });
      expect(sessions.views().find((view) => view.id === id)?.participantCount).toBe(2);
    } finally {
      await inventory.import(Buffer.from(INVENTORY), { dryRun: false });
    }
  });

  it('keeps memory as the database is when a write fails', async () => {
    const { id } = await create();
    const source = app.get(DataSource);
    await source.query(`ALTER TABLE session ADD CONSTRAINT ck_test CHECK (title <> 'never')`);
    try {
      await http().patch(`/sessions/${id}`).send({ title: 'never' }).expect(500);
      expect(sessions.get(id)).toMatchObject({ title: MORNING.title, revision: 1 });
    } finally {
      await source.query('ALTER TABLE session DROP CONSTRAINT ck_test');
    }
    await http().patch(`/sessions/${id}`).send({ title: 'now' }).expect(200);
  });
});
