import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Written down a second time on purpose: a folder that slips out of the gate's own list must be noticed. */
const FOLDERS = (
  'common config protocols net media probes prober database inventory results health incidents sessions notices live metrics reports ' +
  'access lab web app cli'
).split(' ');
const ORDERED = FOLDERS.filter((folder) => folder !== 'lab' && folder !== 'web');

const root = process.cwd();

/** A project of its own beside this one: same configuration, same packages, files as given. */
function makeTree(files: Record<string, string>, copySources: boolean): string {
  const tree = mkdtempSync(join(tmpdir(), 'gates-'));
  for (const path of ['config', 'package.json', 'tsconfig.json']) cpSync(join(root, path), join(tree, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  if (copySources) cpSync(join(root, 'src'), join(tree, 'src'), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  return tree;
}

function runJson(tree: string, bin: string, args: string[]): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', bin), ...args], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${bin} gave no JSON: ${stdout.slice(0, 500)} ${stderr.slice(0, 2000)}`);
  }
}

describe('the architecture gate', () => {
  const target = (folder: string): string => `src/${folder}/planted-target.ts`;
  const take = (from: string, to: string, keyword = 'import'): string =>
    `${keyword} { planted as from${from.replaceAll(/\W/g, '')} } from '${to}';\n`;
  const importing = (folders: string[]): string => folders.map((name) => take(name, `../${name}/planted-target.js`)).join('');

  /** file -> its content, and the rules that must catch it; none: it is allowed */
  const plants: Record<string, { content: string; rules: string[] }> = {};
  for (const folder of FOLDERS) plants[target(folder)] = { content: 'export const planted = 1;\n', rules: [] };
  for (const [index, folder] of FOLDERS.entries()) {
    if (!ORDERED.includes(folder)) continue;
    plants[`src/${folder}/planted-upwards.ts`] = {
      content: importing(FOLDERS.slice(0, index).filter((name) => ORDERED.includes(name) && name !== 'app')),
      rules: [],
    };
  }
  Object.assign(plants, {
    'src/common/planted-a.ts': { content: take('b', './planted-b.js') + 'export const planted = 1;\n', rules: ['no-circular'] },
    // the other half of the same circle, which is reported once
    'src/common/planted-b.ts': { content: take('a', './planted-a.js') + 'export const planted = 1;\n', rules: [] },
    'src/net/planted-nowhere.ts': { content: take('x', './planted-missing.js'), rules: ['resolvable'] },
    'src/health/planted-main.ts': { content: "import '../main.js';\n", rules: ['order-health'] },
    'src/probes/planted-types.ts': {
      content: take('app', '../health/planted-target.js', 'import type'),
      rules: ['order-probes'],
    },
    'src/protocols/planted-package.ts': { content: "import 'pino';\n", rules: ['protocols-need-no-package'] },
    'src/protocols/planted-pure.ts': {
      content: "import { createHash } from 'node:crypto';\nexport { createHash };\n",
      rules: [],
    },
    'src/common/planted-nest.ts': { content: "import '@nestjs/common';\n", rules: ['common-does-no-io'] },
    'src/common/planted-io.ts': { content: "import 'node:fs';\n", rules: ['common-does-no-io'] },
    'src/probes/planted-storage.ts': { content: "import 'pg';\n", rules: ['probes-know-no-storage'] },
    'src/media/planted-storage.ts': {
      content: take('r', '../results/planted-target.js'),
      rules: ['order-media', 'probes-know-no-storage'],
    },
    'src/lab/planted-judgement.ts': { content: take('p', '../probes/planted-target.js'), rules: ['lab-imports-little'] },
    'src/lab/planted-settings.ts': { content: take('c', '../config/planted-target.js'), rules: ['lab-imports-little'] },
    'src/lab/planted-codecs.ts': { content: importing(['common', 'protocols', 'net']), rules: [] },
    'src/cli/planted-lab.ts': { content: take('l', '../lab/planted-target.js'), rules: ['nobody-imports-lab'] },
    'src/web/planted-common.ts': { content: take('c', '../common/planted-target.js'), rules: ['web-stands-alone'] },
    'src/common/operator-words.ts': { content: 'export const planted = 1;\n', rules: [] },
    'src/web/planted-words.ts': { content: take('w', '../common/operator-words.js'), rules: [] },
    'src/web/planted-live.ts': { content: take('l', '../live/planted-target.js'), rules: ['web-stands-alone'] },
    'src/web/planted-feed-code.ts': {
      content: "import { LIVE_NAMESPACE } from '../live/feed-events.js';\nexport { LIVE_NAMESPACE };\n",
      rules: ['web-takes-only-types'],
    },
    'src/web/planted-view-code.ts': {
      content: "import { summaryOf } from '../sessions/readiness-view.js';\nexport { summaryOf };\n",
      rules: ['web-takes-only-types'],
    },
    'src/web/planted-feed-types.ts': {
      content: "import type { Delta } from '../live/feed-events.js';\nexport type Planted = Delta;\n",
      rules: [],
    },
    'src/web/planted-feed-inline.ts': {
      content: "import { type Delta } from '../live/feed-events.js';\nexport type Planted = Delta;\n",
      rules: [],
    },
    'src/app/planted-web.ts': { content: take('w', '../web/planted-target.js'), rules: ['nobody-imports-web'] },
    'src/cli/planted-app.ts': { content: take('a', '../app/planted-target.js'), rules: ['nobody-imports-app'] },
    'src/planted-entry.ts': { content: take('a', './app/planted-target.js'), rules: ['nobody-imports-app'] },
    'src/prober/planted-time.ts': {
      content: "import '../common/manual-scheduler.js';\n",
      rules: ['manual-time-only-in-tests'],
    },
    'src/prober/planted-time.spec.ts': { content: "import '../common/manual-scheduler.js';\n", rules: [] },
    'src/net/testing/planted-wire.ts': { content: "import '../../common/manual-scheduler.js';\n", rules: [] },
    'src/net/planted-helper.ts': { content: "import './testing/planted-wire.js';\n", rules: ['test-helpers-only-in-tests'] },
    'src/net/planted-helper.spec.ts': { content: "import './testing/planted-wire.js';\n", rules: [] },
    'src/app/planted-dev.ts': { content: "import 'fast-check';\n", rules: ['no-development-packages'] },
    'src/app/planted-dev.spec.ts': { content: "import 'fast-check';\n", rules: [] },
  });
  for (const module of ['net', 'dgram', 'tls', 'http', 'fs', 'dns', 'child_process', 'timers', 'worker_threads', 'fs/promises']) {
    plants[`src/protocols/planted-${module.replace('/', '-')}.ts`] = {
      content: `import 'node:${module}';\n`,
      rules: ['protocols-do-no-io'],
    };
  }

  let tree: string;
  let violations: { from: string; to: string; rule: string }[];

  beforeAll(() => {
    const files = Object.fromEntries(Object.entries(plants).map(([path, { content }]) => [path, content]));
    for (const [index, folder] of FOLDERS.entries()) {
      if (ORDERED.includes(folder)) files[`src/${folder}/planted-downwards.ts`] = importing(FOLDERS.slice(index + 1));
    }
    tree = makeTree(files, true);
    const report = runJson(tree, 'dependency-cruiser/bin/dependency-cruise.mjs', [
      'src',
      '--config',
      'config/dependency-cruiser.cjs',
      '--output-type',
      'json',
    ]) as { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };
    violations = report.summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name }));
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  it('passes what is really there', () => {
    expect(violations.filter(({ from }) => !from.includes('planted-'))).toEqual([]);
  });

  it.each(ORDERED)('lets %s/ import nothing from below it', (folder) => {
    const below = FOLDERS.slice(FOLDERS.indexOf(folder) + 1);
    const caught = violations.filter(
      ({ from, rule }) => from === `src/${folder}/planted-downwards.ts` && rule === `order-${folder}`,
    );
    expect(caught.map(({ to }) => to).sort()).toEqual(below.map(target).sort());
  });

  it.each(Object.entries(plants).filter(([, { rules }]) => rules.length > 0))('catches %s', (path, { rules }) => {
    const caught = violations.filter(({ from }) => from === path);
    expect([...new Set(caught.map(({ rule }) => rule))].sort()).toEqual([...rules].sort());
  });

  it('passes every planted import that is allowed', () => {
    const allowed = new Set(Object.keys(plants).filter((path) => plants[path]!.rules.length === 0));
    expect(violations.filter(({ from }) => allowed.has(from))).toEqual([]);
  });
});

