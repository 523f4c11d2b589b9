import { MessageAllowance } from './message-allowance.js';

describe(MessageAllowance.name, () => {
  const RATE = { burst: 3, perSecond: 2 };

  it('lets a burst through and then what the rate allows', () => {
    const sut = new MessageAllowance(RATE, 0);
    expect([0, 0, 0, 0].map((nowMs) => sut.take(nowMs))).toEqual([true, true, true, false]);
    expect(sut.take(499)).toBe(false);
    expect(sut.take(500)).toBe(true);
    expect(sut.take(500)).toBe(false);
  });

  it('saves up no more than a burst', () => {
    const sut = new MessageAllowance(RATE, 0);
    expect([3_600_000, 3_600_000, 3_600_000, 3_600_000].map((nowMs) => sut.take(nowMs))).toEqual([true, true, true, false]);
  });
});
