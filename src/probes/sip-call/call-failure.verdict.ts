import type { CallFailure } from '../../protocols/sip/uac-call.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';

export interface FailureCircumstances {
  /** 18x was seen before the failure */
  rang: boolean;
  encryptionHinted: boolean;
  hasCredentials: boolean;
}

/** Why a call was not answered. What a living peer decided (busy, do not disturb, ringing) is no fault of the line. */
export function judgeCallFailure(failure: CallFailure, circumstances: FailureCircumstances): Verdict {
  switch (failure.kind) {
    case 'no-answer':
      return fail('no-answer');
    case 'hung':
      return fail('signalling-hung');
    case 'rang-out':
      return inconclusive('not-auto-answering');
    case 'auth-failed':
      return fail('auth-failed');
    case 'transport':
      return judgePathFailure(failure.failure);
    case 'status':
      return judgeStatus(failure.status, failure.reasonPhrase, circumstances);
  }
}

function judgeStatus(
  status: number,
  reasonPhrase: string,
  { rang, encryptionHinted, hasCredentials }: FailureCircumstances,
): Verdict {
  switch (status) {
    case 401:
    case 407:
      return fail(hasCredentials ? 'auth-failed' : 'auth-required');
    // forbidden, or the caller's identity or the call itself unwanted: decided by the peer, not broken (RFC 3261, 8197, 8688)
    case 403:
    case 433:
    case 603:
    case 607:
    case 608:
      return inconclusive('declined');
    // a codec that does not want to be disturbed says 480 at once; one that rang first was not picked up
    case 480:
    case 487:
      return inconclusive(rang ? 'not-auto-answering' : 'declined');
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return fail('not-found');
    // a proxy speaks for a device that did not answer it
    case 408:
    case 504:
      return fail('no-answer');
    case 486:
    case 491:
    case 600:
      return inconclusive('busy');
    case 415:
    case 488:
    case 606:
      return fail(
        encryptionHinted || /s?rtp.?savp|srtp|encrypt|secur/i.test(reasonPhrase) ? 'encryption-required' : 'codec-mismatch',
      );
    case 494:
      return fail('encryption-required');
    case 503:
      return fail('resource-limit');
    default:
      return judgeClass(status);
  }
}

function judgeClass(status: number): Verdict {
  if (status >= 300 && status < 400) return fail('redirected');
  if (status >= 500 && status < 600) return fail('server-error');
  if (status >= 600) return inconclusive('declined');
  return fail('protocol-error');
}
