import fc from 'fast-check';
import { countedBeside, type Rehearsal, Rehearsals } from './rehearsals.js';

const rehearsal = (fromMs: number, toMs: number, ...endpoints: string[]): Rehearsal => ({
  sessionId: 's',
  fromMs,
  toMs,
  endpoints,
});

describe(countedBeside.name, () => {
  it('leaves the time whole where nothing was rehearsed', () => {
    expect(countedBeside([{ fromMs: 0, toMs: 100 }], [])).toEqual([{ spans: [{ fromMs: 0, toMs: 100 }], without: [] }]);
  });

  it('counts all but the rehearsing ones while they rehearse, two at once both', () => {
    expect(countedBeside([{ fromMs: 0, toMs: 100 }], [rehearsal(10, 30, 'a', 'b'), rehearsal(20, 40, 'c', 'a')])).toEqual([
      {
        spans: [
          { fromMs: 0, toMs: 10 },
          { fromMs: 40, toMs: 100 },
        ],
        without: [],
      },
      { spans: [{ fromMs: 10, toMs: 20 }], without: ['a', 'b'] },
      { spans: [{ fromMs: 20, toMs: 30 }], without: ['a', 'b', 'c'] },
      { spans: [{ fromMs: 30, toMs: 40 }], without: ['a', 'c'] },
    ]);
  });

  it('counts each moment of each endpoint once, and none that was rehearsed', () => {
    const span = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) + 1 }));
    const given = fc.tuple(span, fc.subarray(['a', 'b', 'c'])).map(([one, ids]) => rehearsal(one.fromMs, one.toMs, ...ids));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 3 }), fc.array(given, { maxLength: 4 }), (within, rehearsals) => {
        const parts = countedBeside(within, rehearsals);
        const has = (one: { fromMs: number; toMs: number }, ms: number): boolean => one.fromMs <= ms && ms < one.toMs;
        for (let ms = 0; ms < 32; ms++) {
          for (const id of ['a', 'b', 'c']) {
            const times = parts.filter(({ without }) => !without.includes(id)).flatMap(({ spans }) => spans);
            const rehearsed = rehearsals.some((one) => has(one, ms) && one.endpoints.includes(id));
            const wanted = within.some((one) => has(one, ms)) && !rehearsed;
            expect(times.filter((one) => has(one, ms))).toHaveLength(Number(wanted));
          }
        }
      }),
    );
  });
});

describe(Rehearsals, () => {
  it('knows of none until somebody tells, and then of those that overlap', () => {
    const sut = new Rehearsals();
    expect(sut.during({ fromMs: 0, toMs: 100 })).toEqual([]);
    sut.from(() => [rehearsal(0, 10), rehearsal(10, 20), rehearsal(20, 30)]);
    expect(sut.during({ fromMs: 10, toMs: 20 })).toEqual([rehearsal(10, 20)]);
  });

  it('covers what is rehearsing at the moment, and no more', () => {
    const sut = new Rehearsals();
    expect(sut.coversAll(['a'], 5)).toBe(false);
    sut.from(() => [rehearsal(0, 10, 'a'), rehearsal(0, 10, 'b')]);
    expect(sut.coversAll(['a', 'b'], 9)).toBe(true);
    expect(sut.coversAll(['a', 'b'], 10)).toBe(false);
    expect(sut.coversAll(['a', 'c'], 5)).toBe(false);
    expect(sut.coversAll([], 5)).toBe(false);
  });
});
