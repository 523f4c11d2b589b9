import { durationText } from './duration.js';

it.each([
  [-5_000, '0 giây'],
  [59_400, '59 giây'],
  [61_000, '1 phút'],
  [7_500_000, '2 giờ 05 phút'],
  [49 * 3_600_000, '2 ngày 1 giờ'],
])('%i ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));
