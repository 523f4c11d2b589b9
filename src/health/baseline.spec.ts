import fc from 'fast-check';
import { Baseline, BASELINE_RULES, SLOT_MS, SLOTS } from './baseline.js';

const START_MS = Date.UTC(2026, 2, 2);
const slotMs = (slot: number): number => START_MS + slot * SLOT_MS;

/** A week of the given means has gone by; `now` is the beginning of the next slot. */
function after(means: readonly number[]): { sut: Baseline; nowMs: number } {
  const sut = new Baseline(BASELINE_RULES);
  means.forEach((mean, slot) => sut.learn(slotMs(slot), mean));
  return { sut, nowMs: slotMs(means.length) };
}
const week = (mean: number): number[] => Array<number>(SLOTS).fill(mean);
const hear = ({ sut, nowMs }: ReturnType<typeof after>, ...figures: number[]) =>
  figures.map((rttMs, index) => sut.hear(rttMs, nowMs + index * 1000));

describe(Baseline.name, () => {
  it('calls a line of 15 ms that shows 120 unlike itself at the third result running', () => {
    const unlike = { figure: 'rttMs', now: 120, usual: 15, limit: 65 };
    expect(hear(after(week(15)), 120, 120, 120, 15)).toEqual([null, null, unlike, null]);
  });

  it.each<[string, number[], number[]]>([
    ['far, but not three times running', week(15), [120, 120, 15, 120, 120]],
    ['some milliseconds of a quick line', week(1), [40, 40, 40, 40]],
    ['a satellite link as ever', week(600), [640, 610, 640, 649]],
    ['a line that varies by itself', week(40).map((mean, slot) => mean * (1 + (slot % 3))), [200, 250, 300, 310]],
    ['known for less than a day', [15, 15, 15, 15, 15], [120, 120, 120]],
  ])('holds nothing against %s', (_, means, figures) => {
    expect(hear(after(means), ...figures).every((one) => one === null)).toBe(true);
  });

  it('is not moved by bad hours, fewer than half of the week', () => {
    const means = week(15).map((mean, slot) => (slot % 3 === 0 ? 400 : mean));
    expect(hear(after(means), 120, 120, 120).at(-1)).toMatchObject({ usual: 15, limit: 65 });
  });

  it('takes what lasts for more than half a week as usual', () => {
    const means = week(15).map((mean, slot) => (slot < SLOTS / 2 - 1 ? mean : 120));
    expect(hear(after(means), 120, 120, 120).at(-1)).toBeNull();
  });

  it('learns from what it hears, and forgets what is older than a week', () => {
    const { sut, nowMs } = after(week(15));
    for (let slot = 0; slot < SLOTS; slot++) for (const rttMs of [190, 210]) sut.hear(rttMs, nowMs + slot * SLOT_MS);
    const laterMs = nowMs + SLOTS * SLOT_MS;
    expect([300, 300, 300].map((rttMs) => sut.hear(rttMs, laterMs)).at(-1)).toMatchObject({ usual: 200, limit: 250 });
    expect([300, 300, 300].map((rttMs) => sut.hear(rttMs, laterMs + 2 * SLOTS * SLOT_MS)).at(-1)).toBeNull();
  });

  it('keeps what it measured itself where the store tells of the same time later, in any order', () => {
    const sut = new Baseline(BASELINE_RULES);
    sut.hear(15, slotMs(SLOTS));
    for (let slot = SLOTS - 1; slot > 0; slot--) sut.learn(slotMs(slot), 15);
    sut.hear(15, slotMs(SLOTS + 1));
    sut.learn(slotMs(SLOTS), 9000);
    sut.learn(slotMs(0), 9000);
    expect(hear({ sut, nowMs: slotMs(SLOTS + 1) }, 120, 120, 120).at(-1)).toMatchObject({ usual: 15 });
  });

  it('says only what is beyond the limit, and a limit at least 50 ms above what is usual', () => {
    const ms = fc.double({ min: 0.1, max: 5000, noNaN: true });
    fc.assert(
      fc.property(fc.array(ms, { minLength: 6, maxLength: SLOTS }), fc.array(ms, { minLength: 1 }), (means, figures) => {
        for (const one of hear(after(means), ...figures)) {
          if (!one) continue;
          expect(one.now).toBeGreaterThan(one.limit);
          expect(one.limit - one.usual).toBeGreaterThanOrEqual(BASELINE_RULES.leastMs - 1e-6);
        }
      }),
    );
  });
});
