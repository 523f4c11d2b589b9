import type { CallFacts } from './sip-call.facts.js';

/**
 * 415, 488 and 606 say that the session as we described it is not acceptable (RFC 3261 sections 21.4.13, 21.4.26, 21.6.4).
 * baresip with SRTP as a must answers 488 without a word of why: only a second call can tell encryption from codecs.
 */
const NOT_ACCEPTABLE: readonly number[] = [415, 488, 606];

/** The peer would not talk on the terms of our offer: it refused the call for them, or answered it without any medium. */
export function offerRefused({ failure, setupMs, agreed, aborted }: CallFacts): boolean {
  if (aborted) return false;
  if (setupMs === undefined) return failure?.kind === 'status' && NOT_ACCEPTABLE.includes(failure.status);
  return agreed !== undefined && !agreed.audio && !agreed.video;
}

/**
 * Which of the two calls to judge, plain first and SRTP after it. Where both were refused the first says more, since SRTP was
 * an offer nobody need know, and so it does where the second was left without an answer; what the second said of encryption
 * counts all the same.
 */
export function tellingFacts(plain: CallFacts, srtp: CallFacts): CallFacts {
  const silent = srtp.failure?.kind === 'no-answer' || srtp.failure?.kind === 'transport';
  if (!offerRefused(srtp) && !silent) return srtp;
  return { ...plain, encryptionHinted: plain.encryptionHinted || srtp.encryptionHinted };
}
