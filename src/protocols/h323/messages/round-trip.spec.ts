import fc from 'fast-check';
import { decodePer, encodePer } from '../per/schema.js';
import { ALL_TYPES } from '../testing/all-types.js';
import { valueOf } from '../testing/arbitrary.js';
import { plain } from '../testing/vectors.js';

describe('what is written', () => {
  it('is of 179 types', () => {
    expect(new Set(ALL_TYPES.map(([name]) => name)).size).toBe(179);
  });

  it.each(ALL_TYPES)('%s: is read again as the same value', (_name, schema) => {
    fc.assert(
      fc.property(valueOf(schema), (value) => {
        const read = decodePer(schema, encodePer(schema, value));
        expect(read.ok && plain(read.value)).toEqual(plain(value));
      }),
      { numRuns: 30 },
    );
  });
});
