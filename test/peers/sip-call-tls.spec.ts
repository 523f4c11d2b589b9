import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { Baresip } from './baresip.js';
import { builtMediaPool, undisturbed } from './called-device.js';
import { missingBuild } from './probe-command.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

/** A certificate of its own for 127.0.0.1, as devices come with. `file` holds the certificate alone, `pem` its key too. */
async function selfSigned(folder: string): Promise<{ file: string; pem: string; sha256: string }> {
  const key = join(folder, 'key.pem');
  const file = join(folder, 'certificate.pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=room', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', file], { stdio: 'ignore' });
  const certificate = await readFile(file, 'utf8');
  const sha256 = new X509Certificate(certificate).fingerprint256;
  return { file, pem: certificate + (await readFile(key, 'utf8')), sha256 };
}

const PASSED = { result: 'pass', reason: 'ok', detail: { transport: 'TLS', byeAnswered: true } };

describeWith(
  ['baresip', 'openssl'],
  'sip-call over TLS to a baresip with a certificate of its own, trusted by',
  () => {
    let media: MediaPool;
    let folder: string;
    let peer: Baresip;
    const calls = new Map<string, { outcome: Outcome }>();

    async function call(name: string, trust: Record<string, string>): Promise<void> {
      const made = await undisturbed(async () => ({
        outcome: await runProbe('sip-call', peer.uri, { video: false, ...trust }, { media }),
      }));
      calls.set(name, made);
    }

    beforeAll(async () => {
      media = builtMediaPool();
      folder = await mkdtemp(join(tmpdir(), 'thong-suot-tls-'));
      const { file, pem, sha256 } = await selfSigned(folder);
      peer = await Baresip.start({ video: 'none', certificate: pem });
      await Promise.all([
        call('its pin', { certificateSha256: sha256 }),
        call('its authority', { caFile: file }),
        call('the pin of another', { certificateSha256: sha256.replaceAll(/[0-9]/g, '0') }),
        call('nothing', {}),
      ]);
    }, 120_000);
    afterAll(async () => {
      await media.close();
      await peer.stop();
      await rm(folder, { recursive: true });
    });

    it.each([
      ['its pin', PASSED],
      ['its authority', PASSED],
      ['the pin of another', { result: 'fail', reason: 'protocol-error' }],
      ['nothing', { result: 'inconclusive', reason: 'unavailable-here' }],
    ])('%s', (name, outcome) => {
      expect(calls.get(name)?.outcome).toMatchObject(outcome);
    });
  },
  [missingBuild()].filter((what) => what !== undefined),
);
