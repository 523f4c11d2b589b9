import fc from 'fast-check';
import { covers, type MaintenanceWindow, openOccurrence } from './maintenance-window.js';

const at = (local: string): number => Date.parse(`${local}+07:00`);
const HOUR_MS = 3_600_000;
/** a Monday */
const once: MaintenanceWindow = {
  id: 'one',
  scope: 'area',
  target: 'Đoan Hùng',
  fromMs: at('2026-11-23T22:00'),
  toMs: at('2026-11-24T02:00'),
  repeat: null,
  note: 'fibre is moved',
};
const weekly = (weekdays: number[], untilMs: number | null = null): MaintenanceWindow => ({
  ...once,
  repeat: { weekdays, untilMs },
});

describe(openOccurrence.name, () => {
  it.each([
    ['before', once, '2026-11-23T21:59', null],
    ['at its first moment', once, '2026-11-23T22:00', '2026-11-23T22:00'],
    ['over midnight', once, '2026-11-24T01:59', '2026-11-23T22:00'],
    ['at its end', once, '2026-11-24T02:00', null],
    ['a week later', once, '2026-11-30T23:00', null],
    ['a week later, repeated', weekly([1]), '2026-11-30T23:00', '2026-11-30T22:00'],
    ['over midnight, repeated, though Tuesday is not named', weekly([1]), '2026-12-01T01:00', '2026-11-30T22:00'],
    // in UTC this is still Monday
    ['Tuesday 01:00 of a window that is only on Tuesdays', weekly([2]), '2026-12-01T01:00', null],
    ['on Sundays', weekly([7]), '2026-11-29T22:30', '2026-11-29T22:00'],
    ['not before its first day', weekly([7]), '2026-11-22T22:30', null],
    ['not after its last', weekly([1], at('2026-11-30T00:00')), '2026-11-30T23:00', null],
  ] as const)('%s', (_, window, now, began) => {
    expect(openOccurrence(window, at(now))?.fromMs ?? null).toBe(began && at(began));
  });

  it('is open exactly as long as it lasts, on each of its days', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 23 }), fc.integer({ min: 0, max: 60 * 24 * 60 }), (weekdays, hours, minute) => {
        const window = { ...weekly(weekdays), toMs: once.fromMs + hours * HOUR_MS };
        const nowMs = once.fromMs + minute * 60_000;
        const open = openOccurrence(window, nowMs);
        const days = Array.from({ length: 62 }, (_, day) => once.fromMs + day * 24 * HOUR_MS);
        // the weekday as the system's own calendar has it
        const expected = days.find((fromMs) => {
          const weekday = new Date(fromMs + 7 * HOUR_MS).getUTCDay() || 7;
          return weekdays.includes(weekday) && fromMs <= nowMs && nowMs < fromMs + hours * HOUR_MS;
        });
        expect(open?.fromMs).toBe(expected);
      }),
    );
  });
});

describe(covers.name, () => {
  it('compares with what its scope names and nothing else', () => {
    const endpoint = { id: '04792-1', siteCode: '04792', area: 'Đoan Hùng', carrier: 'VNPT' };
    expect(covers(once, endpoint)).toBe(true);
    expect(covers({ ...once, scope: 'carrier' }, endpoint)).toBe(false);
    expect(covers({ scope: 'site', target: '04792' }, endpoint)).toBe(true);
    expect(covers({ scope: 'endpoint', target: '04792' }, endpoint)).toBe(false);
  });
});
