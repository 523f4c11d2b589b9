import { BitReader } from '../per/bit-reader.js';
import { decodePer, encodePer, type Schema } from '../per/schema.js';
import { fromHex, type Json, plain, toHex, VECTORS } from '../testing/vectors.js';
import { H323UserInformation } from './h225-call.js';
import { MultimediaSystemControlMessage } from './h245-message.js';

interface Case {
  name: string;
  schema: Schema<unknown>;
  octets: Uint8Array;
  value: Json;
}

const uuCases = VECTORS.flatMap(({ name, uu, value }): Case[] =>
  uu === undefined || value === undefined ? [] : [{ name, schema: H323UserInformation, octets: fromHex(uu), value }],
);
const h245Cases = VECTORS.flatMap(({ name, h245, h245values }) =>
  h245.map((hex, index): Case => ({
    name: `${name}, H.245 message ${index + 1}`,
    schema: MultimediaSystemControlMessage,
    octets: fromHex(hex),
    value: h245values[index] as Json,
  })),
);
const CASES = [...uuCases, ...h245Cases];

describe('captured messages', () => {
  it('are all here', () => {
    expect([uuCases.length, h245Cases.length]).toEqual([71, 128]);
  });

  it.each(CASES)('$name: is read to its value and to its last octet', ({ schema, octets, value }) => {
    const reader = new BitReader(octets);
    const read = schema.read(reader);
    expect(reader.error).toBeUndefined();
    expect(plain(read)).toEqual(value);
    expect(reader.remainingBits).toBeLessThan(8);
  });

  it.each(CASES)('$name: written again it has the same value', ({ schema, octets, value }) => {
    const read = decodePer(schema, octets);
    const again = read.ok && decodePer(schema, encodePer(schema, read.value));
    expect(again && again.ok && plain(again.value)).toEqual(value);
  });

  it.each(CASES.filter(({ name }) => name.startsWith('minimal-caller')))('$name: is written to the very octets', (golden) => {
    const read = decodePer(golden.schema, golden.octets);
    expect(read.ok && toHex(encodePer(golden.schema, read.value))).toBe(toHex(golden.octets));
  });
});
