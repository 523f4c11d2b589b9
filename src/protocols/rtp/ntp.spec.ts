import { middle32, roundTripMs, toDlsr, toNtp } from './ntp.js';

describe(toNtp.name, () => {
  it.each([
    ['the Unix epoch', 0, 2_208_988_800, 0],
    ['half a second after it', 500, 2_208_988_800, 0x8000_0000],
    ['a quarter second before 2000', 946_684_799_750, 3_155_673_599, 0xc000_0000],
    // the counter of seconds wraps then (RFC 3550 section 4)
    ['7 February 2036, 06:28:16', Date.UTC(2036, 1, 7, 6, 28, 16), 0, 0],
  ])('%s', (_title, unixMs, seconds, fraction) => {
    expect(toNtp(unixMs)).toEqual({ seconds, fraction });
  });

  it('keeps the middle 32 bits', () => {
    expect(middle32({ seconds: 0xb44d_b705, fraction: 0x2000_0000 })).toBe(0xb705_2000);
    expect(middle32({ seconds: 0x1_8000, fraction: 0xffff_ffff })).toBe(0x8000_ffff);
  });
});

describe(roundTripMs.name, () => {
  it('gives the example of RFC 3550 figure 2', () => {
    // A = b710:8000 (46864.500 s), DLSR = 0005:4000 (5.250 s), LSR = b705:2000 (46853.125 s): 6.125 s
    expect(roundTripMs(0xb710_8000, 0xb705_2000, 0x0005_4000)).toBe(6125);
  });

  it('goes on through the wrap of the 16 bits of seconds', () => {
    expect(roundTripMs(0x0000_4000, 0xffff_c000, 0x4000)).toBe(250);
  });

  it('knows nothing before the peer has seen a sender report', () => {
    expect(roundTripMs(0xb710_8000, 0, 0)).toBeUndefined();
  });

  it('takes a delay that is too long by one tick of milliseconds for no time at all', () => {
    expect(roundTripMs(0x0001_0000, 0x8000, 0x8000 + 66)).toBe(0);
  });

  it.each([
    ['a delay longer than the time since', 0x0001_0000, 1, 0x0002_0000],
    ['a delay too long by more than a tick', 0x0001_0000, 0x8000, 0x8000 + 67],
    ['a round trip over a minute', 0x003d_0001, 1, 0],
  ])('does not believe %s', (_title, now, lsr, dlsr) => {
    expect(roundTripMs(now, lsr, dlsr)).toBeUndefined();
  });
});

describe(toDlsr.name, () => {
  it.each([
    [0, 0],
    [1000, 65_536],
    [5250, 0x0005_4000],
    [-1, 0],
    [1e12, 0xffff_ffff],
  ])('%i ms is %i', (delayMs, units) => {
    expect(toDlsr(delayMs)).toBe(units);
  });
});
