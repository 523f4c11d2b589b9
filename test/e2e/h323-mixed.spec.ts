import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultInput } from '../../src/lab/faults/fault.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { EndpointView } from '../../src/live/feed-events.js';
import { isCallKind, type Outcome } from '../../src/probes/contract.js';
import { Daemon } from '../fixtures/daemon.js';

type Device = Omit<Extract<FaultInput, { fault: 'h323-device' }>, 'fault'>;
interface Room {
  speaks: 'sip' | 'h323' | 'both';
  /** of the two, where it is not SIP as for all */
  prefers?: 'h323';
  device?: Device;
  faults?: FaultInput[];
}

const NO_SIP: FaultInput = { fault: 'refused' };
const NO_H323: FaultInput = { fault: 'h323-closed' };

/** Whoever speaks one protocol has the port of the other closed: a call by the wrong one would fail. */
const ROOMS = {
  'sip-only': { speaks: 'sip', faults: [NO_H323] },
  'h323-only': { speaks: 'h323', faults: [NO_SIP] },
  'both-sip': { speaks: 'both' },
  'both-h323': { speaks: 'both', prefers: 'h323' },
  'sip-fails': { speaks: 'both', faults: [NO_SIP] },
  'h323-fails': { speaks: 'both', prefers: 'h323', faults: [NO_H323] },
  'h323-encrypts': { speaks: 'both', prefers: 'h323', faults: [{ fault: 'h323-encrypted' }] },
  'both-fail': { speaks: 'both', prefers: 'h323', faults: [NO_SIP, { fault: 'h323-refused', reason: 'noPermission' }] },
  'both-engaged': { speaks: 'both', prefers: 'h323', faults: [{ fault: 'busy' }] },
  engaged: { speaks: 'h323', faults: [{ fault: 'busy' }] },
  full: { speaks: 'h323', faults: [{ fault: 'h323-refused', cause: 42, reason: 'noBandwidth' }] },
  'not-admitted': { speaks: 'h323', faults: [{ fault: 'h323-refused', reason: 'callerNotRegistered' }] },
  deaf: { speaks: 'h323', faults: [{ fault: 'one-way-in' }] },
  mute: { speaks: 'h323', faults: [{ fault: 'one-way-out' }] },
  encrypts: { speaks: 'h323', faults: [{ fault: 'h323-encrypted', says: 'encrypted-channel' }] },
  hangs: { speaks: 'h323', faults: [{ fault: 'h323-hung', after: 'connection' }] },
  firewalled: { speaks: 'h323', device: { control: 'blocked-address' } },
  forwards: { speaks: 'h323', faults: [{ fault: 'h323-forwards', reason: 'routeCallToMC' }] },
  'gatekeeper-only': { speaks: 'h323', faults: [{ fault: 'h323-forwards', reason: 'routeCallToGatekeeper' }] },
} satisfies Record<string, Room>;
type Name = keyof typeof ROOMS;

const NAMES = Object.keys(ROOMS) as Name[];
const addressOf = (name: Name): string => `127.51.0.${NAMES.indexOf(name) + 1}`;
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };

/** H.323 prefers whom an exception says so of; the hung one is waited for a short time, the others as ever. */
const SETTINGS = {
  prober: { firstRoundSeconds: 1 },
  probes: {
    // of a machine too busy to blame anybody the next round is telling
    'sip-call': { intervalSeconds: 30 },
    'h323-call': { intervalSeconds: 30, options: { firstAnswerS: 3 } },
  },
  exceptions: NAMES.filter((name) => (ROOMS[name] as Room).prefers).map((name) => ({
    for: { sites: name },
    bothProtocols: { prefer: 'h323' },
  })),
};

const inventory = (): string => {
  const row = (name: Name): string => {
    const { speaks } = ROOMS[name];
    const address = addressOf(name);
    return [name, name, 'commune', address, speaks === 'h323' ? '' : `sip:room@${address}`, speaks === 'sip' ? '' : 'yes'].join(
      ',',
    );
  };
  return ['site_code,site_name,tier,address,sip_uri,h323', ...NAMES.map(row), ''].join('\n');
};

