import { toHex } from '../testing/vectors.js';
import { choice } from './choice.js';
import { PerValueError } from './per-error.js';
import { boolean, integer, nothing, objectIdentifier, octets, recursive } from './primitives.js';
import { decodePer, encodePer, type Schema } from './schema.js';
import { listOf, optional, sequence, skip } from './sequence.js';
import { bmpString, ia5String } from './strings.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
/** One bit before the value, so that alignment shows. */
const after = <T>(schema: Schema<T>): Schema<{ bit: boolean; value: T }> =>
  sequence({ bit: boolean, value: schema }) as Schema<unknown> as Schema<{ bit: boolean; value: T }>;
const written = <T>(schema: Schema<T>, value: T): string => toHex(encodePer(after(schema), { bit: true, value }));

describe('aligned PER, put together by hand from X.691', () => {
  it.each<[string, Schema<number>, number, string]>([
    ['of one value: no bits', integer(5, 5), 5, '80'],
    ['of 255 values: the least bits', integer(1, 255), 255, 'ff00'],
    ['of 256 values: an aligned octet', integer(1, 256), 256, '80ff'],
    ['of 65,536 values: two aligned octets', integer(0, 65_535), 258, '800102'],
    ['of more: how many octets, then these', integer(0, 16_777_215), 258, 'a00102'],
    ['of 2^32 values', integer(0, 4_294_967_295), 4_294_967_295, 'e0ffffffff'],
    ['its least value', integer(0, 4_294_967_295), 0, '8000'],
  ])('a number %s', (_what, schema, value, hex) => {
    expect(written(schema, value)).toBe(hex);
    expect(decodePer(after(schema), bytes(hex))).toEqual({ ok: true, value: { bit: true, value } });
  });

  it.each<[string, Schema<unknown>, unknown, string]>([
    ['two octets stand where the last bit ended', octets(2), bytes('ffff'), 'ffff80'],
    ['three are aligned', octets(3), bytes('010203'), '80010203'],
    ['up to 20: their number in five bits', octets(1, 20), bytes('0102'), '840102'],
    ['any number: an octet of length', octets(), bytes('aabb'), '8002aabb'],
    ['128 and more: two of length', octets(), new Uint8Array(128), `808080${'00'.repeat(128)}`],
    ['digits take four bits each', ia5String(1, 128, '0123456789#*,'), '19#', '82' + '4c0'.padEnd(4, '0')],
    ['other IA5 takes eight', ia5String(1, 64), 'ab', '826162'],
    ['BMP takes sixteen', bmpString(1, 256), 'ệ', '80001ec7'],
    ['an identifier', objectIdentifier, '0.0.8.2250.0.4', '8006' + '0008914a0004'],
    ['a list with bounds', listOf(integer(0, 7), 1, 256), [1, 7], '8001' + '3c'],
    ['an alternative', choice({ a: nothing, b: boolean, c: nothing }), { b: true }, 'b0'],
    [
      'an added alternative: its number, an open type',
      choice({ a: nothing }, { x: skip, b: boolean }),
      { b: true },
      'c080' + '0180',
    ],
  ])('%s', (_what, schema, value, hex) => {
    expect(written(schema, value)).toBe(hex);
    expect(decodePer(after(schema), bytes(hex))).toEqual({ ok: true, value: { bit: true, value } });
  });

  it('passes over additions that it does not know, and those that it only holds a place for', () => {
    const now = sequence({ a: boolean }, { held: integer(0, 255), b: boolean, later: boolean });
    const older = sequence({ a: boolean }, { held: skip, b: boolean });
    const hex = encodePer(now, { a: true, held: 7, b: true, later: true });
    expect(decodePer(older, hex)).toEqual({ ok: true, value: { a: true, b: true } });
  });

  it('reads an older sender, whose additions are fewer', () => {
    const now = sequence({ a: boolean }, { b: boolean, c: boolean });
    const older = sequence({ a: boolean }, { b: boolean });
    expect(decodePer(now, encodePer(older, { a: false, b: true }))).toEqual({ ok: true, value: { a: false, b: true } });
  });
});

describe('octets that are no value', () => {
  interface Nest {
    inner?: Nest;
  }
  const Nest: Schema<Nest> = sequence({ inner: optional(recursive((): Schema<Nest> => Nest)) });

  it.each<[string, Schema<unknown>, string, string]>([
    ['too short', integer(0, 65_535), '01', 'truncated'],
    ['a length beyond the end', octets(), '05aabb', 'truncated'],
    ['an open type that its contents leave', sequence({}, { a: octets(4) }), '80' + '8002' + 'aabb', 'truncated'],
    ['a number outside its bounds', integer(0, 4), 'ff', 'out-of-range'],
    ['an alternative that is none', choice({ a: nothing, b: nothing, c: nothing }), 'c0', 'out-of-range'],
    ['a character outside its alphabet', ia5String(1, 2, 'ABCDEFGHIJKLMNOPQ'), '00' + '7a', 'out-of-range'],
    ['an identifier that does not end', objectIdentifier, '02' + '0088', 'out-of-range'],
    ['a length in fragments', octets(), 'c1', 'fragmented'],
    ['an alternative that is only reserved', choice({ a: nothing, b: skip }), '80', 'reserved'],
    ['a component that is only reserved', sequence({ a: optional(skip) }), '80', 'reserved'],
    ['65,535 additions', sequence({}, { a: boolean }), 'c0' + '02ffff' + '00', 'truncated'],
    ['deeper than anything sensible', Nest, 'ff'.repeat(8), 'too-deep'],
    ['a list of 16,383 nothings', listOf(nothing), 'bfff', 'too-many'],
  ])('%s', (_what, schema, hex, code) => {
    const read = decodePer(schema, bytes(hex));
    expect(read.ok ? 'read' : read.error.code).toBe(code);
  });

  it('are told with the bit where reading stopped', () => {
    const read = decodePer(sequence({ a: boolean, b: integer(0, 65_535) }), bytes('8001'));
    expect(read).toEqual({ ok: false, error: { code: 'truncated', atBit: 16 } });
  });
});

describe('values that no type allows', () => {
  it.each<[string, Schema<unknown>, unknown]>([
    ['a number outside its bounds', integer(0, 255), 256],
    ['a fraction', integer(0, 255), 1.5],
    ['too many octets', octets(16), new Uint8Array(17)],
    ['a text that is too long', ia5String(1, 2), 'abc'],
    ['a letter for a digit', ia5String(1, 128, '0123456789#*,'), 'a'],
    ['a component that is missing', sequence({ a: boolean }), {}],
    ['an alternative that is none', choice({ a: nothing }), { b: null }],
    ['an alternative that is only reserved', choice({ a: nothing, b: skip }), { b: null }],
  ])('%s is a bug of ours', (_what, schema, value) => {
    expect(() => encodePer(schema, value)).toThrow(PerValueError);
  });
});