describe('the lint gate', () => {
  const pure = (code: string): string => `export const planted = (): unknown => ${code};\n`;
  const protocols = (name: string, code: string): [string, { content: string; rule: string }] => [
    `src/protocols/planted-${name}.ts`,
    { content: pure(code), rule: 'no-restricted-globals' },
  ];
  const work = 'const work = (): Promise<void> => Promise.resolve();\n';

  const plants: Record<string, { content: string; rule: string | null }> = {
    ...Object.fromEntries([
      protocols('date', 'Date.now()'),
      protocols('new-date', 'new Date()'),
      protocols('timeout', 'setTimeout(() => {}, 1)'),
      protocols('interval', 'setInterval(() => {}, 1)'),
      protocols('immediate', 'setImmediate(() => {})'),
      protocols('performance', 'performance.now()'),
      protocols('process', 'process.pid'),
      protocols('log', 'console'),
    ]),
    'src/protocols/planted-random.ts': { content: pure('Math.random()'), rule: 'no-restricted-properties' },
    'src/health/planted-environment.ts': { content: pure('process.env.PORT'), rule: 'no-restricted-properties' },
    'src/config/planted-environment.ts': { content: pure('process.env.PORT'), rule: null },
    'src/main.ts': { content: pure('process.env'), rule: null },
    'src/app/planted-float.ts': {
      content: `${work}export function run(): void {\n  work();\n}\n`,
      rule: '@typescript-eslint/no-floating-promises',
    },
    'src/app/planted-awaited.ts': {
      content: `${work}export async function run(): Promise<void> {\n  await work();\n}\n`,
      rule: null,
    },
    'src/app/planted-promise-handler.ts': {
      content: `${work}export const listen = (on: (run: () => void) => void): void => on(async () => work());\n`,
      rule: '@typescript-eslint/no-misused-promises',
    },
    'src/app/planted-switch.ts': {
      content:
        "export function name(word: 'a' | 'b'): number {\n  switch (word) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
      rule: '@typescript-eslint/switch-exhaustiveness-check',
    },
    'src/app/planted-type.ts': { content: 'export interface Planted {\n  n: number;\n}\n', rule: null },
    'src/app/planted-type-import.ts': {
      content: "import { Planted } from './planted-type.js';\nexport const of = (it: Planted): number => it.n;\n",
      rule: '@typescript-eslint/consistent-type-imports',
    },
    'src/app/planted-any.ts': {
      content: 'export const length = (it: any[]): number => it.length;\n',
      rule: '@typescript-eslint/no-explicit-any',
    },
    'src/app/planted-console.ts': { content: "console.log('planted');\n", rule: 'no-console' },
    'src/app/planted-idle.ts': {
      content: '// eslint-disable-next-line no-console -- nothing to excuse\nexport const planted = 1;\n',
      rule: 'null',
    },
    'dist/planted.js': { content: 'nothing here is (looked at', rule: null },
    'var/planted.js': { content: 'nothing here is (looked at', rule: null },
    'test-results/planted.js': { content: 'nothing here is (looked at', rule: null },
  };

  let tree: string;
  const found = new Map<string, string[]>();

  beforeAll(() => {
    tree = makeTree(Object.fromEntries(Object.entries(plants).map(([path, { content }]) => [path, content])), false);
    mkdirSync(join(tree, 'src/web'), { recursive: true });
    cpSync(join(root, 'src/web/tsconfig.json'), join(tree, 'src/web/tsconfig.json'));
    writeFileSync(join(tree, 'src/web/planted.ts'), 'export const planted = 1;\n');
    const report = runJson(tree, 'eslint/bin/eslint.js', ['-c', 'config/eslint.config.mjs', '-f', 'json', '.']) as {
      filePath: string;
      messages: { ruleId: string | null }[];
    }[];
    for (const { filePath, messages } of report) {
      found.set(
        filePath.slice(filePath.indexOf(tree) + tree.length + 1),
        messages.map(({ ruleId }) => String(ruleId)),
      );
    }
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  it.each(Object.entries(plants).filter(([, { rule }]) => rule !== null))('catches %s', (path, { rule }) => {
    expect(found.get(path)).toEqual([rule]);
  });

  it('passes everything else, and does not look at what was built or produced', () => {
    const clean = [...found].filter(([path]) => (plants[path]?.rule ?? null) === null);
    expect(clean.filter(([, rules]) => rules.length > 0)).toEqual([]);
    expect(clean.map(([path]) => path)).toContain('src/app/planted-awaited.ts');
    expect([...found.keys()].filter((path) => /^(dist|var|test-results)\//.test(path))).toEqual([]);
  });
});
