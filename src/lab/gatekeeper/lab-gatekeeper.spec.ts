import { systemScheduler } from '../../common/clock.js';
import { systemRandom } from '../../common/random.js';
import { Gatekeepers, RAS_PORT, type GatekeeperSettings } from '../../net/gatekeepers.js';
import type { AdmissionWish } from '../../protocols/h323/ras/ras-types.js';
import { LabGatekeeper, type GatekeeperFault } from './lab-gatekeeper.js';

const ADDRESS = '127.45.0.1';
const SETTINGS: GatekeeperSettings = { address: ADDRESS, port: RAS_PORT, alias: 'monitor' };

const wish = (alias: string, callReference = 7): AdmissionWish => ({
  alias,
  callReference,
  callIdentifier: new Uint8Array(16).fill(callReference),
  conferenceID: new Uint8Array(16).fill(9),
  bandwidthKbps: 768,
});

describe('calls by way of a gatekeeper, over real sockets', () => {
  let gatekeeper: LabGatekeeper;
  let gatekeepers: Gatekeepers;

  beforeEach(async () => {
    const find = (alias: string): string | undefined => (alias === '04792' ? '127.45.0.9' : undefined);
    gatekeeper = await LabGatekeeper.open({ address: ADDRESS, find, timeToLiveS: 1 });
    gatekeepers = new Gatekeepers(systemScheduler, systemRandom);
  });
  afterEach(async () => {
    await gatekeepers.close();
    await gatekeeper.close();
  });

  /** Resolves when the gatekeeper has heard it. */
  async function heard(name: string, times = 1): Promise<void> {
    while (gatekeeper.heard.filter((one) => one === name).length < times) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('registers once for many calls, and says when each is over and when all is', async () => {
    const calls = await Promise.all([1, 2, 3].map((reference) => gatekeepers.admit(SETTINGS, wish('04792', reference))));
    expect(calls).toMatchObject(
      calls.map(() => ({ kind: 'admitted', target: { address: '127.45.0.9', port: 1720 }, model: 'direct' })),
    );
    expect(gatekeeper.heard.slice(0, 2)).toEqual(['gatekeeperRequest', 'registrationRequest']);
    expect(gatekeeper).toMatchObject({ registered: 1, standing: new Set([1, 2, 3]) });
    for (const call of calls) if (call.kind === 'admitted') call.release();
    await heard('disengageRequest', 3);
    expect(gatekeeper.standing.size).toBe(0);
    await gatekeepers.close();
    await heard('unregistrationRequest');
    expect(gatekeeper.registered).toBe(0);
  });

  it('keeps the registration, and makes it anew where the gatekeeper forgot it', async () => {
    await gatekeepers.admit(SETTINGS, wish('04792'));
    await heard('registrationRequest', 2);
    expect(gatekeeper.registered).toBe(1);
    gatekeeper.fault = 'forgets-registrations';
    await heard('gatekeeperRequest', 2);
    expect(await gatekeepers.admit(SETTINGS, wish('04792'))).toMatchObject({ kind: 'admitted' });
  });

  it.each<[GatekeeperFault, object]>([
    ['no-discovery', { kind: 'refused', step: 'discovery', reason: 'terminalExcluded' }],
    ['no-registration', { kind: 'refused', step: 'registration', reason: 'securityDenial' }],
    ['no-permission', { kind: 'refused', step: 'admission', reason: 'requestDenied' }],
    ['busy', { kind: 'refused', step: 'admission', reason: 'resourceUnavailable' }],
    ['silent', { kind: 'no-answer', step: 'discovery' }],
  ])('%s', async (fault, admission) => {
    gatekeeper.fault = fault;
    expect(await gatekeepers.admit(SETTINGS, wish('04792'))).toEqual(admission);
  });

  it('knows that it does not know a name', async () => {
    const admission = await gatekeepers.admit(SETTINGS, wish('nobody'));
    expect(admission).toEqual({ kind: 'refused', step: 'admission', reason: 'calledPartyNotRegistered' });
  });

  it('is told at once that nobody listens there', async () => {
    const admission = await gatekeepers.admit({ ...SETTINGS, address: '127.45.0.77' }, wish('04792'));
    expect(admission).toEqual({ kind: 'no-answer', step: 'discovery' });
  });

  it('takes an address that this machine does not have for no way', async () => {
    const admission = await gatekeepers.admit({ ...SETTINGS, source: '192.0.2.77' }, wish('04792'));
    expect(admission).toEqual({ kind: 'no-answer', step: 'discovery' });
  });
});
