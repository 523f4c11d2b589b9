import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultInput } from '../../src/lab/faults/fault.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { Outcome } from '../../src/probes/contract.js';
import { PROBER_TITLE } from '../../src/prober/process-identity.js';
import { Daemon } from '../fixtures/daemon.js';
import { isAlive, until } from '../fixtures/prober-processes.js';
import { processTree } from '../fixtures/processes.js';

/** Both stacks, and every way in which H.245 is carried. */
const DEVICES: Omit<Extract<FaultInput, { fault: 'h323-device' }>, 'fault'>[] = [
  { stack: 'h323plus', control: 'tunnel' },
  { stack: 'ooh323c', control: 'tunnel' },
  { stack: 'h323plus', control: 'connect-address' },
  { stack: 'ooh323c', control: 'early-address' },
];
const ROOMS = DEVICES.map((_, index) => `room-${index}`);
/** rings when it is called for the last test, and takes no connection before */
const RINGER = 'ringer';
const addressOf = (code: string): string => `127.52.0.${[...ROOMS, RINGER].indexOf(code) + 1}`;
/** Calls begin together with each prober, stand for as long as can be, and are not repeated. */
const SETTINGS = { prober: { firstRoundSeconds: 1 }, probes: { 'h323-call': { options: { holdS: 12, ringS: 60 } } } };
const ALL_WAYS = 4;
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };

describe('whoever calls over H.323 is stopped in mid-call', () => {
  let folder: string;
  let lab: Lab;
  let daemon: Daemon;

  const endsOf = (): unknown[] => ROOMS.map((code) => lab.find(code)?.h323.lastEnd);
  const allEnded = (by: 'caller' | 'connection', endSession: boolean) => ROOMS.map(() => ({ by, endSession }));
  const allStand = (): boolean => ROOMS.every((code) => lab.find(code)?.h323.openChannels === ALL_WAYS);
  const noneStands = (): boolean => lab.endpoints.every(({ inCall }) => !inCall);
  const standing = (): Promise<void> => daemon.until('calls that stand', () => Promise.resolve(allStand()));
  const prober = (): number | undefined =>
    processTree(daemon.process.pid as number).find(({ command }) => command.startsWith(PROBER_TITLE))?.pid;
  const call = (code: string) =>
    daemon.json(`/api/v1/endpoints/${code}-1/checks`, { method: 'POST', body: { probes: ['h323-call'] } });
  const signal = async (name: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const pid = prober() as number;
    process.kill(pid, name);
    await until(() => !isAlive(pid));
  };

  beforeAll(async () => {
    const identity = (code: string) => ({ code, name: code, tier: 'commune', area: '', carrier: '', address: addressOf(code) });
    lab = await startLab({ endpoints: [...ROOMS, RINGER].map(identity) });
    for (const [index, device] of DEVICES.entries()) await lab.setFault(`room-${index}`, { fault: 'h323-device', ...device });
    await lab.setFault(RINGER, { fault: 'h323-closed' });
    folder = mkdtempSync(join(tmpdir(), 'h323-stop-'));
    chmodSync(folder, 0o755);
    const rows = [...ROOMS, RINGER].map((code) => `${code},${code},commune,${addressOf(code)},yes`);
    writeFileSync(join(folder, 'sites.csv'), ['site_code,site_name,tier,address,h323', ...rows, ''].join('\n'));
    // JSON is YAML
    writeFileSync(join(folder, 'monitor.yml'), JSON.stringify(SETTINGS));
    daemon = await Daemon.start({ INVENTORY: join(folder, 'sites.csv'), CONFIG: join(folder, 'monitor.yml') });
  });
  afterAll(async () => {
    await daemon?.stop();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a prober killed (SIGKILL): the kernel closes what it had open, no call stands, and its successor calls them all', async () => {
    await standing();
    await signal('SIGKILL');
    await until(noneStands);
    expect(endsOf()).toEqual(allEnded('connection', false));
    await standing();
    const outcomeOf = async (code: string): Promise<Outcome | undefined> =>
      ((await daemon.json(`/api/v1/endpoints/${code}-1/results?probe=h323-call`)) as { items: Outcome[] }).items.at(-1);
    for (const code of ROOMS) {
      await daemon.until('its outcome', async () => (await outcomeOf(code)) !== undefined);
      // a machine too busy to blame anybody shows the signals all the same
      expect((await outcomeOf(code))?.signals).toEqual(FLOWING);
    }
    expect(endsOf()).toEqual(allEnded('caller', true));
  });

  it('a prober told to end (SIGTERM): endSession and RELEASE COMPLETE to each before it is gone', async () => {
    await daemon.until('a prober', () => Promise.resolve(prober() !== undefined));
    for (const code of ROOMS) await call(code);
    await standing();
    await signal('SIGTERM');
    await until(noneStands);
    expect(endsOf()).toEqual(allEnded('caller', true));
  });

  it('the daemon told to end (SIGTERM): the same, and a room that rings is let go', async () => {
    await standing();
    await lab.setFault(RINGER, { fault: 'ringing' });
    await call(RINGER);
    await daemon.until('ringing', () => Promise.resolve(lab.find(RINGER)?.inCall === true));
    await daemon.stop();
    await until(noneStands);
    expect(endsOf()).toEqual(allEnded('caller', true));
    expect(lab.find(RINGER)?.h323.lastEnd).toEqual({ by: 'caller', endSession: false });
  });
});
