import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { MediaPool } from '../../src/media/contract.js';
import { SipRoom } from '../fixtures/sip-room.js';
import { builtMediaPool } from '../peers/called-device.js';
import { runProbe } from '../peers/probe-context.js';

describe('a call that asks first whether the device is in one (RFC 4235)', () => {
  let lab: Lab;
  let pool: MediaPool;
  const call = (target: string) => runProbe('sip-call', target, { dialogState: true, holdS: 1 }, { media: pool });
  const address = (index: number): string => lab.endpoints[index]!.address;

  beforeAll(async () => {
    lab = await startLab({ endpoints: madeEndpoints(2, '127.46') });
    pool = builtMediaPool();
  });
  afterAll(async () => {
    await pool.close();
    await lab.stop();
  });

  it.each(['udp', 'tcp'])('is not made into a call, over %s', async (transport) => {
    await lab.setFault(address(0), { fault: 'busy' });
    expect(await call(`sip:room@${address(0)};transport=${transport}`)).toMatchObject({
      result: 'inconclusive',
      reason: 'busy',
      detail: { refusedBy: 'dialog', dialogState: 'confirmed' },
    });
  });

  it('is made to a device that says it is free', async () => {
    const { detail, setupMs } = await call(`sip:room@${address(1)}`);
    expect(setupMs).toBeGreaterThan(0);
    expect(detail).toMatchObject({ dialogState: 'no dialog' });
  });

  it('is made to a device that says nothing, as if it had not been asked', async () => {
    const room = await SipRoom.open(486);
    try {
      expect(await call(room.uri)).toMatchObject({ reason: 'busy', detail: { dialogState: 'not told' } });
      expect(room.methods.slice(0, 2)).toEqual(['SUBSCRIBE', 'INVITE']);
    } finally {
      room.close();
    }
  });
});
