import type { Admission } from '../../protocols/h323/ras/ras-types.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';

export type NotAdmitted = Exclude<Admission, { kind: 'admitted' }>;

/** AdmissionRejectReason of H.225.0 section 7.11.3, those that speak of whom we want to call or of a lack of room. */
const REASONS: { [Reason in string]?: Verdict } = {
  calledPartyNotRegistered: fail('not-found'),
  incompleteAddress: fail('not-found'),
  noRouteToDestination: fail('not-found'),
  unallocatedNumber: fail('not-found'),
  resourceUnavailable: fail('resource-limit'),
  exceedsCallCapacity: fail('resource-limit'),
};

/**
 * Why a gatekeeper let no call begin. One that is silent is on our way to the endpoint, and says nothing of it: neither does the
 * outcome. What it refuses at our registration or for reasons of its own is its policy.
 */
export function judgeAdmission(admission: NotAdmitted): Verdict {
  switch (admission.kind) {
    case 'no-answer':
      return inconclusive('unavailable-here');
    case 'closed':
      return inconclusive('aborted');
    case 'refused':
      return (admission.step === 'admission' ? REASONS[admission.reason] : undefined) ?? fail('gatekeeper-policy');
  }
}
