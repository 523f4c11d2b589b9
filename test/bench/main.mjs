// npm run -s bench -- NAME [--json] [--write]: one benchmark; exit 0 when it could measure, whatever it found.
// --write keeps the figures in RESULTS.md.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROBER_FLAGS } from '../../dist/prober/host/prober-flags.js';
import { machine, print } from './lib/report.mjs';
import { writeResults } from './lib/results-file.mjs';

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
// what is measured here runs in the prober: as that does
if (PROBER_FLAGS.some((one) => !process.execArgv.includes(one))) {
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
