import { readFile } from 'node:fs/promises';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';
import { Sipp } from './sipp.js';

const REQUESTS = 200;

describeWith(['sipp'], 'sip-options against SIPp', () => {
  let peer: Sipp;
  beforeAll(async () => {
    peer = await Sipp.start(await readFile(new URL('scenarios/options-uas.xml', import.meta.url), 'utf8'));
  });
  afterAll(() => peer.stop());

  it(`should have ${REQUESTS} requests at once all answered`, async () => {
    const targets = Array.from({ length: REQUESTS }, (_, i) => `sip:room${i}@127.0.0.1:${peer.port}`);
    const outcomes = await Promise.all(targets.map((target) => runProbe('sip-options', target)));
    expect(outcomes.filter((outcome) => outcome.result === 'pass')).toHaveLength(REQUESTS);
    expect(new Set(outcomes.map((outcome) => outcome.detail?.userAgent))).toEqual(new Set(['SIPp']));
  });
});
