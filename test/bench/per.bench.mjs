// Captured H.225 and H.245 messages, read and written; then each one cut before every octet and 10,000 times damaged.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { H323UserInformation } from '../../dist/protocols/h323/messages/h225-call.js';
import { MultimediaSystemControlMessage } from '../../dist/protocols/h323/messages/h245-message.js';
import { decodePer, encodePer } from '../../dist/protocols/h323/per/schema.js';
import { row } from './lib/report.mjs';

const VECTORS = join(import.meta.dirname, '../../src/protocols/h323/testing/vectors.json');
const ROUNDS = 200;
const FLIPS = 10_000;

function messages() {
  return JSON.parse(readFileSync(VECTORS, 'utf8')).flatMap(({ uu, h245 }) => [
    ...(uu ? [{ schema: H323UserInformation, octets: new Uint8Array(Buffer.from(uu, 'hex')) }] : []),
    ...h245.map((hex) => ({ schema: MultimediaSystemControlMessage, octets: new Uint8Array(Buffer.from(hex, 'hex')) })),
  ]);
}

/** Messages a second, over all of them. */
function rate(all, once) {
  for (const one of all) once(one);
  const startedMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) for (const one of all) once(one);
  return (ROUNDS * all.length) / ((performance.now() - startedMs) / 1000);
}

function* damaged(octets) {
  for (let length = 0; length < octets.length; length++) yield octets.subarray(0, length);
  for (let i = 0; i < FLIPS; i++) {
    const copy = octets.slice();
    for (let flips = 1 + Math.floor(Math.random() * 8); flips > 0; flips--) {
      const bit = Math.floor(Math.random() * octets.length * 8);
      copy[bit >> 3] ^= 0x80 >> (bit & 7);
    }
    yield copy;
  }
}

function fuzz(all) {
  const seen = { read: 0, thrown: 0, errors: 0, cpuMs: 0 };
  for (const { schema, octets } of all) {
    for (const copy of damaged(octets)) {
      const before = process.cpuUsage();
      try {
        if (!decodePer(schema, copy).ok) seen.errors++;
      } catch {
        seen.thrown++;
      }
      const { user, system } = process.cpuUsage(before);
      seen.cpuMs = Math.max(seen.cpuMs, (user + system) / 1000);
      seen.read++;
    }
  }
  return seen;
}

export default async function per() {
  const all = messages();
  const values = all.map(({ schema, octets }) => ({ schema, value: decodePer(schema, octets).value }));
  const decoded = rate(all, ({ schema, octets }) => decodePer(schema, octets));
  const encoded = rate(values, ({ schema, value }) => encodePer(schema, value));
  const { read, thrown, errors, cpuMs } = fuzz(all);
  const rows = [
    row({ name: `${all.length} captured messages: decode`, ours: decoded, unit: '/s' }),
    row({ name: 'encode', ours: encoded, unit: '/s' }),
    row({ name: 'damaged messages read', ours: read, unit: 'messages' }),
    row({ name: 'of them: typed errors', ours: errors, unit: 'messages' }),
    row({ name: 'thrown', ours: thrown, unit: 'messages', goal: { most: 0 } }),
    row({ name: 'CPU of the worst one, collections included', ours: cpuMs, unit: 'ms' }),
  ];
  return { rows, notMeasured: ['a peer: no other aligned PER is installable here'] };
}
