import type { Reason } from '../common/reasons.js';
import type { HealthState } from '../common/states.js';

/**
 * What an operator has to think of each reason. `unverified`: the device is alive, two-way media could not be proven, and a
 * person can settle it. `down`: as things stand this site will not take part in both directions.
 */
export const STATE_OF_REASON = {
  ok: 'ready',
  'no-answer': 'down',
  refused: 'down',
  'no-route': 'down',
  'resolve-failed': 'down',
  'signalling-hung': 'down',
  'server-error': 'down',
  'protocol-error': 'down',
  'h245-blocked': 'down',
  'peer-hung-up': 'down',
  'no-media': 'down',
  'one-way-in': 'down',
  'one-way-out': 'down',
  'audio-only': 'degraded',
  'poor-quality': 'degraded',
  silent: 'degraded',
  frozen: 'degraded',
  busy: 'in-use',
  declined: 'unverified',
  'not-auto-answering': 'unverified',
  'not-found': 'unverified',
  'auth-required': 'unverified',
  'auth-failed': 'unverified',
  'codec-mismatch': 'unverified',
  'encryption-required': 'unverified',
  redirected: 'unverified',
  'gatekeeper-policy': 'unverified',
  'resource-limit': 'unverified',
  'out-unconfirmed': 'unverified',
  'self-overloaded': 'unknown',
  'unavailable-here': 'unknown',
  'target-not-allowed': 'unknown',
  aborted: 'unknown',
} as const satisfies Record<Reason, HealthState>;
