// What every benchmark prints: rows of ours against a peer measured in the same run, as medians and ratios.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const percentile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};

/** @param goal {most?: number, least?: number} on the ratio when there is a peer, else on the figure itself */
export function row({ name, ours, unit, peer, peerName, goal }) {
  const ratio = peer === undefined ? undefined : ours / peer;
  const judged = ratio ?? ours;
  const met = !goal || ((goal.most === undefined || judged <= goal.most) && (goal.least === undefined || judged >= goal.least));
  return { name, ours, unit, ...(peer === undefined ? {} : { peer, peerName, ratio }), ...(goal ? { goal } : {}), met };
}

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  load: loadavg().map((value) => Number(value.toFixed(2))),
  node: process.version,
  kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
});

export const figure = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
export const goalText = ({ most, least }) => (most === undefined ? `>= ${least}` : `<= ${most}`);

export function print({ bench, rows, notMeasured, machine: on }) {
  console.log(`\n${bench}  (${on.cores} x ${on.cpu}, load ${on.load.join(' ')}, Node ${on.node}, Linux ${on.kernel})`);
  for (const one of rows) {
    const against = one.ratio === undefined ? '' : `  ${one.peerName} ${figure(one.peer)}  ratio ${figure(one.ratio)}`;
    const goal = one.goal ? `  goal ${goalText(one.goal)} ${one.met ? 'met' : 'NOT MET'}` : '';
    console.log(`  ${one.name.padEnd(46)} ${figure(one.ours)} ${one.unit}${against}${goal}`);
  }
  for (const what of notMeasured) console.log(`  not measured: ${what}`);
}
