// npm run -s bench -- NAME [--json] [--write]: one benchmark; exit 0 when it could measure, whatever it found.
// --write keeps the figures in RESULTS.md.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROBER_FLAGS } from '../../dist/prober/host/prober-flags.js';
import { machine, print } from './lib/report.mjs';
import { writeResults } from './lib/results-file.mjs';

const IN_THE_PROBER = new Set([
  ...[
    'icmp',
    'icmp-blackbox',
    'rtt-truth',
    'tcp',
    'sip-options',
    'media-floor',
    'sip-sweep',
    'h323-sweep',
    'sweep',
    'spool',
    'per',
  ],
]);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));
const flag = { type: 'boolean', default: false };
const { values, positionals } = parseArgs({ options: { json: flag, write: flag }, allowPositionals: true });
const [name] = positionals;
if (positionals.length !== 1 || !names.includes(name)) {
  console.error(`usage: npm run -s bench -- NAME [--json] [--write]\nNAME: ${names.join(', ')}`);
  process.exit(64);
}
// what runs in the prober is measured as the prober runs; its collector, in the thread it collects for, holds a core twice as long
if (IN_THE_PROBER.has(name) && PROBER_FLAGS.some((one) => !process.execArgv.includes(one))) {
  const { status } = spawnSync(process.execPath, [...PROBER_FLAGS, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
const { default: bench } = await import(`./${name}.bench.mjs`);
const before = machine();
const { rows, notMeasured } = await bench();
const result = { bench: name, met: rows.every(({ met }) => met), rows, notMeasured, machine: before };
if (values.write) writeResults(result);
if (values.json) console.log(JSON.stringify(result));
else print(result);
process.exit(0);
