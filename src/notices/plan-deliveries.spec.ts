import { describe, expect, it } from '@jest/globals';
import type { NoticeType } from '../common/notice-types.js';
import { backOffMs, endOfPeriod } from './back-off.js';
import { planDeliveries } from './plan-deliveries.js';

const NOW = Date.parse('2026-11-22T01:12:00Z');
const CLOCK = { nowMs: NOW, settleMs: 30_000 };
const noc = { name: 'noc', events: ['incident.opened', 'incident.changed'] as NoticeType[], digestMinutes: 0 };
const duty = { name: 'duty', events: ['incident.opened'] as NoticeType[], digestMinutes: 60 };

describe(planDeliveries, () => {
  const plan = (type: NoticeType | 'test', only?: string[]) => planDeliveries({ type }, [noc, duty], only, CLOCK);

  it('sends at once what a receiver wants', () => {
    expect(plan('incident.opened')).toEqual([
      { receiver: 'noc', digest: false, dueMs: NOW },
      { receiver: 'duty', digest: false, dueMs: NOW },
    ]);
  });

  it('lets the growing of an incident settle, and leaves the rest to the digest of whoever has one', () => {
    expect(plan('incident.changed')).toEqual([
      { receiver: 'noc', digest: false, dueMs: NOW + 30_000 },
      { receiver: 'duty', digest: true, dueMs: Date.parse('2026-11-22T02:00:00Z') },
    ]);
    expect(plan('session.ready')).toEqual([{ receiver: 'duty', digest: true, dueMs: Date.parse('2026-11-22T02:00:00Z') }]);
  });

  it('sends a test to whom it is meant for, whatever they want', () => {
    expect(plan('test', ['duty'])).toEqual([{ receiver: 'duty', digest: false, dueMs: NOW }]);
    expect(plan('test')).toEqual([]);
  });
});

describe(endOfPeriod, () => {
  it.each([
    [60, '2026-11-22T02:00:00Z'],
    [15, '2026-11-22T01:15:00Z'],
    // midnight in Asia/Ho_Chi_Minh
    [1440, '2026-11-22T17:00:00Z'],
  ])('of %i minutes is %s', (minutes, end) => expect(endOfPeriod(NOW, minutes)).toBe(Date.parse(end)));

  it('is later than a moment at which a period ends', () => {
    expect(endOfPeriod(Date.parse('2026-11-22T02:00:00Z'), 60)).toBe(Date.parse('2026-11-22T03:00:00Z'));
  });
});

describe(backOffMs, () => {
  it('doubles up to its cap', () => {
    const settings = { minMs: 5_000, maxMs: 300_000 };
    expect([1, 2, 3, 6, 7, 8, 5_000].map((failures) => backOffMs(failures, settings))).toEqual([
      5_000, 10_000, 20_000, 160_000, 300_000, 300_000, 300_000,
    ]);
  });
});
