import { Baresip } from './baresip.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

describeWith(['baresip'], 'sip-options against baresip', () => {
  let peer: Baresip;
  beforeAll(async () => (peer = await Baresip.start({ video: 'none' })));
  afterAll(() => peer.stop());

  it.each(['udp', 'tcp'])('should find it alive over %s and say what it is', async (transport) => {
    const outcome = await runProbe('sip-options', `${peer.uri};transport=${transport}`);
    expect(outcome).toMatchObject({ kind: 'sip-options', result: 'pass', reason: 'ok' });
    expect(outcome.detail).toMatchObject({ status: 200, transport: transport.toUpperCase(), sends: 1 });
    expect(outcome.detail?.allow).toContain('INVITE');
    expect(outcome.rttMs).toBeGreaterThan(0);
  });

  it('should find it alive under a wrong name too', async () => {
    const outcome = await runProbe('sip-options', `sip:nobody@127.0.0.1:${peer.port}`);
    expect(outcome).toMatchObject({ result: 'pass', detail: { status: 404, note: expect.any(String) as string } });
  });
});
