// prometheus-blackbox-exporter as a peer: one HTTP request a probe is its way of working.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inFlight } from './loopback.mjs';
import { installed } from './process.mjs';

const PROGRAM = 'prometheus-blackbox-exporter';
const CONFIG = `modules:
  tcp: { prober: tcp, timeout: 2s }
  icmp: { prober: icmp, timeout: 2s, icmp: { preferred_ip_protocol: ip4 } }
`;
/** its best: with 200 in flight it is slower and invents loss */
const IN_FLIGHT = 20;
const TICKS_PER_S = 100;

export const blackboxInstalled = () => installed(PROGRAM);

export async function startBlackbox() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const config = join(folder, 'blackbox.yml');
  writeFileSync(config, CONFIG);
  const port = await freePort();
  const child = spawn(PROGRAM, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    stdio: 'ignore',
  });
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const fetchText = (path) => requestText({ host: '127.0.0.1', port, path, agent });
  while ((await fetchText('/-/healthy').catch(() => undefined)) === undefined) await new Promise((go) => setTimeout(go, 50));

  return {
    /** @returns wall and CPU time of the exporter alone, and how many probes failed */
    async probe(module, targets) {
      let failed = 0;
      const cpuBefore = cpuSeconds(child.pid);
      const startedMs = performance.now();
      await inFlight(targets, IN_FLIGHT, async (target) => {
        const text = await fetchText(`/probe?module=${module}&target=${target}`);
        if (!text.includes('\nprobe_success 1')) failed++;
      });
      return { wallS: (performance.now() - startedMs) / 1000, cpuS: cpuSeconds(child.pid) - cpuBefore, failed };
    },
    async stop() {
      agent.destroy();
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

function requestText(options) {
  return new Promise((resolve, reject) => {
    get(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.once('end', () => resolve(text));
    }).once('error', reject);
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}
