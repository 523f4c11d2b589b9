import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Backup, readBackup } from '../../src/database/backup/read-backup.js';
import { restoreBackup } from '../../src/database/backup/restore-backup.js';
import { type BackupOptions, writeBackup } from '../../src/database/backup/write-backup.js';
import { migrate, MIGRATIONS } from '../../src/database/migrate.js';
import { contentOf, createDatabase, fill, migrateWith, TEXTS_THAT_BREAK_THINGS, withClient } from '../fixtures/backup.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

let server: TestDatabase;
let out: string;
let databases = 0;
const now = new Date('2026-11-22T19:03:01Z');

beforeAll(async () => {
  server = await startTestDatabase({ empty: true });
});
afterAll(() => server.stop());
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'thong-suot-backup-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

const emptyDatabase = (): Promise<string> => createDatabase(server.url, `b${++databases}`);
async function filledDatabase(results?: number): Promise<string> {
  const url = await emptyDatabase();
  await migrate(url);
  await fill(url, { results });
  return url;
}
const backUp = (url: string, given: Partial<BackupOptions> = {}): Promise<string> =>
  writeBackup(url, { directory: out, results: true, now, progress: () => undefined, ...given });
const restore = (url: string, backup: Backup, replace = false, migrations = MIGRATIONS as (new () => MigrationInterface)[]) =>
  restoreBackup(url, backup, { replace, progress: () => undefined, migrations });

