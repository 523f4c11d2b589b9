/** Why a probe ended as it did: the closed list of the public contract. Adding one needs a CHANGELOG line. */
export const REASONS = [
  'ok',
  // network
  'no-answer',
  'refused',
  'no-route',
  'resolve-failed',
  // signalling
  'signalling-hung',
  'busy',
  'declined',
  'not-auto-answering',
  'not-found',
  'auth-required',
  'auth-failed',
  'codec-mismatch',
  'encryption-required',
  'redirected',
  'gatekeeper-policy',
  'resource-limit',
  'server-error',
  'protocol-error',
  'h245-blocked',
  'peer-hung-up',
  // media
  'no-media',
  'one-way-in',
  'one-way-out',
  'audio-only',
  'poor-quality',
  'silent',
  'frozen',
  // ours
  'self-overloaded',
  'unavailable-here',
  'target-not-allowed',
  'aborted',
  'out-unconfirmed',
] as const;

export type Reason = (typeof REASONS)[number];