describe('a daemon with a mixed inventory', () => {
  let folder: string;
  let lab: Lab;
  let daemon: Daemon;
  const told = new Map<Name, Outcome[]>();
  const of = (name: Name): Outcome => told.get(name)?.[0] as Outcome;
  const kindsOf = (name: Name): Set<string> => new Set(told.get(name)?.map(({ kind }) => kind));

  const calls = async (name: Name): Promise<Outcome[]> => {
    const { items } = (await daemon.json(`/api/v1/endpoints/${name}-1/results`)) as { items: Outcome[] };
    return items.filter(({ kind, reason }) => isCallKind(kind) && reason !== 'self-overloaded');
  };
  const allTold = async (): Promise<boolean> => {
    for (const name of NAMES) told.set(name, await calls(name));
    return NAMES.every((name) => of(name) !== undefined);
  };

  beforeAll(async () => {
    const identity = (name: Name) => ({ code: name, name, tier: 'commune', area: '', carrier: '', address: addressOf(name) });
    lab = await startLab({ endpoints: NAMES.map(identity) });
    for (const name of NAMES) {
      const { device, faults = [] }: Room = ROOMS[name];
      await lab.setFault(addressOf(name), { fault: 'h323-device', ...device }, ...faults);
    }
    folder = mkdtempSync(join(tmpdir(), 'mixed-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'sites.csv'), inventory());
    // JSON is YAML
    writeFileSync(join(folder, 'monitor.yml'), JSON.stringify(SETTINGS));
    daemon = await Daemon.start({ INVENTORY: join(folder, 'sites.csv'), CONFIG: join(folder, 'monitor.yml') });
    await daemon.until('a call to each', allTold);
  }, 180_000);
  afterAll(async () => {
    await daemon?.stop();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[Name, Outcome['kind']]>([
    ['sip-only', 'sip-call'],
    ['h323-only', 'h323-call'],
    ['both-sip', 'sip-call'],
    ['both-h323', 'h323-call'],
  ])('%s: well by %s, and called by nothing else', (name, kind) => {
    expect(of(name)).toMatchObject({ kind, result: 'pass', reason: 'ok', signals: FLOWING });
    expect(kindsOf(name)).toEqual(new Set([kind]));
    expect(of(name).detail).not.toHaveProperty('fellBackFrom');
  });

  it.each<[Name, Outcome['kind'], object]>([
    ['sip-fails', 'h323-call', { kind: 'sip-call', reason: 'refused' }],
    ['h323-fails', 'sip-call', { kind: 'h323-call', reason: 'refused' }],
    ['h323-encrypts', 'sip-call', { kind: 'h323-call', reason: 'encryption-required' }],
  ])('%s: falls back to %s, and says from what and why, to the board, too', async (name, kind, fellBackFrom) => {
    expect(of(name)).toMatchObject({ kind, result: 'pass', reason: 'ok', signals: FLOWING, detail: { fellBackFrom } });
    const { state, probes } = (await daemon.json(`/api/v1/endpoints/${name}-1`)) as EndpointView;
    expect(state).toBe('ready');
    expect(probes).toMatchObject({ [kind]: { result: 'pass', fellBackFrom } });
  });

  it('both-fail: is judged by the second call, and says why there was one', () => {
    const fellBackFrom = { kind: 'h323-call', reason: 'gatekeeper-policy' };
    expect(of('both-fail')).toMatchObject({ kind: 'sip-call', result: 'fail', reason: 'refused', detail: { fellBackFrom } });
  });

  it('both-engaged: a room in a call is not called a second time', () => {
    expect(of('both-engaged')).toMatchObject({
      kind: 'h323-call',
      result: 'inconclusive',
      reason: 'busy',
      detail: { cause: 17 },
    });
    expect(of('both-engaged').detail).not.toHaveProperty('fellBackFrom');
    expect(lab.find(addressOf('both-engaged'))?.calls).toBe(1);
  });

  it.each<[Name, Outcome['result'], Outcome['reason'], object]>([
    ['engaged', 'inconclusive', 'busy', { cause: 17 }],
    ['full', 'fail', 'resource-limit', { releaseReason: 'noBandwidth' }],
    ['not-admitted', 'fail', 'gatekeeper-policy', { releaseReason: 'callerNotRegistered' }],
    ['deaf', 'fail', 'one-way-in', { control: 'tunnelled' }],
    ['mute', 'fail', 'one-way-out', { control: 'tunnelled' }],
    ['encrypts', 'fail', 'encryption-required', { encryption: 'wanted' }],
    ['hangs', 'fail', 'signalling-hung', { failure: { kind: 'hung', after: 'setup' } }],
    ['firewalled', 'fail', 'h245-blocked', { failure: { kind: 'h245-blocked' } }],
    ['forwards', 'fail', 'redirected', { failure: { kind: 'forwarded', reason: 'routeCallToMC' } }],
    ['gatekeeper-only', 'fail', 'gatekeeper-policy', { failure: { kind: 'forwarded', reason: 'routeCallToGatekeeper' } }],
  ])('%s: %s, %s', (name, result, reason, detail) => {
    expect(of(name)).toMatchObject({ kind: 'h323-call', result, reason, detail });
  });
});
