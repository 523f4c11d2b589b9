import { systemScheduler } from '../../src/common/clock.js';
import { systemRandom } from '../../src/common/random.js';
import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import { type GatekeeperFault, LabGatekeeper } from '../../src/lab/gatekeeper/lab-gatekeeper.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { MediaPool } from '../../src/media/contract.js';
import { Gatekeepers } from '../../src/net/gatekeepers.js';
import type { Outcome } from '../../src/probes/contract.js';
import { builtMediaPool } from '../peers/called-device.js';
import { runProbe } from '../peers/probe-context.js';

/** Of the lab's endpoints one is the room, one stands at the gatekeeper's own address, one is a stranger. */
const [ROOM, GATEKEEPER, STRANGER, RINGS] = ['127.52.0.1', '127.52.0.2', '127.52.0.3', '127.52.0.4'] as const;
const WHERE: Record<string, string> = { room: ROOM, routed: GATEKEEPER, elsewhere: STRANGER, rings: RINGS };
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };

describe('a test call by way of a gatekeeper', () => {
  let lab: Lab;
  let gatekeeper: LabGatekeeper;
  let pool: MediaPool;
  let gatekeepers: Gatekeepers;

  beforeAll(async () => {
    lab = await startLab({ endpoints: madeEndpoints(4, '127.52') });
    expect(lab.endpoints.map(({ address }) => address)).toEqual([ROOM, GATEKEEPER, STRANGER, RINGS]);
    await lab.setFault(RINGS, { fault: 'h323-device' }, { fault: 'ringing' });
    pool = builtMediaPool();
  });
  afterAll(async () => {
    await pool.close();
    await lab.stop();
  });
  beforeEach(async () => {
    gatekeeper = await LabGatekeeper.open({ address: GATEKEEPER, find: (alias) => WHERE[alias] });
    gatekeepers = new Gatekeepers(systemScheduler, systemRandom);
  });
  afterEach(async () => {
    await gatekeepers.close();
    await gatekeeper.close();
  });

  const call = (
    alias: string,
    at: string = ROOM,
    given: object = {},
    signal = new AbortController().signal,
  ): Promise<Outcome> => {
    const options = { holdS: 1, ringS: 1, gatekeeper: { address: GATEKEEPER, alias: 'monitor' }, ...given };
    return runProbe('h323-call', `h323:${alias}@${at}`, options, { media: pool, gatekeepers, signal });
  };
  const heard = async (name: string): Promise<void> => {
    while (!gatekeeper.heard.includes(name)) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is admitted by name, placed where the gatekeeper says, and given back when it is over', async () => {
    expect(await call('room', ROOM, { holdS: 6 })).toMatchObject({
      signals: FLOWING,
      detail: { gatekeeper: GATEKEEPER, model: 'direct', address: ROOM, port: 1720 },
    });
    await heard('disengageRequest');
    expect(gatekeeper.heard).toEqual(['gatekeeperRequest', 'registrationRequest', 'admissionRequest', 'disengageRequest']);
    expect(gatekeeper.standing.size).toBe(0);
    await gatekeepers.close();
    await heard('unregistrationRequest');
    expect(gatekeeper.registered).toBe(0);
  });

  it('goes to the gatekeeper where that routes its calls', async () => {
    expect(await call('routed', ROOM, { holdS: 6 })).toMatchObject({ signals: FLOWING, detail: { address: GATEKEEPER } });
  });

  it('gives the call back also where the room does not answer', async () => {
    expect(await call('rings', RINGS)).toMatchObject({ reason: 'not-auto-answering' });
    await heard('disengageRequest');
    expect(gatekeeper.standing.size).toBe(0);
  });

  it('calls nobody whom neither the endpoint nor its list names, whatever the gatekeeper says', async () => {
    expect(await call('elsewhere')).toMatchObject({ result: 'fail', reason: 'redirected', detail: { gatekeeper: GATEKEEPER } });
    await heard('disengageRequest');
    expect(await call('elsewhere', ROOM, { followTo: [STRANGER] })).toMatchObject({ detail: { address: STRANGER } });
  });

  it.each<[GatekeeperFault | undefined, string, string]>([
    [undefined, 'nobody', 'fail not-found'],
    ['busy', 'room', 'fail resource-limit'],
    ['no-permission', 'room', 'fail gatekeeper-policy'],
    ['no-registration', 'room', 'fail gatekeeper-policy'],
    ['silent', 'room', 'inconclusive unavailable-here'],
  ])('with a gatekeeper that is %s, %s is %s', async (fault, alias, expected) => {
    gatekeeper.fault = fault;
    const { result, reason, detail } = await call(alias);
    expect(`${result} ${reason}`).toBe(expected);
    expect(detail).toMatchObject({ gatekeeper: GATEKEEPER });
  });

  it('asks for nobody without a name', async () => {
    const options = { gatekeeper: { address: GATEKEEPER, alias: 'monitor' } };
    const outcome = await runProbe('h323-call', `h323:${ROOM}`, options, { media: pool, gatekeepers });
    expect(outcome).toMatchObject({ result: 'inconclusive', reason: 'unavailable-here' });
    expect(gatekeeper.heard).toEqual([]);
  });

  it('ends at once when it is stopped while the gatekeeper thinks', async () => {
    gatekeeper.fault = 'silent';
    const stop = new AbortController();
    const outcome = call('room', ROOM, {}, stop.signal);
    await heard('gatekeeperRequest');
    stop.abort();
    expect(await outcome).toMatchObject({ result: 'inconclusive', reason: 'aborted' });
  });
});
