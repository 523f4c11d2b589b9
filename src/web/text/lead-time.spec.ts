import { leadTime, minutesBefore } from './lead-time.js';

it.each([
  ['PT30M', 30, '30 phút'],
  ['PT60M', 60, '60 phút'],
  ['PT24H', 1440, '24 giờ'],
  ['P2D', 2880, '48 giờ'],
  ['PT1H30M', 90, '90 phút'],
  ['PT45S', 0.75, 'PT45S'],
  ['soon', null, 'soon'],
])('%s is %s minutes: %s', (checkpoint, minutes, words) => {
  expect(minutesBefore(checkpoint)).toBe(minutes);
  expect(leadTime(checkpoint)).toBe(words);
});
