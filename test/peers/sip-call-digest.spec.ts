import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { Baresip } from './baresip.js';
import { builtMediaPool, undisturbed } from './called-device.js';
import { Kamailio, type KamailioOptions } from './kamailio.js';
import { missingBuild } from './probe-command.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

type Digest = Pick<KamailioOptions, 'algorithm' | 'challenge'>;
type Row = [title: string, Digest, password: string | undefined, outcome: Record<string, unknown>];

const PASSED = { result: 'pass', reason: 'ok', detail: { byeAnswered: true } };
const rows: Row[] = [
  ['MD5 by 401', { algorithm: 'MD5', challenge: 'www' }, 'right', PASSED],
  ['SHA-256 by 407', { algorithm: 'SHA-256', challenge: 'proxy' }, 'right', PASSED],
  ['MD5 and a wrong password', { algorithm: 'MD5', challenge: 'www' }, 'wrong', { result: 'fail', reason: 'auth-failed' }],
  [
    'SHA-256 and a wrong password',
    { algorithm: 'SHA-256', challenge: 'www' },
    'wrong',
    { result: 'fail', reason: 'auth-failed' },
  ],
  ['no password', { algorithm: 'MD5', challenge: 'proxy' }, undefined, { result: 'fail', reason: 'auth-required' }],
];

describeWith(
  ['baresip', 'kamailio'],
  'sip-call to a baresip behind a Kamailio that asks for credentials:',
  () => {
    let media: MediaPool;
    let folder: string;
    let peer: Baresip;
    const calls = new Map<string, { outcome: Outcome }>();

    async function call([, digest, password]: Row): Promise<{ outcome: Outcome }> {
      const proxy = await Kamailio.start({ ...digest, peerPort: peer.port, password: 'right' });
      const account = password === undefined ? {} : { user: 'room', passwordFile: join(folder, password) };
      const outcome = await runProbe('sip-call', proxy.uri, { video: false, ...account }, { media });
      await proxy.stop();
      return { outcome };
    }

    beforeAll(async () => {
      media = builtMediaPool();
      folder = await mkdtemp(join(tmpdir(), 'thong-suot-digest-'));
      for (const password of ['right', 'wrong']) await writeFile(join(folder, password), password);
      peer = await Baresip.start({ video: 'none' });
      await Promise.all(rows.map(async (row) => calls.set(row[0], await undisturbed(() => call(row)))));
    }, 120_000);
    afterAll(async () => {
      await media.close();
      await peer.stop();
      await rm(folder, { recursive: true });
    });

    it.each(rows)('%s', (title, _digest, _password, outcome) => {
      expect(calls.get(title)?.outcome).toMatchObject(outcome);
    });
  },
  [missingBuild()].filter((what) => what !== undefined),
);
