// Keeps RESULTS.md: one section a benchmark, each with the commit, the day and the machine of its run.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure, goalText } from './report.mjs';

const FILE = join(import.meta.dirname, '../RESULTS.md');
const TITLE = `# Results

Each section is one run of \`npm run -s bench -- NAME --write\`. Compare the ratios: the machine is shared and noisy, and its load at
the start stands beside each run.
`;

const commit = () => {
  const git = (...args) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', '../../../src', '../../../test/bench', ':!../RESULTS.md')
    ? ' with changes'
    : '';
  return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
};

const line = ({ name, ours, unit, peer, peerName, ratio, goal, met }) =>
  `| ${name} | ${figure(ours)} ${unit} | ${peer === undefined ? '' : `${peerName} ${figure(peer)}`} | ${ratio === undefined ? '' : figure(ratio)} | ${
    goal ? `${goalText(goal)} ${met ? 'met' : '**not met**'}` : ''
  } |`;

function section({ bench, rows, notMeasured, machine }) {
  const where = `${machine.cores} x ${machine.cpu}, load ${machine.load.join(' ')}, Node ${machine.node}, Linux ${machine.kernel}`;
  return [
    `## ${bench}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${commit()}, ${where}`,
    '',
    '| figure | ours | peer | ratio | goal |',
    '|---|---|---|---|---|',
    ...rows.map(line),
    '',
    ...notMeasured.map((what) => `- not measured: ${what}`),
    ...(notMeasured.length ? [''] : []),
  ].join('\n');
}

/** Puts the section of this bench in the place of its former one. */
export function writeResults(result) {
  const [, ...former] = (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '').split(/^## /m);
  const sections = new Map(former.map((text) => [text.split('\n', 1)[0], `## ${text.trimEnd()}\n`]));
  sections.set(result.bench, section(result));
  const ordered = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  writeFileSync(FILE, `${[TITLE, ...ordered].join('\n').trimEnd()}\n`);
}
