import { X509Certificate } from 'node:crypto';
import { CERTIFICATE, PRIVATE_KEY } from '../../src/net/testing/certificates.js';
import { Baresip } from './baresip.js';
import { builtMediaPool, undisturbed } from './called-device.js';
import { missingBuild } from './probe-command.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

const certificateSha256 = new X509Certificate(CERTIFICATE).fingerprint256;

describeWith(
  ['baresip'],
  'sip-call over TLS to a baresip with a certificate of its own',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ video: 'none', certificate: `${CERTIFICATE}${PRIVATE_KEY}` })));
    afterAll(() => peer.stop());

    it('carries a whole call where the certificate is pinned', async () => {
      const media = builtMediaPool();
      const outcome = await undisturbed(async () => ({
        outcome: await runProbe('sip-call', peer.uri, { video: false, holdS: 6, certificateSha256 }, { media }),
        log: peer.log,
      }));
      await media.close();
      expect(outcome).toMatchObject({
        outcome: { result: 'pass', reason: 'ok', detail: { transport: 'TLS', endedBy: 'us', byeAnswered: true } },
      });
    }, 60_000);

    it('rings nobody where it is another one', async () => {
      const outcome = await runProbe('sip-options', peer.uri, { certificateSha256: '00'.repeat(32) });
      expect(outcome).toMatchObject({
        result: 'fail',
        reason: 'protocol-error',
        detail: { message: expect.stringContaining(certificateSha256) as string },
      });
    });
  },
  [missingBuild()].filter((what) => what !== undefined),
);
