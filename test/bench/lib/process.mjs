// Runs a peer program and reads what it cost, from the kernel's own accounting of finished children.
import { spawn, spawnSync } from 'node:child_process';

export const installed = (program) => spawnSync('which', [program]).status === 0;

const childCpuSeconds = () => {
  // utime and stime of waited-for children, in clock ticks: coarse (10 ms), so that small runs are not judged by it
  const fields = process.getBuiltinModule('node:fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
};

export async function run(program, args, { input } = {}) {
  const cpuBefore = childCpuSeconds();
  const startedMs = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin.end(input);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, stdout, stderr, wallS: (performance.now() - startedMs) / 1000, cpuS: childCpuSeconds() - cpuBefore };
}
