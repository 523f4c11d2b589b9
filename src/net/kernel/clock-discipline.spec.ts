import { clockDiscipline } from './clock-discipline.js';

it('reads what the kernel says of its clock, in sizes that a clock can have', () => {
  const discipline = clockDiscipline();
  // the kernel stops at 0.5 s of slewing and 16 s of error (include/linux/timex.h); a wrong layout reads far beyond
  expect(Math.abs(discipline?.offsetMs ?? NaN)).toBeLessThanOrEqual(500);
  expect(discipline?.maxErrorMs).toBeGreaterThanOrEqual(0);
  expect(discipline?.maxErrorMs).toBeLessThanOrEqual(16_000);
});
