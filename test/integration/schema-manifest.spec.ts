import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/database/migrate.js';
import { createDatabase, withClient } from '../fixtures/backup.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';
import { describeSchema } from '../fixtures/schema-manifest.js';

const MANIFEST = fileURLToPath(new URL('../../src/database/schema.txt', import.meta.url));

/**
 * `src/database/schema.txt` is what all migrations together make, so that a review sees the schema itself change.
 * After a new migration: `RENEW_SCHEMA=1 npm test -- --selectProjects=integration --testPathPatterns schema-manifest`.
 */
describe('src/database/schema.txt', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
    if (process.env.RENEW_SCHEMA) writeFileSync(MANIFEST, await describeSchema(database.url));
  });
  afterAll(() => database.stop());

  it('is the schema of a fresh database', async () => {
    expect(await describeSchema(database.url)).toBe(readFileSync(MANIFEST, 'utf8'));
  });

  it.each([
    ['a table', 'CREATE TABLE added (id int)'],
    ['a column', 'ALTER TABLE site ADD added int'],
    ['a type', 'ALTER TABLE site ALTER lat TYPE real'],
    ['a nullability', 'ALTER TABLE endpoint ALTER sip_uri SET NOT NULL'],
    ['a default', `ALTER TABLE site ALTER area SET DEFAULT ''`],
    ['an index', 'DROP INDEX ix_probe_result_endpoint'],
    ['a constraint', 'ALTER TABLE site DROP CONSTRAINT ck_site_lat'],
    ['a word of an enum', `ALTER TYPE probe_kind ADD VALUE 'added'`],
    ['a function', 'CREATE OR REPLACE FUNCTION log_bin(value real) RETURNS smallint LANGUAGE sql IMMUTABLE RETURN 1::smallint'],
  ])('would tell of %s', async (what, change) => {
    const changed = await createDatabase(database.url, what.replaceAll(' ', '_'));
    await migrate(changed);
    await withClient(changed, (client) => client.query(change));
    expect(await describeSchema(changed)).not.toBe(readFileSync(MANIFEST, 'utf8'));
  });
});
