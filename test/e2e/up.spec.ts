import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processes, processTree } from '../fixtures/processes.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** the promise of the README: this long after the signal nothing of ours is left */
const GONE_WITHIN_MS = 5_000;

describe('npm run up', () => {
  it.each([
    ['SIGTERM to npm', (pid: number) => process.kill(pid, 'SIGTERM')],
    // the terminal sends it to the whole foreground group
    ['Ctrl-C in a terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])(
    '%s stops database, core, prober and lab and leaves no process',
    async (_title, signal) => {
      const dir = mkdtempSync(join(tmpdir(), 'up-'));
      const npm = spawn('npm', ['run', 'up'], {
        cwd: ROOT,
        detached: true,
        env: { ...process.env, PORT: '0', DATA_DIR: join(dir, 'data') },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      try {
        await announced(npm.stdout, npm.stderr);
        const tree = processTree(npm.pid as number);
        for (const part of [/core/, /prober/, /lab/, /postgres/])
          expect(tree.map(({ command }) => command).join('\n')).toMatch(part);
        signal(npm.pid as number);
        await new Promise((resolve) => setTimeout(resolve, GONE_WITHIN_MS));
        const left = new Set(processes().map(({ pid }) => pid));
        expect(tree.filter(({ pid }) => left.has(pid))).toEqual([]);
      } finally {
        for (const { pid } of processTree(npm.pid as number)) process.kill(pid, 'SIGKILL');
        rmSync(dir, { recursive: true, force: true });
      }
    },
    300_000,
  );
});

/** Waits until the daemon prints its address and probes are under way. */
async function announced(...streams: NodeJS.ReadableStream[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let seen = '';
    for (const stream of streams) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        seen += text;
        if (/Thông Suốt: http:\/\/\S+/.test(seen)) resolve();
      });
      stream.on('end', () => reject(new Error(`npm run up ended early:\n${seen.slice(-3_000)}`)));
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
}
