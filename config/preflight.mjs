// Runs before `npm ci`, so: node built-ins only. Installs what a bare Debian lacks, or says what to type.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
const want = { ping: 'iputils-ping', fping: 'fping' };
if (process.argv.includes('--browser')) want.chromium = 'chromium';
const [maj, min] = process.versions.node.split('.').map(Number);
if (maj < 20 || (maj === 20 && min < 19)) {
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed (require(esm)).`);
  process.exit(1);
}
const has = (c) => (process.env.PATH ?? '').split(':').some((d) => existsSync(`${d}/${c}`));
const missing = Object.entries(want)
  .filter(([c]) => !has(c))
  .map(([, p]) => p);
if (!missing.length) process.exit(0);
const cmd = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
const root = process.getuid?.() === 0;
const sudo = !root && spawnSync('sudo', ['-n', 'true']).status === 0;
if (!has('apt-get') || (!root && !sudo)) {
  console.error(
    `Missing: ${missing.join(', ')}. As an administrator: ${cmd}\nGoing on without (ICMP probes are reported as "unavailable", browser tests are skipped).`,
  );
  process.exit(0);
}
const pre = sudo ? ['sudo', '-n'] : [];
const sh = (l) =>
  spawnSync([...pre, ...l].join(' '), {
    shell: true,
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status;
console.log(`installing ${missing.join(', ')}`);
if (sh(['apt-get', 'update', '-qq']) || sh([cmd])) console.error('apt-get did not manage; going on without.');
