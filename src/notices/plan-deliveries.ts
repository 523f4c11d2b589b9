import { endOfPeriod } from './back-off.js';
import type { Notice, PlannedDelivery, Receiver } from './notice.js';

export type ReceiverWishes = Pick<Receiver, 'name' | 'events' | 'digestMinutes'>;

/**
 * Who is told when. What a receiver wants goes at once, but for the growing of an incident, which settles first; the rest into the
 * digest at the end of its period.
 * @param only names of receivers that are told at once, whatever they want: a test
 */
export function planDeliveries(
  { type }: Pick<Notice, 'type'>,
  receivers: readonly ReceiverWishes[],
  only: readonly string[] | undefined,
  { nowMs, settleMs }: { nowMs: number; settleMs: number },
): PlannedDelivery[] {
  return receivers.flatMap(({ name: receiver, events, digestMinutes }): PlannedDelivery[] => {
    if (only) return only.includes(receiver) ? [{ receiver, digest: false, dueMs: nowMs }] : [];
    if (type === 'test') return [];
    if (events.includes(type)) return [{ receiver, digest: false, dueMs: nowMs + (type === 'incident.changed' ? settleMs : 0) }];
    return digestMinutes > 0 ? [{ receiver, digest: true, dueMs: endOfPeriod(nowMs, digestMinutes) }] : [];
  });
}
