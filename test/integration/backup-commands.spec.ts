import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { migrate } from '../../src/database/migrate.js';
import { contentOf, createDatabase, fill, withClient } from '../fixtures/backup.js';
import { startTestDatabase, type TestDatabase } from '../fixtures/database.js';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

let directory: string;
let out: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'thong-suot-backup-'));
  // as root PostgreSQL runs as nobody, who must be able to pass
  await chmod(directory, 0o755);
  out = join(directory, 'out');
});
afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  await rm(directory, { recursive: true, force: true });
});

function run(file: string, args: string[], env: Record<string, string> = {}, limitFileBlocks = 0) {
  const command = [process.execPath, '--import', path('fixtures/run-typescript.mjs'), path(file), ...args];
  const limit = limitFileBlocks ? `ulimit -f ${limitFileBlocks}; ` : '';
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], {
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: join(directory, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const done = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(([stdout, stderr, [code]]) => ({
    stdout: stdout.trim(),
    stderr,
    code: code as number | null,
  }));
  return { child, done };
}
const backup = (args: string[], env?: Record<string, string>, limit?: number) =>
  run('../src/cli/backup.ts', args, env, limit).done;
const restore = (args: string[], env?: Record<string, string>) => run('../src/cli/restore.ts', args, env).done;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 6_000; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never came about: ${what}`);
}

describe('with the server of DATABASE_URL', () => {
  let server: TestDatabase;
  let big: string;
  let bigContent: Record<string, string[]>;

  beforeAll(async () => {
    server = await startTestDatabase({ empty: true });
    big = await createDatabase(server.url, 'big');
    await migrate(big);
    await fill(big, { results: 80_000 });
    bigContent = await contentOf(big);
  });
  afterAll(() => server.stop());

  it('a backup prints its path alone, and a restore of it brings everything back', async () => {
    const made = await backup(['--out', out], { DATABASE_URL: big });
    expect(made).toMatchObject({ code: 0, stderr: expect.stringMatching(/^probe_result: 80001 rows, [\d.]+ MB$/m) as string });
    expect(made.stdout).toMatch(/^\/.*\/out\/thong-suot-\d{8}-\d{6}$/);

    const target = await createDatabase(server.url, 'target');
    expect(await restore([made.stdout], { DATABASE_URL: target })).toMatchObject({ code: 0, stdout: '' });
    expect(await contentOf(target)).toEqual(bigContent);

    const again = await restore([made.stdout], { DATABASE_URL: target });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('the database is not empty') as string });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('a backup ended by %s leaves nothing that looks whole', async (signal) => {
    const { child, done } = run('../src/cli/backup.ts', ['--out', out], { DATABASE_URL: big });
    const begun = (): string | undefined =>
      existsSync(out) ? readdirSync(out).find((name) => existsSync(join(out, name, 'probe_result.copy.gz'))) : undefined;
    await until('results being written', () => begun() !== undefined);
    const unfinished = begun() ?? '';
    child.kill(signal);
    const { code, stderr } = await done;
    expect(unfinished).toContain('.unfinished-');
    if (signal === 'SIGTERM') {
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('stopped half-way') as string });
      expect(await readdir(out)).toEqual([]);
    } else {
      expect(await readdir(out)).toEqual([unfinished]);
      const refused = await restore([join(out, unfinished)], { DATABASE_URL: server.url });
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is no finished backup') as string });
    }
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('a restore ended by %s leaves what was there', async (signal) => {
    const made = await backup(['--out', out], { DATABASE_URL: big });
    const name = `old_${signal.toLowerCase()}`;
    const target = await createDatabase(server.url, name);
    await migrate(target);
    await fill(target, { results: 20 });
    const before = await contentOf(target);
    const { child, done } = run('../src/cli/restore.ts', [made.stdout, '--replace'], { DATABASE_URL: target });
    const sessions = async (query: string): Promise<boolean> =>
      withClient(server.url, async (client) => {
        const { rowCount } = await client.query(
          `SELECT FROM pg_stat_activity WHERE datname = $1 AND application_name = 'thong-suot restore' AND query LIKE $2`,
          [name, query],
        );
        return rowCount !== 0;
      });
    await until('results being loaded', () => sessions('COPY "probe_result" %'));
    child.kill(signal);
    expect((await done).code).toBe(signal === 'SIGTERM' ? 1 : null);
    await until('the end of its session', async () => !(await sessions('%')));
    expect(await contentOf(target)).toEqual(before);

    expect((await restore([made.stdout, '--replace'], { DATABASE_URL: target })).code).toBe(0);
    expect(await contentOf(target)).toEqual(bigContent);
  });

  it('a disk without room is named, and nothing is left on it', async () => {
    const made = await backup(['--out', out], { DATABASE_URL: big }, 64);
    expect(made).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`no room for the backup in ${out}`) as string,
    });
    expect(await readdir(out)).toEqual([]);
  });
});

describe('with the embedded server', () => {
  const start = (): EmbeddedPostgres =>
    new EmbeddedPostgres({ directory: join(directory, 'data/database'), log: () => undefined, settings: { fsync: 'off' } });

  it('a backup is made beside a running daemon and without one; a restore waits until there is none', async () => {
    const postgres = start();
    await postgres.start();
    await migrate(postgres.url);
    await fill(postgres.url, { results: 10 });
    const before = await contentOf(postgres.url);
    await postgres.stop();

    const daemon = run('fixtures/supervisor-process.ts', [join(directory, 'data/database')]);
    await once(daemon.child.stdout, 'data');
    const beside = await backup([]);
    expect(beside).toMatchObject({ code: 0, stdout: expect.stringContaining(join(directory, 'data/backups/')) as string });
    const refused = await restore([beside.stdout, '--replace']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/in use by another running daemon/) as string });
    daemon.child.kill('SIGTERM');
    await daemon.done;

    const alone = await backup(['--out', out]);
    expect(alone.code).toBe(0);
    for (const made of [beside, alone]) {
      expect((await restore([made.stdout, '--replace'])).code).toBe(0);
      const restored = start();
      await restored.start();
      expect(await contentOf(restored.url)).toEqual(before);
      await restored.stop();
    }
  });

  it('a restore makes the database on a new machine; a backup of none is refused, and a wrong word too', async () => {
    const none = await backup([]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no database in') as string });
    expect((await backup(['--all'])).code).toBe(64);
    expect((await restore([])).code).toBe(64);

    const postgres = start();
    await postgres.start();
    await migrate(postgres.url);
    await fill(postgres.url, { results: 10 });
    const before = await contentOf(postgres.url);
    await postgres.stop();
    const made = await backup(['--out', out]);
    await rm(join(directory, 'data'), { recursive: true });
    expect((await restore([made.stdout])).code).toBe(0);
    const restored = start();
    await restored.start();
    expect(await contentOf(restored.url)).toEqual(before);
    await restored.stop();
  });
});
