import { HOLD_MS, VerdictWatch } from './verdict-watch.js';

describe(VerdictWatch.name, () => {
  it('tells what a checkpoint found at once, and each verdict once', () => {
    const sut = new VerdictWatch();
    expect(sut.saw('s', 'AT_RISK', 0, true)).toEqual({ was: null });
    expect(sut.saw('s', 'AT_RISK', 1, true)).toBeNull();
    expect(sut.saw('s', 'GO', 2, true)).toEqual({ was: 'AT_RISK' });
    expect(sut.told('s')).toBe('GO');
  });

  it('waits between checkpoints until a verdict has held', () => {
    const sut = new VerdictWatch();
    sut.saw('s', 'GO', 0, true);
    expect(sut.saw('s', 'NO_GO', 1_000, false)).toBeNull();
    expect(sut.saw('s', 'GO', 30_000, false)).toBeNull();
    // it begins anew
    expect(sut.saw('s', 'NO_GO', 40_000, false)).toBeNull();
    expect(sut.saw('s', 'NO_GO', 39_999 + HOLD_MS, false)).toBeNull();
    expect(sut.saw('s', 'NO_GO', 40_000 + HOLD_MS, false)).toEqual({ was: 'GO' });
  });

  it('tells nothing twice after a restart', () => {
    const sut = new VerdictWatch();
    sut.restore(new Map([['s', 'NO_GO']]));
    expect(sut.saw('s', 'NO_GO', 0, true)).toBeNull();
    expect(sut.saw('s', 'GO', 1, true)).toEqual({ was: 'NO_GO' });
  });
});
