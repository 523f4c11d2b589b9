import type { H323Facts, H323Failure } from '../../protocols/h323/call-types.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';

type Seen = Pick<H323Facts, 'alerted' | 'cause' | 'encryption'>;

/** Why there was no call, or one without media. What a living peer decided (engaged, ringing) is no fault of the line. */
export function judgeH323Failure(failure: H323Failure, seen: Seen): Verdict {
  switch (failure.kind) {
    case 'released':
      return judgeRelease(failure, seen);
    case 'hung':
    case 'h245-hung':
      return fail('signalling-hung');
    case 'rang-out':
      return inconclusive('not-auto-answering');
    case 'forwarded':
      // one stack names where else to call, and says in its next message that it is engaged
      if (seen.cause === USER_BUSY) return inconclusive('busy');
      return fail(failure.reason === 'routeCallToGatekeeper' ? 'gatekeeper-policy' : 'redirected');
    case 'h245-blocked':
      return fail('h245-blocked');
    case 'no-common-codec':
      return fail(seen.encryption ? 'encryption-required' : 'codec-mismatch');
    case 'transport':
      return judgePathFailure(failure.failure);
    case 'protocol':
      return fail('protocol-error');
  }
}

const USER_BUSY = 17;

/** Q.850 causes of RELEASE COMPLETE that say something by themselves. 16, 31 and 127 are its words for "ended". */
const CAUSES: { [Cause in number]?: Verdict } = {
  1: fail('not-found'),
  3: fail('no-answer'),
  18: fail('no-answer'),
  19: inconclusive('not-auto-answering'),
  20: fail('no-answer'),
  21: inconclusive('declined'),
  27: fail('no-answer'),
  28: fail('not-found'),
  34: fail('resource-limit'),
  38: fail('server-error'),
  41: fail('resource-limit'),
  42: fail('resource-limit'),
  47: fail('resource-limit'),
  65: fail('codec-mismatch'),
  79: fail('codec-mismatch'),
  88: fail('codec-mismatch'),
  102: fail('no-answer'),
};

/** ReleaseCompleteReason of H.225.0 section 7.3.6. */
const REASONS: { [Reason in string]?: Verdict } = {
  noBandwidth: fail('resource-limit'),
  gatewayResources: fail('resource-limit'),
  gatekeeperResources: fail('gatekeeper-policy'),
  unreachableGatekeeper: fail('gatekeeper-policy'),
  calledPartyNotRegistered: fail('gatekeeper-policy'),
  callerNotRegistered: fail('gatekeeper-policy'),
  noPermission: fail('gatekeeper-policy'),
  unreachableDestination: fail('no-answer'),
  destinationRejection: inconclusive('declined'),
  badFormatAddress: fail('not-found'),
  facilityCallDeflection: fail('redirected'),
  replaceWithConferenceInvite: fail('redirected'),
  neededFeatureNotSupported: fail('codec-mismatch'),
  securityDenied: fail('encryption-required'),
  securityError: fail('encryption-required'),
  invalidRevision: fail('protocol-error'),
  newConnectionNeeded: fail('protocol-error'),
  tunnelledSignallingRejected: fail('protocol-error'),
  invalidCID: fail('protocol-error'),
  hopCountExceeded: fail('no-answer'),
};
const BUSY_REASONS: ReadonlySet<string | undefined> = new Set(['inConf', 'adaptiveBusy']);

/**
 * Both figures of a release are looked at, since stacks send either, both, or none. Engaged comes first: Asterisk says inConf
 * beside the cause 34 of a full bridge, and either wants to be left alone for a while. The reason is next, being H.323's own
 * word, where it is one; gateways put `undefinedReason` beside a cause that says it.
 */
function judgeRelease({ cause, reason }: { cause?: number; reason?: string }, seen: Seen): Verdict {
  if (cause === USER_BUSY || BUSY_REASONS.has(reason)) return inconclusive('busy');
  const byReason = reason === undefined ? undefined : REASONS[reason];
  const known = byReason ?? (cause === undefined ? undefined : CAUSES[cause]);
  if (known) return known;
  if (seen.encryption) return fail('encryption-required');
  // it ended the call without saying why: one that rang first was not picked up
  return inconclusive(seen.alerted ? 'not-auto-answering' : 'declined');
}
