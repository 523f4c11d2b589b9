import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './postgres-account.js';
import { commandLine, HAS_PROC, processIdentity } from './process-identity.js';

const run = promisify(execFile);

/** Only what a server needs: our own environment may hold secrets (DATABASE_URL). */
export const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', LC_MESSAGES: 'C', TZ: 'UTC' };

/** The files of one PostgreSQL cluster and what stands beside them: password, last port, who supervises it. */
export class PostgresCluster {
  readonly dataDir: string;
  private readonly supervisorFile: string;
  private readonly portFile: string;

  constructor(
    private readonly directory: string,
    private readonly binaries: string,
    private readonly account: Account | undefined,
  ) {
    this.dataDir = join(directory, 'pg');
    this.supervisorFile = join(directory, 'supervisor');
    this.portFile = join(directory, 'port');
  }

  /** Runs initdb unless a complete cluster is there. */
  async create(): Promise<void> {
    if (existsSync(join(this.dataDir, 'PG_VERSION'))) return;
    rmSync(this.dataDir, { recursive: true, force: true }); // a half-made cluster has no PG_VERSION
    mkdirSync(this.dataDir, { mode: 0o700 });
    const passwordFile = join(this.directory, 'password');
    writeFileSync(passwordFile, randomBytes(24).toString('base64url') + '\n', { mode: 0o600 });
    if (this.account) for (const path of [this.dataDir, passwordFile]) chownSync(path, this.account.uid, this.account.gid);
    const options = ['-D', this.dataDir, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    const locale = ['-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'];
    await run(join(this.binaries, 'bin/initdb'), [...options, ...locale], {
      ...this.account,
      env: SERVER_ENVIRONMENT,
      cwd: this.directory,
    });
  }

  password(): string {
    return readFileSync(join(this.directory, 'password'), 'utf8').trim();
  }

  /**
   * Two supervisors on one cluster would stop each other's server for ever.
   * @throws when another living process supervises this cluster
   */
  claim(): void {
    const ownerPid = this.supervisorPid();
    if (ownerPid !== undefined && ownerPid !== process.pid) {
      throw new Error(`the database in ${this.directory} is in use by another running daemon (pid ${ownerPid}): stop it first`);
    }
    writeFileSync(this.supervisorFile, processIdentity(process.pid) ?? String(process.pid));
  }

  release(): void {
    rmSync(this.supervisorFile, { force: true });
  }

  /** The living process that supervises this cluster. */
  supervisorPid(): number | undefined {
    const owner = existsSync(this.supervisorFile) ? readFileSync(this.supervisorFile, 'utf8').trim() : '';
    const pid = Number(owner.split(' ')[0]);
    return owner && processIdentity(pid) === owner ? pid : undefined;
  }

  /** Holds the password: never to be logged. */
  urlOf(port: number, database: string): string {
    return `postgres://postgres:${encodeURIComponent(this.password())}@127.0.0.1:${port}/${database}`;
  }

  /** 0 before the first start. */
  lastPort(): number {
    return existsSync(this.portFile) ? Number(readFileSync(this.portFile, 'utf8')) : 0;
  }

  /** The server that a crashed daemon left running on this cluster. A pid file that names a foreign process is removed. */
  orphan(): number | undefined {
    const file = this.pidFile();
    if (!file || !HAS_PROC) return undefined;
    if (processIdentity(file.pid) && commandLine(file.pid).split('\0').includes(this.dataDir)) return file.pid;
    rmSync(join(this.dataDir, 'postmaster.pid'), { force: true });
    return undefined;
  }

  /** Line 8 of postmaster.pid is the server's own word that it takes connections: what `pg_ctl -w` waits for. */
  isReady(pid: number | undefined): boolean {
    const file = this.pidFile();
    return file !== undefined && file.pid === pid && file.status === 'ready';
  }

  /** The port of the last run when it is free, so that bookmarked psql sessions go on working; else any free one. */
  async choosePort(): Promise<number> {
    const port = (await bindable(this.lastPort())) || (await bindable(0));
    writeFileSync(this.portFile, String(port));
    return port;
  }

  private pidFile(): { pid: number; status: string } | undefined {
    try {
      const lines = readFileSync(join(this.dataDir, 'postmaster.pid'), 'utf8').split('\n');
      return { pid: Number(lines[0]), status: lines[7]?.trim() ?? '' };
    } catch {
      return undefined;
    }
  }
}

/** 0 when the port is taken or no port number. */
const bindable = (port: number): Promise<number> =>
  new Promise((resolve) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return resolve(0);
    const probe = net.createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, '127.0.0.1', () => {
      const { port: bound } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(bound));
    });
  });
