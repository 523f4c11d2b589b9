import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { processes } from '../fixtures/processes.js';

const LAB = fileURLToPath(new URL('../../dist/lab/main.js', import.meta.url));
/** no other test uses this address */
const ADDRESS = '127.43.0.1';

const accepts = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: ADDRESS, port: 5060 }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

describe('the lab as a process of its own', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lab-'));
  const inventory = join(dir, 'inventory.csv');
  const faults = join(dir, 'faults.yml');
  const args = ['--inventory', inventory, '--faults', faults];

  beforeAll(() => {
    writeFileSync(inventory, `site_code,address\nroom,${ADDRESS}\n`);
    writeFileSync(faults, 'faults: [{ on: { codes: [room, nobody] }, is: [{ fault: busy }] }]\n');
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  const isReady = async (lab: ChildProcess): Promise<string> => {
    const [message] = (await once(lab, 'message')) as [unknown];
    const [line] = (await once(lab.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return `${String(message)}: ${line.toString()}`;
  };

  test.each([
    ['SIGTERM', (lab: ChildProcess) => void lab.kill('SIGTERM')],
    ['the end of its IPC channel', (lab: ChildProcess) => lab.disconnect()],
  ])('is ready by message and line, and ends cleanly on %s', async (_name, end) => {
    const lab = fork(LAB, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    expect(await isReady(lab)).toBe('ready: lab ready: 1 endpoints, 1 with faults\n');
    expect(await accepts()).toBe(true);
    const gone = once(lab, 'exit');
    end(lab);
    expect(await gone).toEqual([0, null]);
    expect(await accepts()).toBe(false);
  });

  test('does not outlive a parent that dies without a word', async () => {
    const parent = spawn('sh', ['-c', '"$0" "$@" & echo $!; wait', process.execPath, LAB, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    for await (const chunk of parent.stdout as AsyncIterable<Buffer>) {
      output += chunk.toString();
      if (output.includes('lab ready')) break;
    }
    const pid = Number(output.split('\n')[0]);
    const runs = (): boolean => processes().some((entry) => entry.pid === pid);
    expect(runs()).toBe(true);
    parent.kill('SIGKILL');
    while (runs()) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await accepts()).toBe(false);
  });

  test.each([
    [['--sites', '0'], '--sites: found "0", allowed: 1 to 10000\n'],
    [['--sites', '2', '--inventory', 'x.csv'], '--sites or --inventory, not both\n'],
    [['--inventory', 'nowhere.csv'], 'nowhere.csv: ENOENT'],
    [['--walls', '4'], "Unknown option '--walls'"],
  ])('%j is a usage error', async (wrong, message) => {
    const lab = spawn(process.execPath, [LAB, ...wrong], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [code]] = await Promise.all([text(lab.stderr), once(lab, 'exit') as Promise<[number]>]);
    expect([code, said.startsWith(message)]).toEqual([64, true]);
  });
});
