import { Global, type INestApplication, Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { APP_CONFIG } from '../../src/config/app-config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { InventoryModule } from '../../src/inventory/inventory.module.js';
import { type ImportRefusal, type ImportReport, InventoryService, isRefusal } from '../../src/inventory/inventory.service.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { workbook } from '../fixtures/inventory.js';

const EXAMPLE = fileURLToPath(new URL('../../config/inventory.example.csv', import.meta.url));
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const HEADER = 'site_code,site_name,tier,address,carrier,contact_name';
const SMALL = `${HEADER}\n1,Một,commune,10.0.0.1,VNPT,An\n1,Một,commune,10.0.0.2,Viettel,An\n2,Hai,ward,10.0.0.3,VNPT,\n`;

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.stop());

async function startApp(inventoryPath?: string): Promise<INestApplication> {
  const config = {
    dataDir: '/nonexistent',
    databaseUrl: database.url,
    inventoryPath,
    database: { poolSize: 3, rawRetentionDays: 90, hourlyRetentionDays: 730, dailyRetentionDays: 3650, partitionsAheadDays: 1 },
  };
  @Global()
  @Module({ providers: [{ provide: APP_CONFIG, useValue: config }], exports: [APP_CONFIG] })
  class ConfigModule {}
  const testing = await Test.createTestingModule({
    imports: [ConfigModule, ScheduleModule.forRoot(), DatabaseModule, InventoryModule],
  }).compile();
  const app = testing.createNestApplication({ logger: false });
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  await app.init();
  return app;
}

function taken(answer: ImportReport | ImportRefusal): ImportReport {
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer.errors));
  return answer;
}

