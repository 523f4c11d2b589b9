import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeUdpPort } from './baresip.js';

const READY_TIMEOUT_MS = 10_000;

/** A SIPp that plays one scenario as server on 127.0.0.1, over UDP. */
export class Sipp {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** @param scenario path of the XML file */
  static async start(scenario: string): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'thong-suot-sipp-'));
    const port = await freeUdpPort();
    const child = spawn('sipp', ['-sf', scenario, '-i', '127.0.0.1', '-p', String(port), '-nostdin'], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, TERM: process.env.TERM ?? 'dumb' },
    });
    const sipp = new Sipp(child, folder, port);
    await sipp.untilBound();
    return sipp;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** SIPp says nothing when it is ready: its port is taken then. */
  private async untilBound(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (await isFree(this.port)) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        await this.stop();
        throw new Error(`SIPp did not start (exit code ${this.process.exitCode})`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
