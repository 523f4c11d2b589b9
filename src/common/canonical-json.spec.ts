import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe(canonicalJson.name, () => {
  it('spells the example of RFC 8785, section 3.2.2', () => {
    const given = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022\u002f",
      literals: [null, true, false],
    };
    expect(canonicalJson(given)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units, as section 3.2.3 shows', () => {
    const given = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalJson(given).replace('"1"', '"one"')) as object)).toEqual([2, 4, 6, 7, 1, 5, 3]);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinity', -Infinity],
    ['half a pair', ['\ud83d']],
    ['half a pair as a key', { '\ude00': 1 }],
    ['a date', { at: new Date(0) }],
    ['nothing in a list', [undefined]],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('says the same as JSON, whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const told = JSON.stringify(value);
        fc.pre(!/\\u[dD][89a-fA-F]/.test(told));
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(told));
        expect(canonicalJson(reversed(JSON.parse(told)))).toBe(text);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}