/** A change that this version of the program does not know. */
class Meetings1900000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE a_meeting (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, site_code text REFERENCES site,
      held bool, name text, name_length int GENERATED ALWAYS AS (length(name)) STORED)`);
  }
  async down(): Promise<void> {
    // never undone here
  }
}

describe('a backup', () => {
  it('brings back every row of every table bit for bit, and goes on counting where it stood', async () => {
    const source = await filledDatabase();
    const before = await contentOf(source);
    expect(Object.entries(before).filter(([, rows]) => !rows.length)).toEqual([]);
    const backup = await readBackup(await backUp(source));

    const target = await emptyDatabase();
    await restore(target, backup);
    expect(await contentOf(target)).toEqual(before);
    expect(await migrate(target)).toEqual([]);
    // the last one was deleted before the backup: its number must not come back
    const added = await withClient(target, (client) =>
      client.query<{ id: string }>(
        `INSERT INTO probe_result_rejected (fingerprint, reason, outcome) VALUES ('x', '', '') RETURNING id`,
      ),
    );
    expect(Number(added.rows[0]?.id)).toBe(TEXTS_THAT_BREAK_THINGS.length + 1);
  });

  it('is of one moment while others write into all tables', async () => {
    const source = await filledDatabase(60_000);
    await withClient(source, (client) => client.query('TRUNCATE contact, endpoint, site, rollup_due'));
    const pool = new pg.Pool({ connectionString: source, max: 2 });
    let written = 0;
    let writing = true;
    const write = async (): Promise<void> => {
      while (writing) {
        const n = ++written;
        // two tables that are copied first and last
        await pool.query(`WITH one AS (INSERT INTO site VALUES ('S${n}', '', 'ward', '', NULL, NULL))
          INSERT INTO rollup_due VALUES ('hour', to_timestamp(${n}))`);
      }
    };
    const writers = [write(), write()];
    const writtenAt: number[] = [];
    const path = await backUp(source, { progress: () => writtenAt.push(written) });
    writing = false;
    await Promise.all(writers);
    await pool.end();

    const { manifest } = await readBackup(path);
    const rows = (name: string) => manifest.tables.find((table) => table.name === name)?.rows;
    expect(writtenAt.at(-1)! - writtenAt[0]!).toBeGreaterThan(100);
    expect(rows('site')).toBeGreaterThan(0);
    expect(rows('rollup_due')).toBe(rows('site'));
  });

  it('knows a table that a later migration adds, and is refused by a program that does not know it', async () => {
    const source = await filledDatabase();
    await migrateWith(source, [...MIGRATIONS, Meetings1900000000000]);
    await withClient(source, (client) => client.query(`INSERT INTO a_meeting (site_code, name) VALUES ('S-0', 'giao ban')`));
    const backup = await readBackup(await backUp(source));
    const target = await emptyDatabase();
    await expect(restore(target, backup)).rejects.toThrow(
      /made by a newer version \(.*\): the migration Meetings1900000000000 is unknown here/,
    );
    expect(await contentOf(target)).toEqual({});

    await restore(target, backup, false, [...MIGRATIONS, Meetings1900000000000]);
    const restored = await contentOf(target);
    expect(restored.a_meeting).toEqual(['(1,S-0,,"giao ban",8)']);
    expect(restored).toEqual(await contentOf(source));
  });

  it.each([1, 2, 3])('of a schema of %i migrations is brought up to date', async (count) => {
    const source = await emptyDatabase();
    await migrateWith(source, MIGRATIONS.slice(0, count));
    await withClient(source, async (client) => {
      await client.query(`INSERT INTO site VALUES ('S-1', 'một', 'ward', '', NULL, NULL)`);
      if (count < 2) return;
      await client.query(`CREATE TABLE probe_result_20261120 PARTITION OF probe_result
        FOR VALUES FROM ('2026-11-20 00:00:00+00') TO ('2026-11-21 00:00:00+00')`);
      await client.query(`INSERT INTO probe_result (started_at, run_id, duration_ms, self_lag_ms, kind, result, reason, vantage, target)
        VALUES ('2026-11-20 07:30:00+00', gen_random_uuid(), 1, 0, 'icmp', 'pass', 'ok', 'v', 't')`);
    });
    const target = await emptyDatabase();
    await restore(target, await readBackup(await backUp(source)));

    const restored = await contentOf(target);
    // the one column that was added to a table of those days
    const site = ['(S-1,một,ward,"",,,"")'];
    expect(restored).toMatchObject({ ...(await contentOf(source)), site, migrations: expect.anything() as unknown });
    expect(restored.migrations).toHaveLength(MIGRATIONS.length);
    // what the migration of the rollups makes of the results it finds
    expect(restored.rollup_due).toEqual(count < 2 ? [] : ['(hour,"2026-11-20 07:00:00+00")']);
  });

  it('without results holds the inventory and the rollups', async () => {
    const source = await filledDatabase();
    const target = await emptyDatabase();
    await restore(target, await readBackup(await backUp(source, { results: false })));
    const none = {
      packed_hour: [],
      probe_result: [],
      probe_result_block: [],
      probe_result_detail: [],
      probe_result_rejected: [],
      rollup_due: [],
    };
    expect(await contentOf(target)).toEqual({ ...(await contentOf(source)), ...none });
  });

  it('never takes the place of another one', async () => {
    const source = await filledDatabase(1);
    const path = await backUp(source);
    await expect(backUp(source)).rejects.toThrow(`${path} is there already`);
    expect(await readdir(out)).toEqual(['thong-suot-20261122-190301']);
  });

  it('whose connection is cut leaves nothing', async () => {
    const source = await filledDatabase(50_000);
    const cut = async (): Promise<void> => {
      await withClient(server.url, (client) =>
        client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'thong-suot backup'`),
      );
    };
    const cuts: Promise<void>[] = [];
    await expect(backUp(source, { progress: () => cuts.push(cut()) })).rejects.toThrow(/terminat|connection error/);
    await Promise.all(cuts);
    expect(await readdir(out)).toEqual([]);
  });

  it('is open to nobody else', async () => {
    const path = await backUp(await filledDatabase(1));
    expect((await stat(path)).mode & 0o077).toBe(0);
    for (const file of await readdir(path)) expect((await stat(join(path, file))).mode & 0o077).toBe(0);
  });
});

describe(readBackup.name, () => {
  let path: string;
  beforeEach(async () => {
    path = await backUp(await filledDatabase(10));
  });

  it.each(['site.copy.gz', 'probe_result.copy.gz', 'contact.copy.gz', 'manifest.json'])(
    'names a flipped bit in %s',
    async (name) => {
      const file = join(path, name);
      const bytes = await readFile(file);
      const middle = bytes.length >> 1;
      bytes[middle] = bytes[middle]! ^ 1;
      await writeFile(file, bytes);
      await expect(readBackup(path)).rejects.toThrow(`${file} is damaged`);
    },
  );

  it('names a file that was cut off, and one that is missing', async () => {
    const file = join(path, 'rollup_day.copy.gz');
    await truncate(file, (await stat(file)).size - 1);
    await expect(readBackup(path)).rejects.toThrow(`${file} is damaged`);
    await rm(file);
    await expect(readBackup(path)).rejects.toThrow(`${file} is missing`);
  });

  it('notices a table that is missing from the sums, and sums that are missing or damaged', async () => {
    const sums = join(path, 'SHA256SUMS');
    const lines = (await readFile(sums, 'utf8')).split('\n');
    await writeFile(sums, lines.filter((line) => !line.endsWith('endpoint.copy.gz')).join('\n'));
    await expect(readBackup(path)).rejects.toThrow('does not list endpoint.copy.gz');
    await writeFile(sums, lines.join('\n').replace(/^./, 'x'));
    await expect(readBackup(path)).rejects.toThrow(`${sums} is damaged`);
    await rm(sums);
    await expect(readBackup(path)).rejects.toThrow(`${path} is no finished backup`);
  });

  it.each([
    ['a later format', { format: 2 }, 'its format 2 is unknown here'],
    ['a name that is a path', { tables: [{ name: '../site' }] }, 'manifest.json is not understood: tables.0.name'],
  ])('refuses %s', async (_title, change, message) => {
    const manifest = { ...(JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as object), ...change };
    const text = JSON.stringify(manifest);
    await writeFile(join(path, 'manifest.json'), text);
    const sums = join(path, 'SHA256SUMS');
    const sum = createHash('sha256').update(text).digest('hex');
    await writeFile(sums, (await readFile(sums, 'utf8')).replace(/.{64}(?= {2}manifest)/, sum));
    await expect(readBackup(path)).rejects.toThrow(message);
  });
});

