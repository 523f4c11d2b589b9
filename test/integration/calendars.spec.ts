import type { INestApplication } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import request from 'supertest';
import { CLOCK, systemScheduler } from '../../src/common/clock.js';
import { configSchema } from '../../src/config/config-schema.js';
import { InventoryService } from '../../src/inventory/inventory.service.js';
import { fetchCalendar } from '../../src/sessions/calendar/calendar-source.js';
import { CALENDAR_WORKER } from '../../src/sessions/calendar/calendar-thread.js';
import { CalendarsService } from '../../src/sessions/calendar/calendars.service.js';
import { MAX_CALENDAR_BYTES } from '../../src/sessions/calendar/content-lines.js';
import { SessionsModule } from '../../src/sessions/sessions.module.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { calendarText } from '../../src/sessions/testing/calendar-text.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { startModules } from '../fixtures/nest.js';

const BUILT_WORKER = pathToFileURL('dist/sessions/calendar/calendar-worker.js');
const INVENTORY = 'site_code,site_name,tier,address\n1,Một,commune,10.0.0.1\n2,Hai,ward,10.0.0.3\n';
const NOW = '2026-11-22T00:00:00Z';
const weekly = (...lines: string[]) => [
  ...['UID:tuan', 'SUMMARY:Giao ban tuần', 'DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T060000', 'DURATION:PT2H'],
  ...['RRULE:FREQ=WEEKLY;COUNT=3', ...lines],
];
const once = (uid: string, ...lines: string[]) => [`UID:${uid}`, `SUMMARY:${uid}`, 'DTSTART:20261124T010000Z', ...lines];

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await startTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'thong-suot-calendars-'));
});
afterAll(async () => {
  await database?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(calendars: object[] = []): Promise<INestApplication> {
  const app = await startModules(database.url, [SessionsModule], {
    settings: { calendars },
    providers: [
      { provide: CLOCK, useValue: { ...systemScheduler, wallMs: () => Date.parse(NOW) } },
      { provide: CALENDAR_WORKER, useValue: BUILT_WORKER },
    ],
  });
  await app.get(InventoryService).import(Buffer.from(INVENTORY), { dryRun: false });
  return app;
}

describe('a calendar sent by hand', () => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app?.close());

  const send = (bytes: Uint8Array, query = {}) =>
    request(app.getHttpServer())
      .post('/sessions/import')
      .query(query)
      .set('Content-Type', 'text/calendar')
      .send(Buffer.from(bytes));
  const ofUid = (uid: string) =>
    app
      .get(SessionsService)
      .list()
      .filter(({ source }) => source.kind === 'ics' && source.uid === uid);

  it('only tells on a dry run, then makes the sessions, then finds nothing new', async () => {
    const dry = await send(calendarText(weekly()), { dryRun: true }).expect(200);
    expect(dry.body).toMatchObject({ dryRun: true, calendar: 'upload', created: [{}, {}, {}] });
    expect(ofUid('tuan')).toEqual([]);
    await send(calendarText(weekly())).expect(200);
    expect(ofUid('tuan').map(({ startsMs }) => new Date(startsMs).toISOString())).toEqual([
      '2026-11-22T23:00:00.000Z',
      '2026-11-29T23:00:00.000Z',
      '2026-12-06T23:00:00.000Z',
    ]);
    const again = await send(calendarText(weekly())).expect(200);
    expect(again.body).toMatchObject({ created: [], changed: [], cancelled: [], unchanged: 3 });
  });

  it('follows a change of one occurrence and the cancellation of another', async () => {
    const moved = [
      'UID:tuan',
      'SUMMARY:Giao ban tuần',
      'SEQUENCE:1',
      'DURATION:PT2H',
      'DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T140000',
    ];
    const text = calendarText(weekly('SEQUENCE:1', 'EXDATE;TZID=Asia/Ho_Chi_Minh:20261207T060000'), [
      ...moved,
      'RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261130T060000',
    ]);
    const { body } = await send(text).expect(200);
    expect(body).toMatchObject({ created: [], changed: [{ fields: { startsAt: {} } }], cancelled: [{}] });
    expect(ofUid('tuan').map(({ startsMs, status }) => [new Date(startsMs).toISOString().slice(0, 10), status])).toEqual([
      ['2026-11-22', 'planned'],
      ['2026-12-01', 'planned'],
      ['2026-12-06', 'cancelled'],
    ]);
  });

  it('lets a person have the last word until told to follow the calendar again', async () => {
    await send(calendarText(once('rieng'))).expect(200);
    const [session] = ofUid('rieng');
    const patch = (body: object) => request(app.getHttpServer()).patch(`/sessions/${session?.id}`).send(body).expect(200);
    await patch({ title: 'Tên khác' });
    const kept = await send(calendarText(once('rieng'))).expect(200);
    expect(kept.body).toMatchObject({ changed: [], kept: [{ why: 'a person changed it' }] });
    const { body } = await request(app.getHttpServer()).get(`/sessions/${session?.id}`).expect(200);
    expect(body).toMatchObject({ title: 'Tên khác', changedByPerson: true, calendarSays: { title: { to: 'rieng' } } });
    await patch({ followCalendar: true });
    await send(calendarText(once('rieng'))).expect(200);
    expect(ofUid('rieng')).toMatchObject([{ title: 'rieng', changedByPerson: false, calendarSays: null }]);
  });

  it('does not bring back what a person deleted, also after a restart', async () => {
    await send(calendarText(once('bo'))).expect(200);
    await request(app.getHttpServer())
      .delete(`/sessions/${ofUid('bo')[0]?.id}`)
      .expect(204);
    await app.close();
    app = await start();
    const { body } = await send(calendarText(once('bo'))).expect(200);
    expect(body).toMatchObject({ created: [], kept: [{ why: 'a person deleted it' }] });
    expect(ofUid('bo')).toEqual([]);
  });

  it('lets a bad file change nothing, and names what is wrong', async () => {
    const before = app.get(SessionsService).list();
    const bad = await send(calendarText(once('moi'), once('xau', 'RRULE:FREQ=HOURLY'))).expect(422);
    expect(bad.body).toMatchObject({ errors: [{ line: 12, field: 'RRULE', found: 'FREQ=HOURLY' }] });
    await send(Buffer.alloc(MAX_CALENDAR_BYTES + 1)).expect(413);
    await request(app.getHttpServer()).post('/sessions/import').set('Content-Type', 'text/plain').send('x').expect(415);
    expect(app.get(SessionsService).list()).toEqual(before);
  });
});

