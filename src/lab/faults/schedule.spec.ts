import { isActive, nextChangeInS, scheduleSchema } from './schedule.js';

const schedule = (input: object) => scheduleSchema.parse(input);

describe('isActive', () => {
  test.each([
    [
      'no schedule',
      undefined,
      [
        [0, true],
        [1e6, true],
      ],
    ],
    [
      'after',
      schedule({ after: 10 }),
      [
        [9.9, false],
        [10, true],
        [1e6, true],
      ],
    ],
    [
      'for',
      schedule({ for: 5 }),
      [
        [0, true],
        [4.9, true],
        [5, false],
        [100, false],
      ],
    ],
    [
      'after and for',
      schedule({ after: 10, for: 5 }),
      [
        [9, false],
        [10, true],
        [15, false],
      ],
    ],
    [
      'every',
      schedule({ after: 10, for: 5, every: 20 }),
      [
        [9, false],
        [12, true],
        [16, false],
        [30, true],
        [35, false],
        [70, true],
      ],
    ],
  ] as const)('%s', (_name, given, expected) => {
    expect(expected.map(([atS]) => [atS, isActive(given, atS)])).toEqual(expected);
  });
});

describe('nextChangeInS', () => {
  test.each([
    ['nothing will ever change', undefined, 5, undefined],
    ['before the first window', schedule({ after: 10 }), 4, 6],
    ['an open end', schedule({ after: 10 }), 11, undefined],
    ['within the only window', schedule({ for: 5 }), 2, 3],
    ['past the only window', schedule({ for: 5 }), 6, undefined],
    ['within a repeated window', schedule({ for: 5, every: 20 }), 42, 3],
    ['between repeated windows', schedule({ for: 5, every: 20 }), 50, 10],
  ] as const)('%s', (_name, given, atS, expected) => {
    expect(nextChangeInS(given, atS)).toBe(expected);
  });

  test('a change it foretells is one', () => {
    const given = schedule({ after: 3, for: 4, every: 11 });
    for (let atS = 0; atS < 60;) {
      const changeS = atS + (nextChangeInS(given, atS) as number);
      expect(isActive(given, changeS)).toBe(!isActive(given, atS));
      atS = changeS;
    }
  });
});

test.each([
  [{ every: 20 }, 'needs `for`: how long the fault holds in each period'],
  [{ for: 20, every: 20 }, 'must be longer than `for`, else the fault never goes away'],
])('refuses %j', (input, message) => {
  expect(scheduleSchema.safeParse(input).error?.issues).toEqual([expect.objectContaining({ path: ['every'], message })]);
});
