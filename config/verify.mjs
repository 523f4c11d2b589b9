// Everything that must hold before a change is accepted, from a bare clone. Node built-ins only.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { addSummaries, allSkipped, summarizeJest, summarizePlaywright, summaryLine } from './test-summary.mjs';

const REPORTS = resolve('var/verify');
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

/** A step that hangs must fail and say so, long before whoever runs us gives up on all of it. */
const STEP_LIMIT_SECONDS = 45 * 60;
/** What coreutils' timeout ends with. */
const TIMED_OUT = 124;

const failedSteps = [];
const summaries = [];

step('packages of the system', ['node', 'config/preflight.mjs', '--verify']);
if (step('install and build', ['node', 'config/prepare.mjs'])) {
  step('lint and architecture', ['npm', 'run', '--silent', 'lint']);
  step('types', ['npm', 'run', '--silent', 'typecheck']);
  // a handle left open by a test that failed must not keep all the rest from being reported
  tests(
    'tests',
    ['npm', 'test', '--silent', '--', '--forceExit', '--json', `--outputFile=${REPORTS}/jest.json`],
    'jest.json',
    summarizeJest,
  );
  browserTests();
}
finish();

function browserTests() {
  const playwright = ['npm', 'run', '--silent', 'test:browser', '--'];
  if (existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) {
    tests('browser tests', [...playwright, '--reporter=list,json'], 'browser.json', summarizePlaywright);
  } else {
    tests('browser tests: no chromium', [...playwright, '--list', '--reporter=json'], 'browser.json', allSkipped);
  }
}

/** Runs a step; true when it succeeded. */
function step(name, command, env = {}) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const { status, error } = spawnSync('timeout', ['--kill-after=10', String(STEP_LIMIT_SECONDS), ...command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...homeIfNone(), ...env },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(
    `== ${name}: ${status === 0 ? 'done' : status === TIMED_OUT ? 'HUNG, ended' : 'FAILED'} after ${seconds} s${error ? `, ${error.message}` : ''}`,
  );
  if (status !== 0) failedSteps.push(name);
  return status === 0;
}

function tests(name, command, reportFile, summarize) {
  const path = `${REPORTS}/${reportFile}`;
  step(name, command, { PLAYWRIGHT_JSON_OUTPUT_FILE: path });
  if (existsSync(path)) summaries.push(summarize(JSON.parse(readFileSync(path, 'utf8'))));
  else failedSteps.push(`${name} (left no report)`);
}

/** Browsers and npm want a home they can write to; a service user may have none. */
function homeIfNone() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const home = resolve('var/home');
    mkdirSync(home, { recursive: true });
    return { HOME: home };
  }
}

function finish() {
  const sum = addSummaries(summaries);
  console.log();
  for (const name of sum.skipped) console.log(`skipped: ${name}`);
  for (const name of failedSteps) console.log(`failed: ${name}`);
  console.log(summaryLine(sum));
  process.exitCode = failedSteps.length > 0 || sum.failed > 0 ? 1 : 0;
}