describe('a calendar of the settings', () => {
  const settingsOf = (given: object) => {
    const [calendar] = configSchema.parse({ calendars: [{ name: 'van-phong', ...given }] }).calendars;
    if (!calendar) throw new Error('no calendar');
    return calendar;
  };

  it('is read at the start; what leaves it is cancelled, and a bad one changes nothing', async () => {
    const file = join(directory, 'hop.ics');
    await writeFile(file, calendarText(once('mot'), once('hai')));
    const calendar = settingsOf({ file, participants: { tiers: ['ward'] } });
    const app = await start([calendar]);
    try {
      const calendars = app.get(CalendarsService);
      const titles = () =>
        app
          .get(SessionsService)
          .list()
          .filter(({ source, status }) => source.kind === 'ics' && source.calendar === 'van-phong' && status === 'planned')
          .map(({ title }) => title);
      while (!calendars.status()[0]?.takenAt) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(titles().sort()).toEqual(['hai', 'mot']);
      const { body } = await request(app.getHttpServer()).get('/sessions/calendars').expect(200);
      expect(body).toEqual({
        total: 1,
        items: [{ name: 'van-phong', takenAt: new Date(NOW).toISOString(), problem: null, kept: [] }],
      });

      await writeFile(file, 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n');
      expect((await calendars.look(calendar)).ok).toBe(false);
      expect(titles().sort()).toEqual(['hai', 'mot']);
      await writeFile(file, calendarText(once('hai')));
      expect((await calendars.look(calendar)).ok).toBe(true);
      expect(titles()).toEqual(['hai']);
      await rm(file);
      await expect(calendars.look(calendar)).rejects.toThrow('ENOENT');
      expect(titles()).toEqual(['hai']);
    } finally {
      await app.close();
    }
  });

  describe('over HTTP', () => {
    async function withServer(answer: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
      const server = createServer(answer);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hop.ics`);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }
    const fetchFrom = (url: string) => fetchCalendar({ url });

    it('is downloaded with the account of its URL', async () => {
      const seen: (string | undefined)[] = [];
      await withServer(
        ({ headers }, response) => {
          seen.push(headers.authorization);
          response.end(calendarText(once('mot')));
        },
        async (url) => {
          const bytes = await fetchFrom(url.replace('//', '//an:b%40d@'));
          expect(Buffer.from(bytes).toString()).toContain('UID:mot');
        },
      );
      expect(seen).toEqual([`Basic ${Buffer.from('an:b@d').toString('base64')}`]);
    });

    it('is never sought where a redirect points', async () => {
      const asked: (string | undefined)[] = [];
      await withServer(
        ({ url }, response) => {
          asked.push(url);
          response.writeHead(302, { location: '/elsewhere' }).end();
        },
        (url) => expect(fetchFrom(url)).rejects.toThrow('the server answered 302'),
      );
      expect(asked).toEqual(['/hop.ics']);
    });

    it('is not read beyond its limit, however much comes', async () => {
      await withServer(
        (_request, response) => {
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20)));
          };
          response.on('drain', more);
          more();
        },
        async (url) => expect((await fetchFrom(url)).length).toBeLessThan(2 * MAX_CALENDAR_BYTES),
      );
    });

    it('is told without its URL when it fails', async () => {
      const failure = fetchFrom('http://127.0.0.1:1/secret-token.ics');
      await expect(failure).rejects.toThrow(/not downloaded: /);
      await expect(failure).rejects.not.toThrow(/secret-token/);
    });
  });
});
