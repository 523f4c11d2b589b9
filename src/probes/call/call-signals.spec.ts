import { judgeDecoded, type Judgement } from './call-signals.js';

const FLOWING: Judgement = { state: 'flowing' };
const TINY: Judgement = { state: 'poor', why: 'frozen', note: 'the picture does not change' };

describe(judgeDecoded.name, () => {
  it.each<[string, Judgement, { mean: number; sd: number; diff?: number }, Judgement]>([
    ['a living picture', FLOWING, { mean: 110, sd: 63, diff: 5.55 }, FLOWING],
    ['one picture alone, which cannot show whether it moves', FLOWING, { mean: 110, sd: 63 }, FLOWING],
    [
      'a room in which nothing moves',
      FLOWING,
      { mean: 110, sd: 40, diff: 0.12 },
      { state: 'flowing', note: 'the picture may be frozen' },
    ],
    ['a wall evenly lit, which is not black', FLOWING, { mean: 120, sd: 1 }, FLOWING],
    ['the dark with a lamp in it', FLOWING, { mean: 12, sd: 9 }, FLOWING],
    ['what the sizes called frozen, alive after all or not', TINY, { mean: 110, sd: 63, diff: 0.1 }, TINY],
  ])('judges %s', (_what, before, picture, expected) => expect(judgeDecoded(before, picture)).toEqual(expected));

  it('calls a black picture what it is, whatever the sizes said', () => {
    for (const before of [FLOWING, TINY])
      expect(judgeDecoded(before, { mean: 0.9, sd: 0.3, diff: 0 })).toMatchObject({
        state: 'poor',
        why: 'frozen',
        note: expect.stringContaining('black') as string,
      });
  });

  it('has nothing to add to a direction in which nothing came', () => {
    expect(judgeDecoded({ state: 'absent' }, { mean: 0, sd: 0 })).toEqual({ state: 'absent' });
  });
});