describe('the inventory', () => {
  let app: INestApplication;
  let inventory: InventoryService;
  const run = (text: string | Buffer, dryRun = false) => inventory.import(Buffer.from(text as string), { dryRun });
  const ids = async () => (await inventory.listEndpoints()).map(({ id }) => id);

  beforeAll(async () => {
    app = await startApp();
    inventory = app.get(InventoryService);
  });
  afterAll(() => app.close());
  beforeEach(() => app.get(DataSource).query('TRUNCATE endpoint, contact, site'));

  it('tells on a dry run what would change, and changes nothing', async () => {
    const report = taken(await run(SMALL, true));
    expect(report.added.map(({ id }) => id)).toEqual(['1-1', '1-2', '2-1']);
    expect(await ids()).toEqual([]);
  });

  it('takes a file, and the same file again without effect', async () => {
    const told: string[][] = [];
    inventory.onChanged((endpoints) => told.push(endpoints.map(({ id }) => id)));
    taken(await run(SMALL));
    expect(await inventory.listEndpoints()).toMatchObject([
      { id: '1-1', siteName: 'Một', ordinal: 1, address: '10.0.0.1', carrier: 'VNPT', contactName: 'An', deputyName: '' },
      { id: '1-2', siteName: 'Một', ordinal: 2, address: '10.0.0.2', carrier: 'Viettel', contactName: 'An' },
      { id: '2-1', siteName: 'Hai', contactName: '' },
    ]);
    expect(taken(await run(SMALL))).toMatchObject({ added: [], changed: [], removed: [], unchanged: 3 });
    expect(told).toEqual([['1-1', '1-2', '2-1']]);
  });

  it('applies changes by field, marks what left as removed, and takes it back', async () => {
    taken(await run(SMALL));
    const changed = `${HEADER}\n1,Một mới,commune,10.0.0.1,VNPT,Bình\n3,Ba,ward,10.0.0.4,,\n`;
    const report = taken(await run(changed));
    expect(report.changed).toEqual([
      {
        id: '1-1',
        siteName: 'Một mới',
        fields: [
          { field: 'siteName', from: 'Một', to: 'Một mới' },
          { field: 'contactName', from: 'An', to: 'Bình' },
        ],
      },
    ]);
    expect(report.removed.map(({ id }) => id)).toEqual(['1-2', '2-1']);
    expect(await ids()).toEqual(['1-1', '3-1']);
    expect(await inventory.knowsEndpoint('2-1')).toBe(true);

    expect(taken(await run(SMALL)).added.map(({ id }) => id)).toEqual(['1-2', '2-1']);
    expect(await ids()).toEqual(['1-1', '1-2', '2-1']);
    expect((await inventory.listEndpoints())[0]?.contactName).toBe('An');
  });

  it('lets a bad file change nothing', async () => {
    taken(await run(SMALL));
    const answer = await run(`${HEADER}\n1,Một mới,commune,10.0.0.1,,\n7,Bảy,nowhere,10.0.0.7,,\n`);
    expect(isRefusal(answer) && answer.errors).toMatchObject([{ line: 3, field: 'tier', found: 'nowhere' }]);
    expect((await inventory.listEndpoints())[0]?.siteName).toBe('Một');
    expect(await ids()).toEqual(['1-1', '1-2', '2-1']);
  });

  it('rolls everything back when the database refuses in the middle', async () => {
    taken(await run(SMALL));
    const source = app.get(DataSource);
    await source.query(`ALTER TABLE endpoint ADD CONSTRAINT ck_test CHECK (address <> '10.0.0.9')`);
    try {
      await expect(run(`${HEADER}\n1,Khác,commune,10.0.0.1,,\n9,Chín,ward,10.0.0.9,,\n`)).rejects.toThrow(/ck_test/);
    } finally {
      await source.query('ALTER TABLE endpoint DROP CONSTRAINT ck_test');
    }
    expect((await inventory.listEndpoints()).map(({ siteName }) => siteName)).toEqual(['Một', 'Một', 'Hai']);
    expect(await inventory.knowsEndpoint('9-1')).toBe(false);
  });

  it('makes one inventory of two imports at the same time', async () => {
    const other = `${HEADER}\n1,Một,commune,10.0.0.1,VNPT,An\n5,Năm,ward,10.0.0.5,,\n`;
    await Promise.all([run(SMALL), run(other)]);
    expect([
      ['1-1', '1-2', '2-1'],
      ['1-1', '5-1'],
    ]).toContainEqual(await ids());
  });

  it('reads a workbook with Vietnamese headers, rich text, formulas, links and zero-padded codes', async () => {
    const bytes = await workbook(
      [
        ['STT', 'Mã đơn vị', 'Tên điểm cầu', 'Cấp', 'Địa chỉ IP', 'Ghi chú', 'Vĩ độ'],
        [1, 4792, { richText: [{ text: 'Phường ' }, { text: 'Tân Hòa' }] }, 'Phường', '10.0.0.1', '=1+1', 20.87292],
        [],
        [
          2,
          4795,
          { formula: '"Phường "&"Hòa Bình"', result: 'Phường Hòa Bình' },
          'Phường',
          { text: '10.0.0.2', hyperlink: 'http://10.0.0.2' },
        ],
      ],
      (sheet) => {
        sheet.getColumn(2).numFmt = '00000';
      },
    );
    expect(taken(await run(bytes)).ignoredColumns).toEqual(['STT']);
    expect(await inventory.listEndpoints()).toMatchObject([
      { id: '04792-1', siteName: 'Phường Tân Hòa', tier: 'ward', address: '10.0.0.1', note: '=1+1', lat: 20.87292 },
      { id: '04795-1', siteName: 'Phường Hòa Bình', address: '10.0.0.2' },
    ]);
  });

  it('names the line of a sheet as a person sees it, and refuses a workbook that is none', async () => {
    const bytes = await workbook([['site_code', 'site_name', 'tier', 'address'], [], ['1', 'Một', 'ward', 'x y']]);
    const answer = await run(bytes);
    expect(isRefusal(answer) && answer.errors).toMatchObject([{ line: 3, field: 'address', found: 'x y' }]);
    const broken = await run(bytes.subarray(0, bytes.length - 200));
    expect(isRefusal(broken) && broken.errors).toMatchObject([{ field: 'file' }]);
  });

  it('matches the schema that the migrations made', async () => {
    const { upQueries } = await app.get(DataSource).driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  describe('over the API', () => {
    const post = (query = '') => request(app.getHttpServer()).post(`/inventory/import${query}`);

    it('imports CSV and workbooks, and runs dry', async () => {
      const dry = await post('?dryRun=true').type('text/csv').send(SMALL).expect(200);
      expect(dry.body).toMatchObject({ dryRun: true, unchanged: 0, added: [{ id: '1-1' }, { id: '1-2' }, { id: '2-1' }] });
      expect(await ids()).toEqual([]);
      await post()
        .set('Content-Type', XLSX)
        .send(await workbook([HEADER.split(','), ['1', 'Một', 'ward', '10.0.0.1']]))
        .expect(200);
      expect(await ids()).toEqual(['1-1']);
    });

    it('answers with every error of the file', async () => {
      const answer = await post().type('text/csv').send(`${HEADER}\n,,ward,10.0.0.1,,\n`).expect(422);
      expect(answer.body.errors).toMatchObject([
        { line: 2, field: 'site_code' },
        { line: 2, field: 'site_name' },
      ]);
    });

    it('refuses another type, too much, and a wrong parameter', async () => {
      await post().type('json').send('{}').expect(415);
      const tooMuch = await post('?dryRun=maybe').type('text/csv').send(SMALL).expect(400);
      expect(JSON.stringify(tooMuch.body)).toContain('dryRun');
      await post()
        .type('text/csv')
        .send('x'.repeat(5 * 1024 * 1024 + 1))
        .expect(413);
      expect(await ids()).toEqual([]);
    });
  });

  describe('one endpoint by hand', () => {
    const http = () => request(app.getHttpServer());
    const patch = (id: string, body: object, etag?: string) => {
      const sent = http().patch(`/inventory/endpoints/${id}`);
      return (etag === undefined ? sent : sent.set('If-Match', etag)).send(body);
    };
    const read = async (id: string) => (await http().get(`/inventory/endpoints/${id}`).expect(200)).headers.etag ?? '';
    const told: string[][] = [];
    beforeAll(() => inventory.onChanged((endpoints) => told.push(endpoints.map(({ address }) => address))));
    beforeEach(async () => {
      await run(SMALL);
      told.length = 0;
    });

    it('is changed in the database and in the plan, the site for all of its endpoints', async () => {
      const { body, headers } = await patch(
        '1-1',
        { address: '10.0.0.8', contactName: 'Bình', lat: 21.5 },
        await read('1-1'),
      ).expect(200);
      expect(body).toMatchObject({ id: '1-1', address: '10.0.0.8', contactName: 'Bình', lat: 21.5 });
      expect(headers.etag).toBe(await read('1-1'));
      const { body: listed } = await http().get('/inventory').expect(200);
      expect(listed).toMatchObject({ total: 3, file: null });
      expect((listed as { items: { contactName: string }[] }).items.map(({ contactName }) => contactName)).toEqual([
        'Bình',
        'Bình',
        '',
      ]);
      expect(told).toEqual([['10.0.0.8', '10.0.0.2', '10.0.0.3']]);
    });

    it('is not changed by whoever read it before another change, of its site as well', async () => {
      const etag = await read('1-2');
      await patch('1-1', { contactName: 'Bình' }).expect(200);
      const { body } = await patch('1-2', { carrier: 'FPT' }, etag).expect(412);
      expect(body).toMatchObject({ message: expect.stringContaining('read it again') as string });
      expect((await inventory.listEndpoints()).map(({ carrier }) => carrier)).toEqual(['VNPT', 'Viettel', 'VNPT']);
    });

    it('is changed in all given fields or in none, and every wrong one is named', async () => {
      const { body } = await patch('1-1', { carrier: 'FPT', address: '10.0.0.3', tier: 'x' }).expect(422);
      expect((body as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(['tier', 'address']);
      expect((await inventory.listEndpoints())[0]).toMatchObject({ carrier: 'VNPT', address: '10.0.0.1' });
      expect(told).toEqual([]);
    });

    it('is there, and has the fields that are named', async () => {
      await patch('9-1', { carrier: 'FPT' }).expect(404);
      await http().get('/inventory/endpoints/9-1').expect(404);
      await patch('1-1', { siteCode: '5' }).expect(400);
      await patch('1-1', { carrier: ['x'] }).expect(400);
    });

    it('changes nothing and tells nobody when it is as it was', async () => {
      await patch('1-1', { carrier: 'VNPT' }).expect(200);
      expect(told).toEqual([]);
    });

    it('loses to the file when that is imported again', async () => {
      await patch('1-1', { carrier: 'FPT' }).expect(200);
      expect(taken(await run(SMALL)).changed).toMatchObject([
        { id: '1-1', fields: [{ field: 'carrier', from: 'FPT', to: 'VNPT' }] },
      ]);
    });
  });
});

describe('the INVENTORY file', () => {
  it('is imported at start and again when it is replaced; a bad one changes nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'thong-suot-inventory-'));
    const path = join(directory, 'inventory.csv');
    await writeFile(path, await readFile(EXAMPLE));
    const app = await startApp(path);
    try {
      const inventory = app.get(InventoryService);
      expect(await inventory.listEndpoints()).toHaveLength(150);

      const changed = new Promise<string[]>((resolve) =>
        inventory.onChanged((endpoints) => resolve(endpoints.map(({ id }) => id))),
      );
      await writeFile(`${path}.bad`, `${HEADER}\n,,,,,\n1,,ward,10.0.0.1,,\n`);
      await rename(`${path}.bad`, path);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(await inventory.listEndpoints()).toHaveLength(150);
      await writeFile(`${path}.new`, SMALL);
      await rename(`${path}.new`, path);
      expect(await changed).toEqual(['1-1', '1-2', '2-1']);
    } finally {
      await app.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('may be missing: the daemon starts with the inventory it has', async () => {
    const app = await startApp('/nonexistent/inventory.csv');
    expect((await app.get(InventoryService).listEndpoints()).length).toBeGreaterThan(0);
    await app.close();
  });
});
