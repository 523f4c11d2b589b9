import type { Result } from '../../../common/result.js';
import { decodePer } from '../per/schema.js';
import type { PerError } from '../per/per-error.js';
import { bitFlips, truncations } from '../testing/damage.js';
import { fromHex, VECTORS } from '../testing/vectors.js';
import { H323UserInformation } from './h225-call.js';
import { MultimediaSystemControlMessage } from './h245-message.js';

const CODES = ['truncated', 'out-of-range', 'fragmented', 'reserved', 'too-deep', 'too-many'];
const read = (kind: string, octets: Uint8Array): Result<unknown, PerError> =>
  kind === 'h225' ? decodePer(H323UserInformation, octets) : decodePer(MultimediaSystemControlMessage, octets);

const CASES = VECTORS.flatMap(({ name, uu, h245 }) => [
  ...(uu === undefined ? [] : [{ name, kind: 'h225', octets: fromHex(uu) }]),
  ...h245.map((hex) => ({ name, kind: 'h245', octets: fromHex(hex) })),
]);

describe('damaged messages', () => {
  it.each(CASES)('$name: cut anywhere, it is an error or the value of an unused tail', ({ kind, octets }) => {
    const errors = truncations(octets).map((cut) => read(kind, cut));
    expect(errors.filter((result) => !result.ok).length).toBeGreaterThanOrEqual(octets.length - 1);
    for (const result of errors) if (!result.ok) expect(result.error.code).toBe('truncated');
  });

  it.each(CASES)('$name: with bits turned over it is a value or an error', ({ kind, octets }) => {
    for (const damaged of bitFlips(octets, 100)) {
      const result = read(kind, damaged);
      if (!result.ok) expect(CODES).toContain(result.error.code);
      if (!result.ok) expect(result.error.atBit).toBeLessThanOrEqual(octets.length * 8);
    }
  });
});
