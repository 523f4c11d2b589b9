import { isoDurationMs } from './iso-duration.js';

describe(isoDurationMs.name, () => {
  it.each([
    ['PT24H', 86_400_000],
    ['P1D', 86_400_000],
    ['PT60M', 3_600_000],
    ['PT1H30M', 5_400_000],
    ['P1DT2H3M4S', 93_784_000],
    ['PT90S', 90_000],
    ['PT0S', 0],
  ])('%s', (text, ms) => expect(isoDurationMs(text)).toBe(ms));

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1M',
    'P1Y',
    'P1W',
    'T10M',
    'PT10',
    '10M',
    'PT-5M',
    'PT1.5H',
    'pt10m',
    ' PT10M',
    'PT10M\n',
    `PT${'9'.repeat(30)}S`,
  ])('refuses %j', (text) => expect(isoDurationMs(text)).toBeNull());
});
