import { fromLocalInput, toLocalInput } from './local-time.js';

it('is that of Hà Nội whatever the zone of the computer, there and back', () => {
  expect(toLocalInput(Date.parse('2026-11-22T17:30:00Z'))).toBe('2026-11-23T00:30');
  expect(fromLocalInput('2026-11-23T00:30')).toBe('2026-11-22T17:30:00.000Z');
});
it.each(['', 'x', '2026-13-01T00:00'])('"%s" is no moment', (text) => expect(fromLocalInput(text)).toBeNull());
