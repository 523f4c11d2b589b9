import { jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { createHash } from 'node:crypto';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { canonicalJson } from '../../src/common/canonical-json.js';
import { CLOCK, systemScheduler } from '../../src/common/clock.js';
import { HealthService } from '../../src/health/health.service.js';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import { SessionsModule } from '../../src/sessions/sessions.module.js';
import { SnapshotsService } from '../../src/sessions/snapshots.service.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startModules } from '../fixtures/nest.js';

const INVENTORY = `site_code,site_name,tier,address
1,Một,commune,10.0.0.1
2,Hai,ward,10.0.0.3
`;
const at = (time: string): string => `2030-05-06T${time}:00.000Z`;

let database: TestDatabase;
let app: INestApplication;
let id: string;
let now = at('00:45');

beforeAll(async () => {
  database = await startTestDatabase();
  const clock = { ...systemScheduler, wallMs: () => Date.parse(now) };
  app = await startModules(database.url, [SessionsModule], {
    providers: [{ provide: CLOCK, useValue: clock }],
  });
  await app.get(InventoryService).import(Buffer.from(INVENTORY), { dryRun: false });
});
afterAll(async () => {
  await app?.close();
  await database?.stop();
});

const http = () => request(app.getHttpServer());
beforeEach(async () => {
  now = at('00:45');
  const session = { title: 'Giao ban', startsAt: at('01:00'), connectBy: at('00:30'), endsAt: at('03:00') };
  const { body } = await http().post('/sessions').send(session).expect(201);
  id = (body as { id: string }).id;
});
const rollCall = async () => (await http().get(`/sessions/${id}/attendance`).expect(200)).body as { items: object[] };
const mark = (body: object) => http().post(`/sessions/${id}/attendance`).send(body);

describe('roll-call', () => {
  it('marks, corrects and takes back, and keeps every mark', async () => {
    await mark({ siteCode: '1', mark: 'present', at: at('00:20'), by: 'An' }).expect(201);
    await mark({ siteCode: '2', mark: 'absent', note: 'mất điện' }).expect(201);
    const undone = await mark({ siteCode: '2', mark: 'undo' }).expect(201);
    expect(undone.body).toMatchObject({ siteCode: '2', siteName: 'Hai', state: 'overdue' });
    const late = await mark({ siteCode: '2', mark: 'present' }).expect(201);
    expect(late.body).toMatchObject({ state: 'late', arrivedAt: at('00:45') });
    expect(await rollCall()).toMatchObject({
      total: 2,
      items: [
        {
          siteCode: '1',
          state: 'on-time',
          expectedAt: at('00:30'),
          history: [{ mark: 'present', at: at('00:20'), by: 'An', recordedAt: now }],
        },
        {
          siteCode: '2',
          state: 'late',
          history: [{ mark: 'absent', note: 'mất điện', by: 'api' }, { mark: 'undo' }, { mark: 'present' }],
        },
      ],
    });
  });

  it.each([
    ['siteCode', { siteCode: '77', mark: 'present' }],
    ['mark', { siteCode: '1', mark: 'there' }],
    ['mark', { siteCode: '1', mark: 'undo' }],
    ['at', { siteCode: '1', mark: 'present', at: at('00:50') }],
    ['at', { siteCode: '1', mark: 'present', at: '2030-05-04T00:00:00Z' }],
  ])('refuses a wrong %s by its name', async (field, wrong) => {
    const { status, body } = await mark(wrong);
    expect([400, 422]).toContain(status);
    expect(JSON.stringify((body as { message: unknown }).message)).toContain(field);
    expect((await rollCall()).items).toMatchObject([{ history: [] }, { history: [] }]);
  });

  it('suggests who is in a call, and marks nobody by itself', async () => {
    const health = app.get(HealthService);
    const inUse = { state: 'in-use', since: at('00:25') } as ReturnType<HealthService['view']>;
    const view = jest.spyOn(health, 'view').mockImplementation((endpointId) => (endpointId === '1-1' ? inUse : undefined));
    try {
      const suggestion = { mark: 'present', at: at('00:25'), endpointId: '1-1' };
      expect((await rollCall()).items).toMatchObject([{ state: 'overdue', suggestion, history: [] }, { suggestion: null }]);
      now = at('03:30');
      expect((await rollCall()).items).toMatchObject([{ suggestion: null }, { suggestion: null }]);
    } finally {
      view.mockRestore();
    }
  });
});

describe('sign-off', () => {
  it('keeps who signed which revision, and demands a name', async () => {
    await http().post(`/sessions/${id}/sign-off`).send({ note: 'tốt' }).expect(400);
    await http().post(`/sessions/${id}/sign-off`).send({ by: 'Nguyễn Văn An', note: '148/148' }).expect(201);
    const { body } = await http().get(`/sessions/${id}/sign-off`).expect(200);
    expect(body).toEqual({ total: 1, items: [{ by: 'Nguyễn Văn An', note: '148/148', revision: 1, at: now }] });
  });
});

describe('the frozen picture', () => {
  const picture = { verdict: 'GO', sites: [{ code: '1', name: 'Một', rttMs: 0.1 + 0.2 }], at: '2030-05-06T01:00:00Z' };

  it('is verified when it is read, and the first one stays', async () => {
    await http().get(`/sessions/${id}/snapshot`).expect(404);
    const snapshots = app.get(SnapshotsService);
    const first = await snapshots.save(id, picture);
    now = at('01:30');
    expect(await snapshots.save(id, { verdict: 'NO_GO' })).toEqual(first);
    const { body } = await http().get(`/sessions/${id}/snapshot`).expect(200);
    const sha256 = createHash('sha256').update(canonicalJson(picture)).digest('hex');
    expect(body).toEqual({ sessionId: id, takenAt: at('00:45'), sha256, picture });
  });

  it.each([
    'UPDATE session_snapshot SET picture = picture',
    'DELETE FROM session_snapshot',
    'TRUNCATE session_snapshot',
    `UPDATE session_sign_off SET note = ''`,
    'DELETE FROM session_attendance',
    'DELETE FROM session_change',
  ])('stays as it was: the database refuses %s', async (statement) => {
    await app.get(SnapshotsService).save(id, picture);
    await expect(app.get(DataSource).query(statement)).rejects.toThrow('keeps what was written');
  });

  it('is told when somebody altered it past the refusal', async () => {
    await app.get(SnapshotsService).save(id, picture);
    await app.get(DataSource).transaction(async (manager) => {
      await manager.query('ALTER TABLE session_snapshot DISABLE TRIGGER USER');
      await manager.query(`UPDATE session_snapshot SET picture = replace(picture, 'GO', 'NO') WHERE session_id = $1`, [id]);
      await manager.query('ALTER TABLE session_snapshot ENABLE TRIGGER USER');
    });
    const { body } = await http().get(`/sessions/${id}/snapshot`).expect(500);
    expect((body as { message: string }).message).toContain('was altered');
  });
});
