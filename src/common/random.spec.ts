import { systemRandom } from './random.js';

describe('systemRandom', () => {
  it('gives tokens of the length asked for, over many refills of its pool, and none twice', () => {
    const tokens = Array.from({ length: 2_000 }, () => systemRandom.token(17));
    for (const token of tokens) expect(token).toMatch(/^[0-9a-z]{17}$/);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(systemRandom.token(10_000)).toHaveLength(10_000);
  });

  it('gives numbers of the whole unsigned range', () => {
    const numbers = Array.from({ length: 2_000 }, () => systemRandom.uint32());
    for (const number of numbers) expect(Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff).toBe(true);
    expect(Math.max(...numbers)).toBeGreaterThan(0xf000_0000);
    expect(Math.min(...numbers)).toBeLessThan(0x1000_0000);
  });
});
