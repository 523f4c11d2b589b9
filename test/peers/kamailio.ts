import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './baresip.js';
import { isUdpPortBound } from './sipp.js';

const READY_TIMEOUT_MS = 10_000;

export interface KamailioOptions {
  /** where it sends calls on to */
  peerPort: number;
  algorithm: 'MD5' | 'SHA-256';
  /** 401 as the device itself, or 407 as a proxy on the way */
  challenge: 'www' | 'proxy';
  password: string;
}

/** A Kamailio on 127.0.0.1 that asks every caller for digest credentials, and stays in the dialog as a loose router. */
export class Kamailio {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(options: KamailioOptions): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'thong-suot-kamailio-'));
    const port = await freePort();
    const config = join(folder, 'kamailio.cfg');
    await writeFile(config, configOf(port, options));
    const small = ['-m', '16', '-M', '4'];
    const child = spawn('kamailio', ['-f', config, '-DD', '-E', '-Y', folder, '-w', folder, ...small], { stdio: 'ignore' });
    const kamailio = new Kamailio(child, folder, port);
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await isUdpPortBound(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await kamailio.stop();
        throw new Error(`Kamailio did not start (exit code ${child.exitCode})`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return kamailio;
  }

  get uri(): string {
    return `sip:room@127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

const configOf = (port: number, { peerPort, algorithm, challenge, password }: KamailioOptions): string => `#!KAMAILIO
debug=0
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:${port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "auth.so"
modparam("auth", "algorithm", "${algorithm}")
request_route {
  if (has_totag()) {
    if (loose_route()) t_relay();
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  if (!pv_${challenge}_authenticate("room", "${password}", "0")) {
    ${challenge}_challenge("room", "1");
    exit;
  }
  consume_credentials();
  record_route();
  $ru = "sip:room@127.0.0.1:${peerPort}";
  t_relay();
}
`;
