// Brings node_modules and dist up to date, and does nothing when they are; `--build` builds anyway. Node built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const INSTALLED = 'node_modules/.package-lock.json';
const STAMP = 'dist/.built-from';
const SOURCES = ['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'nest-cli.json', 'config/tsconfig.build.json'];

const buildOnly = process.argv.includes('--build');
// npm writes its own lock into node_modules as its very last act
const installed = existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync('package-lock.json').mtimeMs;
if (!installed && !buildOnly) {
  console.log('Installing packages');
  npm('ci', '--include=dev', '--no-audit', '--no-fund');
}

// taken before the build: what changes meanwhile is built next time
const sources = fingerprint(SOURCES);
const built = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources;
if (buildOnly || !built || !installed) {
  console.log('Building');
  // empties dist, so a stamp stands only beside a build that came to its end
  npm('run', '--silent', 'build:server');
  npm('run', '--silent', 'build:web');
  writeFileSync(STAMP, sources);
}

/** Changes with any byte of what is built; the clock of a checkout does not matter. Specs are not built. */
function fingerprint(paths) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of paths.flatMap(filesUnder)) hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!statSync(path).isDirectory()) return /\.spec\.tsx?$|\/testing\//.test(path) ? [] : [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

function npm(...args) {
  const { status, error } = spawnSync('npm', args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...cacheIfHomeless() },
  });
  if (status === 0) return;
  console.error(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

/** npm keeps its cache at home; a service user may have none it can write to. */
function cacheIfHomeless() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: resolve('var/npm-cache') };
  }
}
