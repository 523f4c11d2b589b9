import { RecentSet } from './recent-set.js';

describe(RecentSet.name, () => {
  it('knows a key again until as many newer ones as it holds have come', () => {
    const sut = new RecentSet(2);
    expect([sut.add('a'), sut.add('a'), sut.add('b'), sut.add('c')]).toEqual([true, false, true, true]);
    expect([sut.add('b'), sut.add('a')]).toEqual([false, true]);
  });
});
