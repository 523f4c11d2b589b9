import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './baresip.js';
import { readMessageLog, type LoggedMessage } from './sipp-log.js';

const READY_TIMEOUT_MS = 10_000;

export interface SippOptions {
  address?: string;
  /** plays the scenario once, ends then, and keeps every message it sent or received */
  once?: boolean;
  /** more arguments, as SIPp has them */
  args?: string[];
  /** what its scenario names, put beside it */
  files?: Record<string, Uint8Array>;
}

export interface SippEnd {
  /** 0: the scenario was played to its end */
  code: number | null;
  /** what SIPp found wrong */
  errors: string;
  messages: LoggedMessage[];
}

/** A SIPp that plays one scenario as server, over UDP. */
export class Sipp {
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly address: string,
    readonly port: number,
  ) {
    this.exited = once(process, 'exit');
  }

  /** @param xml the text of a scenario */
  static async start(xml: string, options: SippOptions = {}): Promise<Sipp> {
    const address = options.address ?? '127.0.0.1';
    const folder = await mkdtemp(join(tmpdir(), 'thong-suot-sipp-'));
    const files = Object.entries({ ...options.files, 'scenario.xml': xml });
    await Promise.all(files.map(([name, content]) => writeFile(join(folder, name), content)));
    const port = await freePort();
    const traced = ['-trace_msg', '-message_file', 'messages.log', '-trace_err', '-error_file', 'errors.log'];
    const single = options.once ? ['-m', '1', '-timeout', '30s', '-timeout_error', '-watchdog_interval', '0', ...traced] : [];
    const child = spawn(
      'sipp',
      ['-sf', 'scenario.xml', '-i', address, '-p', String(port), '-nostdin', ...single, ...(options.args ?? [])],
      { cwd: folder, stdio: 'ignore', env: { ...process.env, TERM: process.env.TERM ?? 'dumb' } },
    );
    const sipp = new Sipp(child, folder, address, port);
    await sipp.untilBound();
    return sipp;
  }

  get uri(): string {
    return `sip:room@${isIPv6(this.address) ? `[${this.address}]` : this.address}:${this.port}`;
  }

  /** Waits until a scenario that is played once is over. */
  async ended(): Promise<SippEnd> {
    await this.exited;
    const read = (file: string): Promise<string> => readFile(join(this.folder, file), 'utf8').catch(() => '');
    const end = {
      code: this.process.exitCode,
      errors: await read('errors.log'),
      messages: readMessageLog(await read('messages.log')),
    };
    await rm(this.folder, { recursive: true, force: true });
    return end;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    await this.exited;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** SIPp says nothing when it is ready: its port is taken then. */
  private async untilBound(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await isUdpPortBound(this.port))) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        const { code, errors } = { code: this.process.exitCode, errors: await this.ownWords() };
        await this.stop();
        throw new Error(`SIPp did not start (exit code ${code}): ${errors}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private ownWords(): Promise<string> {
    return readFile(join(this.folder, 'errors.log'), 'utf8').catch(() => 'it wrote no errors');
  }
}

/** Read from the kernel: to try the port would be to take it from under SIPp. */
export async function isUdpPortBound(port: number): Promise<boolean> {
  const local = new RegExp(`^\\s*\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, '0')} `, 'm');
  const tables = await Promise.all(['/proc/net/udp', '/proc/net/udp6'].map((file) => readFile(file, 'utf8').catch(() => '')));
  return tables.some((table) => local.test(table));
}
