import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { processes } from '../fixtures/processes.js';

const root = process.cwd();
const isRoot = process.getuid?.() === 0;

/** A bare clone in miniature. In its PATH are this Node and what the test puts there, nothing else of the machine. */
class Clone {
  readonly path = mkdtempSync(join(tmpdir(), 'clone-'));
  readonly log = join(this.path, 'log');

  constructor() {
    chmodSync(this.path, 0o755);
    cpSync(join(root, 'config'), join(this.path, 'config'), { recursive: true });
    this.write('package.json', '{}');
    this.write('package-lock.json', '{}');
    this.write('tsconfig.json', '{}');
    this.write('nest-cli.json', '{}');
    this.write('src/main.ts', 'one');
    this.write('log', '');
    chmodSync(this.log, 0o666);
    mkdirSync(join(this.path, 'bin'));
    symlinkSync(process.execPath, join(this.path, 'bin/node'));
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  /** Puts a program into the PATH that notes how it was called, then does what `script` says. */
  program(name: string, script = ''): void {
    this.write(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >>'${this.log}'\n${script}\n`);
    chmodSync(join(this.path, 'bin', name), 0o755);
  }

  link(...programs: string[]): void {
    for (const name of programs) symlinkSync(join('/usr/bin', name), join(this.path, 'bin', name));
  }

  get env(): Record<string, string> {
    return { PATH: join(this.path, 'bin'), HOME: this.path, CHROMIUM: join(this.path, 'bin/chromium') };
  }

  run(
    script: string,
    args: string[] = [],
    identity: { uid?: number; gid?: number } = {},
  ): { status: number | null; stdout: string; output: string } {
    const node = join(this.path, 'bin/node');
    const { status, stdout, stderr } = spawnSync(node, [script, ...args], {
      cwd: this.path,
      env: this.env,
      encoding: 'utf8',
      ...identity,
    });
    return { status, stdout, output: stdout + stderr };
  }

  /** What the programs noted since the last look. */
  calls(): string[] {
    const lines = readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
    writeFileSync(this.log, '');
    return lines;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

let clone: Clone;
beforeEach(() => {
  clone = new Clone();
});
afterEach(() => clone.remove());

describe('config/preflight.mjs', () => {
  const ordinary = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  const everything =
    'chromium ffmpeg iputils-ping prometheus sip-tester kamailio strace tshark baresip-core baresip-ffmpeg'.split(' ');

  it('is content and silent when nothing is missing', () => {
    clone.program('ping');
    expect(clone.run('config/preflight.mjs')).toMatchObject({ status: 0, output: '' });
    expect(clone.calls()).toEqual([]);
  });

  it('tells an ordinary user without sudo what to type and what is lost, and goes on', () => {
    clone.program('apt-get');
    const { status, output } = clone.run('config/preflight.mjs', ['--verify'], ordinary);
    expect(status).toBe(0);
    expect(output).toMatch(
      /As an administrator: apt-get update && apt-get install -y --no-install-recommends iputils-ping chromium /,
    );
    for (const name of everything) expect(output).toMatch(new RegExp(`^ {2}${name}: .+`, 'm'));
    expect(clone.calls()).toEqual([]);
  });

  it('does not ask for a password: sudo that wants one counts as none', () => {
    clone.program('apt-get');
    clone.program('sudo', 'exit 1');
    expect(clone.run('config/preflight.mjs', [], ordinary).output).toMatch(/As an administrator: .* iputils-ping\n/);
    expect(clone.calls()).toEqual(['sudo -n true']);
  });

  it('installs through sudo when that needs no password', () => {
    clone.program('apt-get');
    clone.program('sudo');
    expect(clone.run('config/preflight.mjs', [], ordinary).status).toBe(0);
    expect(clone.calls()).toEqual([
      'sudo -n true',
      'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update -qq',
      'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iputils-ping',
    ]);
  });

  (isRoot ? it : it.skip)('installs as root what is missing, and only that', () => {
    for (const name of ['ping', 'chromium', 'baresip', 'sipp', 'kamailio', 'strace', 'tshark', 'ffmpeg']) clone.program(name);
    clone.program('apt-get', `: >'${join(clone.path, 'bin/promtool')}'`);
    const { status, output } = clone.run('config/preflight.mjs', ['--verify']);
    expect(status).toBe(0);
    const [update, install] = clone.calls();
    expect(update).toBe('apt-get update -qq');
    expect(install).toMatch(/^apt-get install -y --no-install-recommends (baresip-ffmpeg )?prometheus$/);
    expect(output).not.toMatch(/ {2}prometheus:/);
  });

  (isRoot ? it : it.skip)('goes on as root when apt-get fails or is not there', () => {
    expect(clone.run('config/preflight.mjs')).toMatchObject({
      status: 0,
      output: expect.stringContaining('Missing: iputils-ping'),
    });
    clone.program('apt-get', 'exit 100');
    const { status, output } = clone.run('config/preflight.mjs');
    expect(status).toBe(0);
    expect(output).toContain('apt-get did not manage');
    expect(output).toMatch(/^ {2}iputils-ping: ICMP probes /m);
  });
});

describe('config/prepare.mjs', () => {
  const INSTALL = 'npm ci --include=dev --no-audit --no-fund';
  const BUILD = ['npm run --silent build:server', 'npm run --silent build:web'];

  beforeEach(() => {
    clone.link('mkdir', 'rm');
    clone.program(
      'npm',
      'case "$*" in ci*) mkdir -p node_modules; : >node_modules/.package-lock.json;; *server) rm -rf dist; mkdir dist;; esac',
    );
  });

  it('installs and builds a bare clone, and then has nothing to do', () => {
    expect(clone.run('config/prepare.mjs').status).toBe(0);
    expect(clone.calls()).toEqual([INSTALL, ...BUILD]);
    expect(clone.run('config/prepare.mjs')).toMatchObject({ status: 0, output: '' });
    expect(clone.calls()).toEqual([]);
  });

  it('builds again when a byte of the sources changed, not when a spec or a time stamp did', () => {
    clone.run('config/prepare.mjs');
    clone.calls();
    clone.write('src/main.spec.ts', 'a test');
    utimesSync(join(clone.path, 'src/main.ts'), new Date(0), new Date(0));
    clone.run('config/prepare.mjs');
    expect(clone.calls()).toEqual([]);
    clone.write('src/main.ts', 'two');
    clone.run('config/prepare.mjs');
    expect(clone.calls()).toEqual(BUILD);
    clone.run('config/prepare.mjs', ['--build']);
    expect(clone.calls()).toEqual(BUILD);
  });

  it('installs and builds again when the lock is newer than what is installed', () => {
    clone.run('config/prepare.mjs');
    clone.calls();
    utimesSync(join(clone.path, 'node_modules/.package-lock.json'), new Date(0), new Date(0));
    clone.run('config/prepare.mjs');
    expect(clone.calls()).toEqual([INSTALL, ...BUILD]);
  });

  it('says what failed, and tries again the next time', () => {
    clone.program('npm', 'exit 3');
    expect(clone.run('config/prepare.mjs')).toMatchObject({ status: 1, output: expect.stringContaining(`${INSTALL} failed`) });
    expect(clone.calls()).toEqual([INSTALL]);
    clone.program(
      'npm',
      'case "$*" in *web) exit 1;; *server) mkdir -p dist;; ci*) mkdir -p node_modules; : >node_modules/.package-lock.json;; esac',
    );
    expect(clone.run('config/prepare.mjs')).toMatchObject({ status: 1, output: expect.stringContaining(`${BUILD[1]} failed`) });
    expect(existsSync(join(clone.path, 'dist/.built-from'))).toBe(false);
  });
});

describe('config/up.sh', () => {
  const running = (): string[] =>
    processes()
      .filter(({ command }) => command.includes(clone.path))
      .map(({ command }) => command);

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  beforeEach(() => {
    clone.link('dirname', 'setsid', 'sleep', 'mkdir');
    clone.program('ping');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('leaves no process when %s comes during the installation', async (signal) => {
    // npm with a child of its own that does not hear of the signal by itself
    clone.program('npm', `'${clone.path}/bin/install-script' & wait`);
    clone.program('install-script', 'sleep 300');
    const up = spawn('/bin/sh', [join(clone.path, 'config/up.sh')], { env: clone.env, stdio: 'ignore' });
    const gone = once(up, 'exit');
    await until(() => readFileSync(clone.log, 'utf8').includes('install-script'));
    expect(running().some((command) => command.includes('install-script'))).toBe(true);
    up.kill(signal);
    expect(await gone).toEqual([143, null]);
    expect(running()).toEqual([]);
  });

  it('stops when a step fails, with its exit code', async () => {
    clone.program('npm', 'exit 7');
    const up = spawn('/bin/sh', [join(clone.path, 'config/up.sh')], { env: clone.env, stdio: 'ignore' });
    expect(await once(up, 'exit')).toEqual([1, null]);
    expect(clone.calls()).toEqual(['npm ci --include=dev --no-audit --no-fund']);
  });

  it('becomes the daemon, so that the signal reaches it', async () => {
    clone.program(
      'npm',
      'mkdir -p node_modules dist; : >node_modules/.package-lock.json; echo "process.on(\'SIGTERM\', () => process.exit(42)); setInterval(() => {}, 1000); console.log(process.pid);" >dist/main.js',
    );
    const up = spawn('/bin/sh', [join(clone.path, 'config/up.sh')], { env: clone.env, stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(up, 'exit');
    let output = '';
    up.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(() => output.includes(`${up.pid}\n`));
    up.kill('SIGTERM');
    expect(await gone).toEqual([42, null]);
  });
});

describe('config/verify.mjs', () => {
  const jestReport = (...statuses: string[]): string =>
    JSON.stringify({
      testResults: [{ status: 'passed', assertionResults: statuses.map((status) => ({ status, fullName: `jest ${status}` })) }],
    });
  const browserReport = (...statuses: string[]): string =>
    JSON.stringify({
      errors: [],
      suites: [{ title: 'board', specs: statuses.map((status) => ({ title: status, tests: [{ status }] })) }],
    });

  /** Plays npm: leaves the two reports, and fails at what is named. */
  const npm = (reports: { jest?: string; browser?: string }, failing = 'nothing'): void => {
    if (reports.jest) clone.write('jest-report', reports.jest);
    if (reports.browser) clone.write('browser-report', reports.browser);
    clone.program(
      'npm',
      [
        'case "$*" in',
        '  ci*) mkdir -p node_modules; : >node_modules/.package-lock.json;;',
        '  *build:server) mkdir -p dist;;',
        '  test*) for last; do :; done; [ ! -f jest-report ] || cp jest-report "${last#--outputFile=}";;',
        '  *test:browser*) [ ! -f browser-report ] || cp browser-report "$PLAYWRIGHT_JSON_OUTPUT_FILE";;',
        'esac',
        `case "$*" in *${failing}*) exit 1;; esac`,
      ].join('\n'),
    );
  };
  const verify = (): { status: number | null; last: string; output: string } => {
    const { status, stdout, output } = clone.run('config/verify.mjs');
    return { status, output, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
  };
  const steps = (): string[] =>
    clone.calls().map((call) => /lint|typecheck|test:browser|build:server|test|ci/.exec(call)?.[0] ?? '');

  beforeEach(() => {
    clone.link('mkdir', 'cp', 'timeout');
    clone.program('chromium');
  });

  it('runs every check of a bare clone and ends with the sum of all test runs', () => {
    npm({ jest: jestReport('passed', 'passed', 'pending'), browser: browserReport('expected', 'skipped') });
    const { status, last, output } = verify();
    expect({ status, last }).toEqual({ status: 0, last: '3 passed, 0 failed, 2 skipped' });
    expect(output).toContain('skipped: jest pending\nskipped: board skipped\n');
    expect(steps()).toEqual(expect.arrayContaining(['ci', 'build:server', 'lint', 'typecheck', 'test', 'test:browser']));
  });

  it.each(['lint', 'typecheck'])('runs the tests although %s failed, and fails', (failing) => {
    npm({ jest: jestReport('passed'), browser: browserReport('expected') }, failing);
    expect(verify()).toMatchObject({ status: 1, last: '2 passed, 0 failed, 0 skipped' });
  });

  it('fails with a failed test, and when a run left no report', () => {
    npm({ jest: jestReport('failed'), browser: browserReport('expected') });
    expect(verify()).toMatchObject({ status: 1, last: '1 passed, 1 failed, 0 skipped' });
    rmSync(join(clone.path, 'browser-report'));
    npm({ jest: jestReport('passed') });
    expect(verify()).toMatchObject({ status: 1, last: '1 passed, 0 failed, 0 skipped' });
  });

  it('stops at a failed build', () => {
    npm({ jest: jestReport('passed') }, 'build:server');
    expect(verify()).toMatchObject({ status: 1, last: '0 passed, 0 failed, 0 skipped' });
    expect(steps()).toEqual(['ci', 'build:server']);
  });

  it('names every browser test as skipped without a browser', () => {
    rmSync(join(clone.path, 'bin/chromium'));
    npm({ jest: jestReport('passed'), browser: browserReport('expected', 'expected') });
    expect(verify()).toMatchObject({ status: 0, last: '1 passed, 0 failed, 2 skipped' });
    expect(clone.calls().at(-1)).toMatch(/test:browser -- --list --reporter=json$/);
  });
});