describe(restoreBackup.name, () => {
  it('replaces rows only when told to, and forgets those that came after the backup', async () => {
    const source = await filledDatabase(10);
    const backup = await readBackup(await backUp(source));
    const before = await contentOf(source);
    await withClient(source, (client) => client.query(`INSERT INTO site VALUES ('later', '', 'ward', '', NULL, NULL)`));
    const later = await contentOf(source);
    await expect(restore(source, backup)).rejects.toThrow('the database is not empty');
    expect(await contentOf(source)).toEqual(later);
    await restore(source, backup, true);
    expect(await contentOf(source)).toEqual(before);
  });

  it('fills the empty schema that a daemon has left', async () => {
    const source = await filledDatabase(10);
    const target = await emptyDatabase();
    await migrate(target);
    await restore(target, await readBackup(await backUp(source)));
    expect(await contentOf(target)).toEqual(await contentOf(source));
  });

  it('changes nothing when it fails half-way', async () => {
    const source = await filledDatabase(10);
    const backup = await readBackup(await backUp(source));
    const target = await filledDatabase(20);
    const before = await contentOf(target);
    const tables = backup.manifest.tables.map((table) => (table.name === 'rollup_hour' ? { ...table, rows: 2 } : table));
    const wrong = { ...backup, manifest: { ...backup.manifest, tables } };
    await expect(restore(target, wrong, true)).rejects.toThrow('rollup_hour: 1 rows were loaded, the backup has 2');
    expect(await contentOf(target)).toEqual(before);
  });

  it('leaves the tables of another program alone, and a view that stands on ours', async () => {
    const backup = await readBackup(await backUp(await filledDatabase(1)));
    const foreign = await emptyDatabase();
    await withClient(foreign, (client) => client.query('CREATE TABLE invoice (total int)'));
    await expect(restore(foreign, backup, true)).rejects.toThrow('belongs to another program (it has the table invoice)');

    const viewed = await filledDatabase(1);
    await withClient(viewed, (client) => client.query('CREATE VIEW names AS SELECT name FROM site'));
    const before = await contentOf(viewed);
    await expect(restore(viewed, backup, true)).rejects.toThrow('other objects depend on');
    expect(await contentOf(viewed)).toEqual(before);
  });

  it('refuses a database on which a daemon works or starts', async () => {
    const backup = await readBackup(await backUp(await filledDatabase(1)));
    const target = await emptyDatabase();
    const daemon = new pg.Client({ connectionString: target, application_name: 'thong-suot' });
    await daemon.connect();
    await expect(restore(target, backup)).rejects.toThrow(/the database is in use \("thong-suot", .*stop the daemon first/);
    await daemon.query('SET application_name = elsewhere; SELECT pg_advisory_lock(7311901)');
    await expect(restore(target, backup)).rejects.toThrow('a daemon is starting on this database');
    await daemon.end();
    await restore(target, backup);
  });

  it('says what is wrong without the password', async () => {
    const path = await backUp(await filledDatabase(1));
    await cp(path, `${path}-2`, { recursive: true });
    const wrong = Object.assign(new URL(server.url), { password: 'not-the-password' }).href;
    const restoring = restore(wrong, await readBackup(`${path}-2`));
    await expect(restoring).rejects.toThrow('password authentication failed');
    await expect(restoring).rejects.not.toThrow('not-the-password');
  });
});
