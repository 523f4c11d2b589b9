// The built product as a person starts it without an inventory: with its lab, on a free port, in a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../../..');
const READY_WITHIN_MS = 120_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function startDaemon() {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'thong-suot-bench-'));
  const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  for (const name of ['INVENTORY', 'DATABASE_URL']) delete env[name];
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: ROOT, env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  const isReady = async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
  for (let waitedMs = 0; !(await isReady()); waitedMs += 250) {
    if (waitedMs > READY_WITHIN_MS || child.exitCode !== null) {
      await stop();
      throw new Error(`the daemon was not ready (exit code ${child.exitCode})`);
    }
    await sleep(250);
  }
  return { url, stop };
}
