import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../../src/probes/contract.js';

const PROBE = fileURLToPath(new URL('../../dist/cli/probe.js', import.meta.url));

/** What a test of the built command needs, in the words of a skipped title; undefined when it is there. */
export const missingBuild = (): string | undefined => (existsSync(PROBE) ? undefined : 'dist/cli/probe.js: npm run build:server');

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningProbe {
  /** resolves when a line of the trace holds this text */
  traced(text: string): Promise<void>;
  interrupt(): void;
  readonly ended: Promise<Run>;
}

/** `npm run -s probe -- ...` without npm, as a process of its own. */
export function startProbe(...args: string[]): RunningProbe {
  const child = spawn(process.execPath, [PROBE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]): Run => ({ code: code as number | null, stdout, stderr }));
  return {
    ended,
    interrupt: () => child.kill('SIGINT'),
    async traced(text) {
      while (!stderr.includes(text)) {
        const over = await Promise.race([once(child.stderr, 'data').then(() => false), ended.then(() => true)]);
        if (over && !stderr.includes(text)) throw new Error(`the probe ended without "${text}":\n${stderr}${stdout}`);
      }
    },
  };
}

export async function probe(...args: string[]): Promise<{ code: number | null; outcome: Outcome; stderr: string }> {
  const { code, stdout, stderr } = await startProbe(...args, '--json').ended;
  return { code, outcome: JSON.parse(stdout) as Outcome, stderr };
}
