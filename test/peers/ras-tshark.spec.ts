import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodePer } from '../../src/protocols/h323/per/schema.js';
import { RasMessage } from '../../src/protocols/h323/ras/ras-message.js';
import { valueOf } from '../../src/protocols/h323/testing/arbitrary.js';
import { writeCapture, type Packet } from './capture-file.js';
import { describeWith } from './programs.js';
import { dissect, type Dissected } from './tshark.js';

const MADE = 1500;
const SEED = 20_261_123;
/** productId and versionId are octets, which it shows as text: some that are made here have a NUL in their midst */
const NUL_IN_TEXT = 'Trailing stray characters';

/** What the analyser names each message. */
const nameOf = (message: RasMessage): string => Object.keys(message)[0] ?? '';

describeWith(['tshark'], 'messages of RAS, as tshark reads them', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ras-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function read(messages: readonly Uint8Array[]): Dissected[] {
    const file = join(folder, 'ras.pcap');
    const from = { address: '10.99.0.3', port: 1719 };
    const to = { address: '10.99.0.1', port: 1719 };
    writeCapture(
      file,
      messages.map((octets): Packet => ({ protocol: 'udp', from, to, octets })),
    );
    return dissect(file, []);
  }

  it('any value of any message that we know is read to its end under its name', () => {
    const isKnown = (message: unknown): boolean => !JSON.stringify(message).includes('otherAddition');
    const made = (fc.sample(valueOf(RasMessage), { numRuns: MADE, seed: SEED }) as RasMessage[]).filter(isKnown);
    expect(new Set(made.map(nameOf)).size).toBe(19);
    const packets = read(made.map((message) => encodePer(RasMessage, message)));
    const wrong = packets.flatMap(({ info, complaints }, index) => {
      const name = nameOf(made[index] as RasMessage);
      const real = complaints.filter((complaint) => complaint !== NUL_IN_TEXT);
      return real.length > 0 || !info.includes(`RAS: ${name}`) ? [{ name, info, real }] : [];
    });
    expect(wrong).toEqual([]);
    expect(packets).toHaveLength(made.length);
  });

  it('finds a message that ends too early', () => {
    const message: RasMessage = { unregistrationConfirm: { requestSeqNum: 513 } };
    const octets = encodePer(RasMessage, message);
    expect(read([octets])[0]).toMatchObject({
      info: expect.stringContaining('RAS: unregistrationConfirm') as string,
      complaints: [],
    });
    expect(read([octets.subarray(0, -1)])[0]?.complaints).not.toEqual([]);
  });
});
