// Installs the Debian packages that are missing, or says what to type and what will not work without them.
// Runs before `npm ci`, so: Node built-ins only. `--verify` also wants what the tests call.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const OLDEST_NODE = [20, 19];

const inPath = (program) =>
  (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(`${folder}/${program}`));

/** What is looked for, the package that brings it, and what is lost without it. */
const FOR_UP = [
  {
    package: 'iputils-ping',
    isThere: () => inPath('ping'),
    without:
      'ICMP probes have nothing to fall back on and say "unavailable-here" where the kernel keeps its ICMP sockets from this user',
  },
];
const FOR_VERIFY = [
  {
    package: 'chromium',
    isThere: () => existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'),
    without: 'browser tests are skipped',
  },
  { package: 'baresip-core', isThere: () => inPath('baresip'), without: 'tests against real endpoints are skipped' },
  {
    package: 'baresip-ffmpeg',
    isThere: () => inPath('baresip') && existsSync('/usr/lib/baresip/modules/avcodec.so'),
    without: 'tests against real endpoints with video are skipped',
  },
  {
    package: 'sip-tester',
    isThere: () => inPath('sipp'),
    without: 'tests against misbehaving endpoints and of OPTIONS under load are skipped',
  },
  {
    package: 'kamailio',
    isThere: () => inPath('kamailio'),
    without: 'tests of digest credentials through a real proxy are skipped',
  },
  {
    package: 'strace',
    isThere: () => inPath('strace'),
    without: 'the test of the spool on a disk that reports errors is skipped',
  },
  { package: 'tshark', isThere: () => inPath('tshark'), without: 'the check of our H.323 messages by tshark is skipped' },
  { package: 'prometheus', isThere: () => inPath('promtool'), without: 'the check of /metrics by promtool is skipped' },
  { package: 'ffmpeg', isThere: () => inPath('ffmpeg'), without: 'tests that feed a real camera picture are skipped' },
];

const found = process.versions.node.split('.').map(Number);
if (found[0] < OLDEST_NODE[0] || (found[0] === OLDEST_NODE[0] && found[1] < OLDEST_NODE[1])) {
  console.error(`Node ${process.versions.node} is too old: ${OLDEST_NODE.join('.')} or newer is needed.`);
  process.exit(1);
}

const wanted = process.argv.includes('--verify') ? [...FOR_UP, ...FOR_VERIFY] : FOR_UP;
const missing = () => wanted.filter((item) => !item.isThere());

const toInstall = missing().map((item) => item.package);
if (toInstall.length > 0) {
  install(toInstall);
  const left = missing();
  if (left.length > 0) {
    console.error('Going on without:');
    for (const item of left) console.error(`  ${item.package}: ${item.without}`);
  }
}

function install(packages) {
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const prefix = privilege();
  if (prefix === null || !inPath('apt-get')) {
    console.error(`Missing: ${packages.join(', ')}. As an administrator: apt-get update && ${command.join(' ')}`);
    return;
  }
  console.log(`Installing ${packages.join(', ')}`);
  const failed = [['apt-get', 'update', '-qq'], command].some((step) => run([...prefix, ...step]) !== 0);
  if (failed) console.error(`apt-get did not manage. As an administrator: apt-get update && ${command.join(' ')}`);
}

/** What to put before a command so that it runs as root; null when this user may not. */
function privilege() {
  if (process.getuid?.() === 0) return [];
  return run(['sudo', '-n', 'true'], 'ignore') === 0 ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : null;
}

function run([program, ...args], output = 'inherit') {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', output, output], env }).status;
}
