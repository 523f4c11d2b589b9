// npm run -s bench -- NAME [--json]: one benchmark; exit 0 when it could measure, whatever it found.
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine, print } from './lib/report.mjs';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));
const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
const [name] = positionals;
if (positionals.length !== 1 || !names.includes(name)) {
  console.error(`usage: npm run -s bench -- NAME [--json]\nNAME: ${names.join(', ')}`);
  process.exit(64);
}
const { default: bench } = await import(`./${name}.bench.mjs`);
const before = machine();
const { rows, notMeasured } = await bench();
const result = { bench: name, met: rows.every(({ met }) => met), rows, notMeasured, machine: before };
if (values.json) console.log(JSON.stringify(result));
else print(result);
process.exit(0);
