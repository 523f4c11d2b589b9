import type { Reason } from '../common/reasons.js';
import type { HealthState } from '../common/states.js';

/** Who puts it right. `phone`: the contact at the site, told what to press. `us`: a test again, or a setting of ours. */
export const REPAIRERS = ['us', 'phone', 'network', 'carrier', 'nobody'] as const;
export interface Repair {
  by: (typeof REPAIRERS)[number];
  /** how long it usually takes; null: it cannot be said */
  minutes: number | null;
}

const us = (minutes: number): Repair => ({ by: 'us', minutes });
const phone = (minutes: number): Repair => ({ by: 'phone', minutes });
const network = (minutes: number): Repair => ({ by: 'network', minutes });

/**
 * How long a repair takes is an estimate of ours, good enough to say what comes first: a button (2 to 3 minutes), a restart (5), a
 * setting of ours (5 to 10), a setting of the device told over the phone (15), a firewall or a line (30 and more).
 */
const REPAIR_OF_REASON: Record<Exclude<Reason, 'ok'>, Repair> = {
  declined: phone(2),
  'not-auto-answering': phone(3),
  silent: phone(3),
  frozen: phone(5),
  'audio-only': phone(5),
  'out-unconfirmed': phone(2),
  busy: phone(5),
  'signalling-hung': phone(5),
  'peer-hung-up': phone(5),
  'server-error': phone(5),
  'resource-limit': phone(5),
  refused: phone(5),
  'protocol-error': phone(10),
  // a device that is switched off, in most cases; when the phone says that it is on, it is the line
  'no-answer': phone(10),
  'no-media': network(20),
  'one-way-in': network(20),
  'one-way-out': network(20),
  'codec-mismatch': phone(15),
  'encryption-required': phone(15),
  'poor-quality': network(30),
  'h245-blocked': network(30),
  'no-route': network(60),
  'not-found': us(5),
  'resolve-failed': us(5),
  redirected: us(10),
  'auth-required': us(5),
  'auth-failed': us(5),
  'target-not-allowed': us(5),
  'gatekeeper-policy': us(10),
  'unavailable-here': us(30),
  'self-overloaded': us(1),
  aborted: us(1),
};
const TEST_AGAIN = us(1);
/** The line of many is down: no phone call to a site helps. */
const LINE_OF_MANY: Repair = { by: 'carrier', minutes: 120 };
const PLANNED: Repair = { by: 'nobody', minutes: null };

export function repairOf(state: HealthState, reason: Reason | null, inGroupIncident: boolean): Repair {
  if (state === 'maintenance') return PLANNED;
  if (inGroupIncident) return LINE_OF_MANY;
  return reason === null || reason === 'ok' ? TEST_AGAIN : REPAIR_OF_REASON[reason];
}
