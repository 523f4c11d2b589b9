import { HEALTHY, activeFaults, behaviourAt, nextChangeInMs, type TimedFault } from './behaviour.js';
import { FAULT_NAMES, faultSchema, type FaultInput } from './fault.js';

const since = (sinceMs: number, fault: FaultInput): TimedFault => ({ fault: faultSchema.parse(fault), sinceMs });

describe('behaviourAt', () => {
  test('without faults an endpoint is healthy', () => {
    expect(behaviourAt([], 0)).toEqual(HEALTHY);
  });

  test.each(FAULT_NAMES)('%s changes what the endpoint does', (name) => {
    // a union of more than 25 is not taken apart by its discriminant
    expect(behaviourAt([since(0, { fault: name } as FaultInput)], 0)).not.toEqual(HEALTHY);
  });

  test('different faults add up, of two that contradict each other the later holds', () => {
    const faults = [since(0, { fault: 'busy' }), since(0, { fault: 'silent' }), since(0, { fault: 'declined' })];
    expect(behaviourAt(faults, 0)).toEqual({ ...HEALTHY, silent: true, invite: 'decline' });
  });

  test('a fault that is not on by its schedule does nothing', () => {
    const faults = [since(1000, { fault: 'busy', schedule: { after: 2, for: 3 } })];
    expect([2999, 3000, 5999, 6000].map((atMs) => behaviourAt(faults, atMs).invite)).toEqual([
      'accept',
      'busy',
      'busy',
      'accept',
    ]);
    expect(activeFaults(faults, 4000)).toEqual(faults);
  });
});

test('the next change is the earliest of all schedules', () => {
  const faults = [
    since(0, { fault: 'busy', schedule: { after: 9 } }),
    since(1000, { fault: 'silent', schedule: { for: 4 } }),
    since(0, { fault: 'frozen' }),
  ];
  expect(nextChangeInMs(faults, 2000)).toBe(3000);
  expect(nextChangeInMs([since(0, { fault: 'frozen' })], 0)).toBeUndefined();
});
